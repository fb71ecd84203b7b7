"""From answers to a site: in go a site, answers and what was asked, out comes the site that says so. Pure.

Every answer is checked before any counts. A fact goes to the facts, who built a unit to the sightings, and what
somebody weighed to the decisions, each with its day. "Don't know" leaves its question open.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from camaudit.answers.given import Given
from camaudit.answers.meaning import kind_of, maker_of, network_problem, place, unit_kind_of, yes_or_no
from camaudit.errors import DataFileError
from camaudit.model import Decision, Device, Kind, Question, Sighting, Site
from camaudit.phrases import phrases
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.policy.waivers import is_target
from camaudit.site import FACTS, SITE_KINDS

_PLACES = ("jurisdiction", "kind", "core_networks")
_CORE = "core_network"
_HOLDS_DAYS = 365
"""For how long a decision holds where nobody says until when: next year's audit asks again."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, of which units, and what makers are called; empty where nothing was scanned yet."""

    questions: Sequence[Question] = ()
    devices: Sequence[Device] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """The site with the answers in it, the keys that were settled, and those that stay open."""

    site: Site
    settled: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def settle(site: Site, answers: Iterable[Given], asked: Asked, today: date) -> Settled:
    """Return the site with every answer in it; raise ``DataFileError`` with a line for each that is wrong."""
    problems: list[str] = []
    done = Settled(site)
    for given in answers:
        try:
            after = _settled(done.site, given, asked, today)
        except ValueError as wrong:
            problems.append(f"{given.where}: {wrong}")
            continue
        if after is None:
            done = replace(done, open=(*done.open, given.key))
        else:
            done = replace(done, site=after, settled=(*done.settled, given.key))
    if problems:
        raise DataFileError(tuple(problems))
    return done


def _settled(site: Site, given: Given, asked: Asked, today: date) -> Site | None:
    if given.on is not None and given.on > today:
        raise ValueError(phrases().answering["future"].format(date=given.on.isoformat()))
    if yes_or_no(given.answer) is None:
        _known(given.key, asked)
        return None
    sort, sign, _ = given.key.partition(":")
    if not sign:
        return _with_site(site, given, asked)
    if sort in ("maker", "kind"):
        return replace(site, sightings=(*site.sightings, _sighting(given, sort, asked, today)))
    return replace(site, decisions=(*site.decisions, _decision(given, asked, today)))


def _known(key: str, asked: Asked) -> None:
    """Raise ValueError where no question has this key."""
    keys = [*_PLACES, *FACTS, *(question.key for question in asked.questions)]
    if key in keys or key.partition(":")[0] in ("maker", "kind"):
        return
    near = difflib.get_close_matches(key, keys, n=1)
    said = phrases().answering
    raise ValueError(said["no_question_near"].format(near=near[0]) if near else said["no_question"])


def _with_site(site: Site, given: Given, asked: Asked) -> Site:
    _known(given.key, asked)
    said, answer = phrases().answering, given.answer.strip()
    match given.key:
        case "jurisdiction":
            code = place(answer)
            if code is None:
                raise ValueError(said["no_place"].format(value=answer))
            return replace(site, jurisdiction=code)
        case "kind":
            kind = kind_of(answer)
            if kind is None:
                raise ValueError(said["no_kind"].format(value=answer, kinds=", ".join(SITE_KINDS)))
            return replace(site, kind=kind)
        case "core_networks":
            return _with_core(site, answer)
    value = yes_or_no(answer)
    if not isinstance(value, bool):
        raise ValueError(said["yes_or_no"].format(value=answer))
    kinds = FACTS[given.key].kinds
    if value and site.kind and kinds and site.kind not in kinds:
        raise ValueError(said["never"].format(kind=site.kind, kinds=" or ".join(kinds)))
    return replace(site, facts={**site.facts, given.key: value})


def _with_core(site: Site, answer: str) -> Site:
    value = False if answer.lower() == phrases().init["none"] else yes_or_no(answer)
    if isinstance(value, bool):
        return replace(site, facts={**site.facts, _CORE: value})
    ranges = tuple(part.strip() for part in answer.split(",") if part.strip())
    for text in ranges:
        if problem := network_problem(text):
            raise ValueError(problem)
    return replace(site, core_networks=tuple(dict.fromkeys((*site.core_networks, *ranges))))


def _sighting(given: Given, sort: str, asked: Asked, today: date) -> Sighting:
    said = phrases().answering
    targets = _targets(given, asked)
    if not given.by.strip():
        raise ValueError(said["who_saw"])
    maker, kind = "", Kind.UNKNOWN
    if sort == "maker":
        found = maker_of(given.answer, asked.names)
        if found is None:
            near = difflib.get_close_matches(given.answer.lower(), asked.names, n=1)
            hint = said["near"].format(near=near[0]) if near else said["somebody_else"]
            raise ValueError(said["no_maker"].format(value=given.answer, hint=hint))
        if found == SOMEBODY_ELSE and not given.reads.strip():
            raise ValueError(said["what_reads"])
        maker = found
    else:
        what = unit_kind_of(given.answer)
        if what is None:
            kinds = ", ".join(each for each in Kind if each is not Kind.UNKNOWN)
            raise ValueError(said["no_unit_kind"].format(value=given.answer, kinds=kinds))
        kind = what
    about = (given.by.strip(), given.on or today, maker, kind, given.how, given.reads, given.reference)
    return Sighting(targets, *about)


def _decision(given: Given, asked: Asked, today: date) -> Decision:
    _known(given.key, asked)
    if not given.by.strip():
        raise ValueError(phrases().answering["who_decided"])
    on = given.on or today
    until = given.until or on + timedelta(days=_HOLDS_DAYS)
    targets = _targets(given, asked)
    return Decision(given.key, targets, given.answer.strip(), given.by.strip(), on, until, given.reference)


def _targets(given: Given, asked: Asked) -> tuple[str, ...]:
    """Return the ids of the units that an answer is about: those it names, else all that the question is about."""
    said = phrases().answering
    question = next((each for each in asked.questions if each.key == given.key), None)
    named = given.targets
    if question is None or named:
        named = named or (given.key.partition(":")[2],)
        found = []
        for target in named:
            meant = [unit.id for unit in asked.devices if is_target(target.strip(), unit)]
            if not meant:
                raise ValueError(said["no_unit"].format(target=target))
            found += meant
        return tuple(dict.fromkeys(found))
    if question.each and len(question.devices) > 1:
        sort = given.key.partition(":")[0]
        example = next(unit.address for unit in asked.devices if unit.id == question.devices[0])
        raise ValueError(said["each"].format(n=len(question.devices), sort=sort, example=example))
    return question.devices
