"""What became of a unit and of a verdict between two looks at a site, and how many were left term by term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from camaudit.model.identified import Device
from camaudit.model.judged import Waiver


class What(StrEnum):
    """What became of a device. Who only did not answer is not gone: silence proves nothing."""

    NEW = "new"
    BACK = "back"
    GONE = "gone"
    SILENT = "silent"
    NOT_ASKED = "not_asked"
    REPLACED = "replaced"
    MOVED = "moved"
    REBADGED = "rebadged"
    FIRMWARE = "firmware"
    CHANGED = "changed"
    SAME = "same"


UNSEEN = frozenset({What.SILENT, What.NOT_ASKED})
"""Of these nothing is known: neither that they are there nor that they are not."""


class By(StrEnum):
    """By what a device was known again, the surest first."""

    SERIAL = "serial"
    MAC = "mac"
    UUID = "uuid"
    CHANNEL = "channel"
    PLACE = "place"
    ADDRESS = "address"


class Why(StrEnum):
    """What a changed verdict is put down to."""

    DEVICE = "device"
    SIGNATURES = "signatures"
    RULES = "rules"
    OWNERS = "owners"
    LAW_DATE = "law_date"
    DAY = "day"
    SITE = "site"
    WAIVER = "waiver"
    PROGRAM = "program"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FactChange:
    """One thing that a device said, or a site file states, before and after; empty where it was not known."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One device and what became of it; ``before`` and ``after`` are two units where it was replaced.

    ``whereabouts`` says of one that was not seen what its address did: ``silent``, ``refused``, ``other``,
    ``unlisted`` (its recorder lists it no longer) or ``not_asked``. ``last_seen`` is the day on which one that is
    back was seen last, in a run before the two that are compared.
    """

    what: tuple[What, ...]
    before: Device | None
    after: Device | None
    by: By | None = None
    facts: tuple[FactChange, ...] = ()
    whereabouts: str = ""
    apart: tuple[str, ...] = ()
    """By what a unit that replaced another differs: ``serial``, ``mac``, ``uuid``, ``maker``, ``model``."""
    last_seen: date | None = None

    @property
    def unseen(self) -> bool:
        """Say whether the later look tells nothing of it."""
        return not UNSEEN.isdisjoint(self.what)


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a changed verdict, with what shows it."""

    why: Why
    facts: tuple[FactChange, ...] = ()
    names: tuple[str, ...] = ()
    day: date | None = None
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A rule that speaks otherwise of a device; a state is a verdict or ``advice``, empty where there is none.

    ``together``: only all causes at once change the verdict, else each would alone. ``open_before`` is the last
    day on which an earlier run already had it open, where it was closed in between.
    """

    unit: UnitChange
    policy: str
    rule: str
    title: str
    before: str
    after: str
    waived_before: bool
    waived_after: bool
    causes: tuple[Cause, ...]
    together: bool = False
    open_before: date | None = None


@dataclass(frozen=True, slots=True)
class TermCount:
    """One site in one term, by the run that stands for it; ``run`` is empty where there was none.

    ``left`` counts units that were seen to break a rule (``waived`` of them accepted), ``unseen`` those that broke
    one when they were last seen and that nobody has seen since. Their sum is that of the term before, less
    ``closed`` and ``doubtful`` (a question again), plus ``opened`` (``opened_new``: by units not met before).
    """

    term: str
    first: date
    last: date
    run: str = ""
    day: date | None = None
    complete: bool = False
    addresses: int = 0
    answered: int = 0
    video: int = 0
    left: int = 0
    unseen: int = 0
    waived: int = 0
    reviews: int = 0
    closed: int = 0
    doubtful: int = 0
    opened: int = 0
    opened_new: int = 0


@dataclass(frozen=True, slots=True)
class Trend:
    """The terms of a site in their order, the first with a run first."""

    site: str
    terms: tuple[TermCount, ...]
