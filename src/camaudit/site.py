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

from camaudit.errors import DataFileError, UsageError
from camaudit.language import languages
from camaudit.model import Site
from camaudit.planning import planning, planning_problems
from camaudit.policy.facts import FACTS, SITE_KINDS, SiteFact
from camaudit.policy.places import lies_in
from camaudit.prices import PricesForm
from camaudit.records import (
    AttestationForm,
    DecisionForm,
    SightingForm,
    problems,
)
from camaudit.resources import shown_path
from camaudit.scan import parse_quiet
from camaudit.yamlio import STRICT, Path, lines_of, load

__all__ = ["FACTS", "SITE_KINDS", "SiteFile", "is_jurisdiction", "load_site", "questions_for"]

_Planning = tuple[PricesForm | None, str, dict[str, int | date], dict[str, str], tuple[str, ...], dict[str, str]]
_JURISDICTION = re.compile(r"[A-Z]{2}(-[A-Z0-9]{1,3})?")


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
    sightings: tuple[SightingForm, ...] = ()
    decisions: tuple[DecisionForm, ...] = ()
    language: str = ""
    quiet_hours: tuple[str, ...] = ()


def load_site(file: Traversable) -> Site:
    """Read a site file and the price table it names; raise ``DataFileError`` with every problem at its line."""
    form = load(file, SiteFile)
    lines = lines_of(file)
    found = []
    for where, problem in _problems(form):
        path = where if where in lines else where[:1]
        found.append(f"{shown_path(file)}:{lines.get(path, 1)}: {'.'.join(map(str, where))}: {problem}")
    if found:
        raise DataFileError(tuple(found))
    return site_of(form, file)


def site_of(form: SiteFile, file: Traversable) -> Site:
    """Return what a site file says, with the price table that it names beside it."""
    return Site(
        name=form.name,
        jurisdiction=form.jurisdiction,
        kind=form.kind,
        facts=form.facts,
        scope=form.scope,
        exclude=form.exclude,
        policies=form.policies,
        core_networks=form.core_networks,
        attestations=tuple(each.value() for each in form.attestations),
        sightings=tuple(each.value() for each in form.sightings),
        decisions=tuple(each.value() for each in form.decisions),
        groups=form.groups,
        language=form.language,
        quiet_hours=form.quiet_hours,
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
        yield ("kind",), f"{form.kind!r} is no kind of site; {_hint(form.kind, SITE_KINDS)}"
    if form.language and form.language not in languages():
        yield (
            ("language",),
            f"{form.language!r} is no language of the reports; {_hint(form.language, languages())}",
        )
    for name, value in form.facts.items():
        problem = _problem_of_fact(name, value, form.kind)
        if problem:
            yield ("facts", name), problem
    for index, network in enumerate(form.core_networks):
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError:
            yield ("core_networks", index), f"{network!r} is not an address range; write 192.0.2.0/24 or the like"
    try:
        parse_quiet(form.quiet_hours)
    except UsageError as error:
        yield ("quiet_hours",), str(error)
    yield from problems(form.attestations, form.sightings, form.decisions)
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
