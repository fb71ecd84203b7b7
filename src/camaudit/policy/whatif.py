"""Which open question would change which verdict: found out by judging with each possible answer.

In go devices, a site, packs, the register, the entities and a day, out come the open questions, each with its
answers and the findings that would come out otherwise. Pure; what is printed is computed, never foretold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from camaudit.model import Certainty, Device, Finding, Site, Verdict
from camaudit.policy.choose import applicable_packs
from camaudit.policy.evaluate import evaluate
from camaudit.policy.facts import FACTS, SITE_KINDS
from camaudit.policy.register import Register
from camaudit.policy.schema import Pack
from camaudit.policy.words import is_sure, possible_makers
from camaudit.signatures.schema import Entity, EntityType

ELSEWHERE = "elsewhere"
"""The answer "in a country that no rule here is about"."""
SOMEBODY_ELSE = "somebody-else"
"""The answer "made by a company that no rule here means"."""
_NOWHERE = "ZZ"
"""A country code that ISO leaves to its users and that no pack can have."""

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that would come out otherwise for some devices; ``None`` is no finding at all.

    ``question`` is what the rule would ask next, where it would still ask something.
    """

    policy: str
    title: str
    before: Verdict | None
    after: Verdict | None
    question: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Possible:
    """One possible answer and what it would change; nothing where it leaves every verdict and question."""

    answer: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One thing not known: ``jurisdiction``, ``kind``, ``core_networks``, a fact, or the ``maker`` of devices."""

    name: str
    devices: tuple[str, ...]
    answers: tuple[Possible, ...]

    @property
    def matters(self) -> bool:
        """Say whether any answer would change anything."""
        return any(possible.changes for possible in self.answers)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Everything that the judgement needs beside the devices and the site."""

    packs: tuple[Pack, ...]
    register: Register
    entities: Mapping[str, Entity]
    today: date
    chosen: tuple[str, ...] = ()

    def open_questions(self, devices: Iterable[Device], site: Site) -> tuple[OpenQuestion, ...]:
        """Return every open question that matters, those about the site first."""
        units = tuple(devices)
        now = self._judged(units, site)
        found = [*self._about_site(units, site, now), *self._about_makers(units, site, now)]
        return tuple(question for question in found if question.matters)

    def _about_site(
        self, units: tuple[Device, ...], site: Site, now: Mapping[_Key, Finding]
    ) -> Iterator[OpenQuestion]:
        for name, answers in _unanswered(site, self.packs):
            possible = tuple(
                Possible(answer, _changes(now, self._judged(units, told(site)))) for answer, told in answers
            )
            yield OpenQuestion(name, (), possible)

    def _about_makers(
        self, units: tuple[Device, ...], site: Site, now: Mapping[_Key, Finding]
    ) -> Iterator[OpenQuestion]:
        groups: dict[tuple[str, ...], list[Device]] = {}
        for unit in units:
            if unit.identification.video and not is_sure(unit.identification):
                groups.setdefault(possible_makers(unit.identification), []).append(unit)
        for makers, group in groups.items():
            ids = {unit.id for unit in group}
            before = {key: finding for key, finding in now.items() if key[0] in ids}
            # Of a unit that nothing is known of, each maker that a rule names is possible.
            answers = (*(makers or self._named()), SOMEBODY_ELSE)
            possible = tuple(
                Possible(maker, _changes(before, self._judged([_made_by(u, maker) for u in group], site)))
                for maker in answers
            )
            yield OpenQuestion("maker", tuple(unit.id for unit in group), possible)

    def _named(self) -> tuple[str, ...]:
        members = (maker for pack in self.packs for each in pack.makers.values() for maker in each.members)
        return tuple(dict.fromkeys(members))

    def _judged(self, units: Iterable[Device], site: Site) -> dict[_Key, Finding]:
        packs = applicable_packs(site, self.packs, self.chosen)
        entities = {**self.entities, SOMEBODY_ELSE: _STRANGER}
        found = evaluate(units, site, packs, register=self.register, entities=entities, today=self.today)
        return {(f.device, f.policy, f.rule): f for f in found}


_STRANGER = Entity(SOMEBODY_ELSE, "somebody else", EntityType.MAKER, ("made",), prc_law="no")

_Told = tuple[str, Callable[[Site], Site]]


def _unanswered(site: Site, packs: Iterable[Pack]) -> Iterator[tuple[str, tuple[_Told, ...]]]:
    if not site.jurisdiction:
        places = dict.fromkeys(pack.jurisdiction for pack in packs if pack.jurisdiction != "any")
        yield "jurisdiction", (*(_in_place(place, place) for place in places), _in_place(ELSEWHERE, _NOWHERE))
    if not site.kind:
        yield "kind", tuple(_of_kind(kind) for kind in SITE_KINDS)
    if not site.core_networks and "core_network" not in site.facts:
        yield "core_networks", (_with_fact("core_network", True), _with_fact("core_network", False))
    for name, fact in FACTS.items():
        country = site.jurisdiction.partition("-")[0]
        elsewhere = bool(fact.jurisdiction and country and fact.jurisdiction != country)
        never = bool(site.kind and fact.kinds and site.kind not in fact.kinds)
        if name != "core_network" and name not in site.facts and not elsewhere and not never:
            yield name, (_with_fact(name, True), _with_fact(name, False))


def _in_place(answer: str, code: str) -> _Told:
    return answer, lambda site: replace(site, jurisdiction=code)


def _of_kind(kind: str) -> _Told:
    return kind, lambda site: replace(site, kind=kind)


def _with_fact(name: str, value: bool) -> _Told:
    return "yes" if value else "no", lambda site: replace(site, facts={**site.facts, name: value})


def _made_by(unit: Device, maker: str) -> Device:
    known = replace(unit.identification, maker=maker, certainty=Certainty.CONFIRMED, confidence=1.0, candidates=())
    return replace(unit, identification=known)


def _changes(before: Mapping[_Key, Finding], after: Mapping[_Key, Finding]) -> tuple[Change, ...]:
    groups: dict[tuple[str, str, Verdict | None, Verdict | None, str], list[str]] = {}
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        was, now = old.verdict if old else None, new.verdict if new else None
        asks_next = new.question if new and now is Verdict.REVIEW else ""
        asked = old.question if old else ""
        if was is now and (now is not Verdict.REVIEW or asks_next == asked):
            continue
        if _quiet(was) and _quiet(now):
            # "Does not apply" for "no finding" changes nothing for anybody.
            continue
        named = new or old
        if named is not None:
            groups.setdefault((named.policy, named.title, was, now, asks_next), []).append(named.device)
    return tuple(Change(*group, tuple(units)) for group, units in groups.items())


def _quiet(verdict: Verdict | None) -> bool:
    return verdict is None or verdict is Verdict.NOT_APPLICABLE
