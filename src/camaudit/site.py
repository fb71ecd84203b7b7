"""The site file: what the operator says of the place where the cameras hang.

In goes ``site.yaml`` (schema ``camaudit/site@1``), out comes a ``Site``, or every problem with its line; and the
other way round for ``camaudit init``. A fact that is left out is unknown, never false.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path as FilePath
from typing import Literal

from camaudit.errors import DataFileError
from camaudit.model import Attestation, Site
from camaudit.planning import listed, planning, planning_lines, planning_problems, quoted
from camaudit.policy.facts import FACTS, SITE_KINDS, SiteFact
from camaudit.policy.places import lies_in
from camaudit.prices import PricesForm
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, Path, lines_of, load

__all__ = ["FACTS", "SITE_KINDS", "SiteFile", "is_jurisdiction", "load_site", "questions_for", "write_site"]

_Planning = tuple[PricesForm | None, str, dict[str, int | date], dict[str, str], tuple[str, ...], dict[str, str]]
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


@dataclass(frozen=True, slots=True)
class AttestationForm:
    """A supplier's letter, as the site file records it; makers are ids of ``signatures/entities.yaml``."""

    __pydantic_config__ = STRICT
    targets: tuple[str, ...]
    not_made_by: tuple[str, ...]
    given_by: str
    dated: date
    reference: str = ""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """The form of the site file; ``examples/school/site.yaml`` shows it."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/site@1"]
    name: str
    jurisdiction: str = ""
    kind: str = ""
    facts: dict[str, bool] = field(default_factory=dict)
    scope: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    core_networks: tuple[str, ...] = ()
    attestations: tuple[AttestationForm, ...] = ()
    prices: PricesForm | None = None
    prices_file: str = ""
    deadlines: dict[str, int | date] = field(default_factory=dict)
    responsible: dict[str, str] = field(default_factory=dict)
    recorders: tuple[str, ...] = ()
    locations: dict[str, str] = field(default_factory=dict)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)


def load_site(file: Traversable) -> Site:
    """Read a site file and the price table it names; raise ``DataFileError`` with every problem at its line."""
    form = load(file, SiteFile)
    lines = lines_of(file)
    problems = []
    for where, problem in _problems(form):
        path = where if where in lines else where[:1]
        problems.append(f"{shown_path(file)}:{lines.get(path, 1)}: {'.'.join(map(str, where))}: {problem}")
    if problems:
        raise DataFileError(tuple(problems))
    return Site(
        name=form.name,
        jurisdiction=form.jurisdiction,
        kind=form.kind,
        facts=form.facts,
        scope=form.scope,
        exclude=form.exclude,
        policies=form.policies,
        core_networks=form.core_networks,
        attestations=tuple(
            Attestation(each.targets, each.not_made_by, each.given_by, each.dated, each.reference)
            for each in form.attestations
        ),
        groups=form.groups,
        planning=planning(file, *_of_planning(form)),
    )


def companions(file: FilePath) -> dict[str, FilePath]:
    """Return the files that a site file names, by the name they have beside it."""
    name = load(file, SiteFile).prices_file
    return {name: file.parent / name} if name else {}


def _of_planning(form: SiteFile) -> _Planning:
    return (
        form.prices,
        form.prices_file,
        form.deadlines,
        form.responsible,
        form.recorders,
        form.locations,
    )


def is_jurisdiction(text: str) -> bool:
    """Say whether a text has the form of a jurisdiction: an ISO country code, with or without its part."""
    return _JURISDICTION.fullmatch(text) is not None and text[:2] != "UK"


def questions_for(site: Site) -> tuple[SiteFact, ...]:
    """Return the facts that may still matter for a site of this country and kind, in the order to ask them."""
    return tuple(fact for fact in FACTS.values() if fact.name not in site.facts and _matters(fact, site))


def _matters(fact: SiteFact, site: Site) -> bool:
    # A fact of one state is not asked of a site that names only its country.
    elsewhere = bool(fact.jurisdiction and site.jurisdiction and not lies_in(site.jurisdiction, fact.jurisdiction))
    another_kind = bool(fact.kinds and site.kind and site.kind not in fact.kinds)
    return not elsewhere and not another_kind and site.facts.get(fact.needs) is not False


def _problems(form: SiteFile) -> Iterator[tuple[Path, str]]:
    if not form.name.strip():
        yield ("name",), "must not be empty"
    if form.jurisdiction and not is_jurisdiction(form.jurisdiction):
        hint = "write GB" if form.jurisdiction.upper().startswith("UK") else "write US, GB-ENG or the like"
        yield ("jurisdiction",), f"{form.jurisdiction!r} is not a jurisdiction; {hint}"
    if form.kind and form.kind not in SITE_KINDS:
        yield ("kind",), f"{form.kind!r} is no kind of site; {_hint(form.kind, tuple(SITE_KINDS))}"
    for name, value in form.facts.items():
        problem = _problem_of_fact(name, value, form.kind)
        if problem:
            yield ("facts", name), problem
    for index, network in enumerate(form.core_networks):
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            yield ("core_networks", index), f"{network!r} is not an address range; write 192.0.2.0/24 or the like"
    for index, letter in enumerate(form.attestations):
        parts = {"targets": letter.targets, "not_made_by": letter.not_made_by, "given_by": (letter.given_by,)}
        for key, texts in parts.items():
            if not texts or not all(text.strip() for text in texts):
                yield ("attestations", index, key), "must not be empty"
    yield from planning_problems(*_of_planning(form))
    for group, targets in form.groups.items():
        if not group.strip() or not targets or not all(target.strip() for target in targets):
            yield ("groups", group), "must have a name and at least one address or range"
    for key, entries in (("scope", form.scope), ("exclude", form.exclude), ("policies", form.policies)):
        for index, entry in enumerate(entries):
            if not entry.strip():
                yield (key, index), "must not be empty"


def _problem_of_fact(name: str, value: bool, kind: str) -> str:
    if name not in FACTS:
        return f"is no fact that a rule asks for; {_hint(name, tuple(FACTS))}"
    kinds = FACTS[name].kinds
    if value and kind in SITE_KINDS and kinds and kind not in kinds:
        return f"cannot be true of kind {kind!r}; only of {' or '.join(kinds)}"
    return ""


def _hint(given: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(given, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"


def write_site(site: Site) -> str:
    """Return the site file for the answers in ``site``, with a comment at each line for whoever edits it later."""
    kinds = ", ".join(SITE_KINDS)
    lines = [
        "# What camaudit knows of this site. A fact that is left out is unknown, never false:",
        "# camaudit then asks for it instead of judging.",
        "schema: camaudit/site@1",
        f"name: {quoted(site.name)}",
        "# Country, with its part where known: US, US-TX, GB, GB-ENG, 'NO' (in quotes). Rules differ by country.",
        _line("jurisdiction", site.jurisdiction),
        f"# Who runs the site; most rules bind one kind only. One of {kinds}.",
        _line("kind", site.kind),
        "# What may be scanned: addresses, ranges, CIDR. Only what you are authorised to scan.",
        *listed("scope", site.scope),
        "# Never ask these, even inside the scope.",
        *listed("exclude", site.exclude),
        "# Judge by these packs only; left out, the packs that fit this site are used.",
        *listed("policies", site.policies),
        "# Address ranges of the core network, the one that the main systems are in.",
        *listed("core_networks", site.core_networks),
        *_group_lines(site),
        *_fact_lines(site),
        *_attestation_lines(site),
        *planning_lines(site.planning),
    ]
    return "\n".join(lines) + "\n"


def _group_lines(site: Site) -> Iterator[str]:
    yield "# Names for addresses that belong together, for a credentials file to point to: yard: [192.0.2.0/26]"
    yield "groups:" if site.groups else "# groups: {}"
    for name, targets in site.groups.items():
        yield f"  {quoted(name)}: [{', '.join(map(quoted, targets))}]"


def _fact_lines(site: Site) -> Iterator[str]:
    given = {name: value for name, value in site.facts.items() if isinstance(value, bool)}
    open_facts = [fact for fact in questions_for(site) if fact.name not in given]
    if given or open_facts:
        # Without a fact the key is a comment too, so that whoever adds one frees both lines.
        yield "facts:" if given else "# facts:"
    for name, value in given.items():
        yield f"  # {FACTS[name].question}"
        yield f"  # {FACTS[name].why}"
        yield f"  {name}: {str(value).lower()}"
    for fact in open_facts:
        yield f"  # {fact.question}"
        yield f"  # {fact.why}"
        yield f"  # {fact.name}: true or false"


def _attestation_lines(site: Site) -> Iterator[str]:
    yield "# Letters of suppliers that a unit was not made by somebody: shown beside what the unit says, and never"
    yield "# instead of it. targets: addresses, ranges, MAC addresses or device ids."
    yield "attestations:" if site.attestations else "# attestations: []"
    for letter in site.attestations:
        yield f"  - targets: [{', '.join(map(quoted, letter.targets))}]"
        yield f"    not_made_by: [{', '.join(map(quoted, letter.not_made_by))}]"
        yield f"    given_by: {quoted(letter.given_by)}"
        yield f"    dated: {letter.dated.isoformat()}"
        if letter.reference:
            yield f"    reference: {quoted(letter.reference)}"


def _line(key: str, value: str) -> str:
    return f"{key}: {quoted(value)}" if value else f"# {key}:"
