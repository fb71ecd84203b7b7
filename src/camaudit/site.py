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
from importlib.resources.abc import Traversable
from typing import Literal

from camaudit.errors import DataFileError
from camaudit.language import languages
from camaudit.model import Site
from camaudit.policy.facts import FACTS, SITE_KINDS, SiteFact
from camaudit.policy.places import lies_in
from camaudit.records import (
    AttestationForm,
    DecisionForm,
    SightingForm,
    as_item,
    decision_lines,
    letter_lines,
    problems,
    quoted,
    sighting_lines,
)
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, Path, lines_of, load

__all__ = ["FACTS", "SITE_KINDS", "SiteFile", "is_jurisdiction", "load_site", "questions_for", "write_site"]

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
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    sightings: tuple[SightingForm, ...] = ()
    decisions: tuple[DecisionForm, ...] = ()
    language: str = ""


def load_site(file: Traversable) -> Site:
    """Read a site file; raise ``DataFileError`` with every problem at its line."""
    form = load(file, SiteFile)
    lines = lines_of(file)
    found = []
    for where, problem in _problems(form):
        path = where if where in lines else where[:1]
        found.append(f"{shown_path(file)}:{lines.get(path, 1)}: {'.'.join(map(str, where))}: {problem}")
    if found:
        raise DataFileError(tuple(found))
    return site_of(form)


def site_of(form: SiteFile) -> Site:
    """Return what a site file says."""
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
    yield from problems(form.attestations, form.sightings, form.decisions)
    for group, targets in form.groups.items():
        if not group.strip() or not targets or not all(target.strip() for target in targets):
            yield ("groups", group), "must have a name and at least one address or range"
    for key, listed in (("scope", form.scope), ("exclude", form.exclude), ("policies", form.policies)):
        for index, entry in enumerate(listed):
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
        f"# The language of the reports: {', '.join(languages())}.",
        _line("language", site.language),
        "# What may be scanned: addresses, ranges, CIDR. Only what you are authorised to scan.",
        *_listed("scope", site.scope),
        "# Never ask these, even inside the scope.",
        *_listed("exclude", site.exclude),
        "# Judge by these packs only; left out, the packs that fit this site are used.",
        *_listed("policies", site.policies),
        "# Address ranges of the core network, the one that the main systems are in.",
        *_listed("core_networks", site.core_networks),
        *_group_lines(site),
        *_fact_lines(site),
        *_record_lines(site),
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


def _record_lines(site: Site) -> Iterator[str]:
    yield "# Letters of suppliers that a unit was not made by somebody: shown beside what the unit says, and never"
    yield "# instead of it. targets: addresses, ranges, MAC addresses or device ids."
    yield from _items("attestations", [letter_lines(each) for each in site.attestations])
    yield "# What somebody saw on a unit, its label or its papers, and when; `camaudit answer` writes these."
    yield from _items("sightings", [sighting_lines(each) for each in site.sightings])
    yield "# Decisions on questions that no fact settles, each with the day by which to look at it again."
    yield from _items("decisions", [decision_lines(each) for each in site.decisions])


def _items(key: str, items: list[list[str]]) -> Iterator[str]:
    yield f"{key}:" if items else f"# {key}: []"
    for lines in items:
        yield from as_item(lines)


def _line(key: str, value: str) -> str:
    return f"{key}: {quoted(value)}" if value else f"# {key}:"


def _listed(key: str, values: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{key}:", *(f"  - {quoted(value)}" for value in values)) if values else (f"# {key}: []",)
