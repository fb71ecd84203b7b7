"""The form of a policy pack: what its YAML file holds, and the pack and rule that come of it.

In goes what ``yamlio`` read, out come ``Pack`` and ``Rule`` with their conditions as objects.
``policies/README.md`` explains the form to the people who write packs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from camaudit.model import Certainty, Kind, Severity, Verdict
from camaudit.policy.conditions import Condition
from camaudit.policy.makers import MakerSet
from camaudit.policy.register import Instrument
from camaudit.yamlio import STRICT


class Effect(StrEnum):
    """What a rule can come to: a violation at most, a question or a piece of advice at most, or an explanation."""

    RESTRICTS = "restricts"
    ASKS = "asks"
    ADVISES = "advises"
    INFORMS = "informs"


@dataclass(frozen=True, slots=True)
class MakerSetForm:
    """A set of makers that rules of the pack name, and the instruments that name them."""

    __pydantic_config__ = STRICT
    members: tuple[str, ...]
    cites: tuple[str, ...]
    disputed: tuple[str, ...] = ()
    with_subsidiaries: bool | Literal["disputed"] = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a violation has to be put right: on a day, or so many days after the unit was first seen."""

    __pydantic_config__ = STRICT
    fixed: date | None = None
    days_after_first_seen: int | None = None

    def due(self, first_seen: date | None, today: date) -> date | None:
        """Return the day; a unit that was never seen before counts from today."""
        if self.fixed is not None:
            return self.fixed
        if self.days_after_first_seen is None:
            return None
        return (first_seen or today) + timedelta(days=self.days_after_first_seen)


@dataclass(frozen=True, slots=True)
class Reasons:
    """What a finding says, by verdict. ``{device}``, ``{maker}``, ``{brand}`` and ``{site}`` are filled in.

    ``review`` is said where only a fact of the site is missing, ``uncertain`` is added where the maker is.
    """

    __pydantic_config__ = STRICT
    violation: str = ""
    review: str = ""
    uncertain: str = ""
    compliant: str = ""
    not_applicable: str = ""


@dataclass(frozen=True, slots=True)
class ExampleSite:
    """The site of an example."""

    __pydantic_config__ = STRICT
    jurisdiction: str = ""
    kind: str = ""
    facts: dict[str, bool] = field(default_factory=dict)
    core_networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleExample:
    """A unit at a site and the verdict it must get; ``asks`` is a text that the question must hold."""

    __pydantic_config__ = STRICT
    name: str
    expect: Verdict | Literal["no_finding"]
    site: ExampleSite = ExampleSite()
    maker: str | None = None
    certainty: Certainty = Certainty.CONFIRMED
    possible: tuple[str, ...] = ()
    kind: Kind = Kind.CAMERA
    address: str = "192.0.2.10"
    activated: bool | None = None
    access_terminal: bool = False
    cloud: Literal["enabled", "disabled", "unknown"] = "unknown"
    exposed: tuple[str, ...] = ()
    analytics: tuple[str, ...] = ()
    weakness: Literal["", "affected", "known_exploited"] = ""
    firmware_date: date | None = None
    today: date = date(2026, 11, 22)
    asks: str = ""


@dataclass(frozen=True, slots=True)
class RuleForm:
    """One rule as the file gives it.

    ``asks_site``: a rule that asks also asks for what is not known of the site. ``serves`` maps an instrument to
    the site condition under which it is cited too: what is law in one place is advice in another. ``yields_to``
    names the rules (``pack/rule``) that say the same with more weight: where one of them has an open finding,
    this one keeps silent, so that nobody reads of one fact twice. ``todo`` and ``when`` say in words what is to
    be done about a violation and by when, where a remedy and a day do not say it all.
    """

    __pydantic_config__ = STRICT
    id: str
    title: str
    severity: Severity
    violated_when: dict[str, object]
    cites: tuple[str, ...]
    reason: Reasons
    examples: tuple[RuleExample, ...]
    effect: Effect = Effect.RESTRICTS
    minimum_certainty: Literal[Certainty.PROBABLE, Certainty.CONFIRMED] = Certainty.PROBABLE
    remedy: Literal["replace", "isolate", "patch", "configure", "investigate", "attest", "none"] = "none"
    waivable: bool = True
    question: str = ""
    questions: dict[str, str] = field(default_factory=dict)
    asks_site: bool = False
    serves: dict[str, dict[str, object]] = field(default_factory=dict)
    yields_to: tuple[str, ...] = ()
    todo: str = ""
    when: str = ""
    deadline: Deadline | None = None
    effective: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class PackForm:
    """One file of ``policies/<jurisdiction>`` or of the operator's own folder.

    ``optional``: used only where the operator names the pack.
    """

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/policy@1"]
    id: str
    title: str
    jurisdiction: str
    version: str
    status: Literal["in_force", "guidance", "internal"]
    about: str
    applies_to: dict[str, object]
    rules: tuple[RuleForm, ...]
    makers: dict[str, MakerSetForm] = field(default_factory=dict)
    own_instruments: tuple[Instrument, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, its condition parsed; for an informing rule the condition says when to speak."""

    form: RuleForm
    violated_when: Condition
    line: int
    asks_maker: bool
    serves: Mapping[str, Condition] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Return the id, unique in its pack."""
        return self.form.id


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules that one jurisdiction, or one owner, has for one kind of organisation."""

    id: str
    title: str
    jurisdiction: str
    status: str
    about: str
    version: str
    applies_to: Condition
    makers: Mapping[str, MakerSet]
    rules: tuple[Rule, ...]
    file: str
    optional: bool = False
