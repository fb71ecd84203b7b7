"""Which open question would change which verdict: found out by judging with each possible answer.

In go devices, a site, packs, the register, the entities and a day, out come the open questions, each with its
answers and the findings that would come out otherwise. Pure; what is printed is computed, never foretold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from camaudit.model import Choice, Device, Effect, Finding, Question, Site, Topic, Verdict
from camaudit.policy.choose import applicable_packs
from camaudit.policy.evaluate import evaluate
from camaudit.policy.facts import FACTS, SITE_KINDS
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.policy.profiles import Crowd, crowd
from camaudit.policy.register import Register
from camaudit.policy.schema import Pack
from camaudit.policy.sightings import with_maker
from camaudit.policy.words import is_sure, possible_makers
from camaudit.signatures.schema import Entity

ELSEWHERE = "elsewhere"
"""The answer "in a country that no rule here is about"."""
_NOWHERE = "ZZ"
"""A country code that ISO leaves to its users and that no pack can have."""

_Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """One thing not known: ``jurisdiction``, ``kind``, ``core_networks``, a fact, or the ``maker`` of devices."""

    name: str
    devices: tuple[str, ...]
    answers: tuple[Choice, ...]

    @property
    def matters(self) -> bool:
        """Say whether any answer would change anything."""
        return any(choice.effects for choice in self.answers)


@dataclass(frozen=True, slots=True)
class _Now:
    """One unit of each kind, and what the rules say of it as things are."""

    crowd: Crowd
    findings: Mapping[_Key, Finding]


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
        now = self._as_it_is(units, site)
        asked: list[tuple[str, tuple[str, ...], tuple[Choice, ...]]] = [
            (name, (), self._of_site(answers, now, site)) for name, answers in _unanswered(site, self.packs)
        ]
        groups: dict[tuple[str, ...], list[Device]] = {}
        for unit in units:
            if unit.identification.video and not is_sure(unit.identification):
                groups.setdefault(possible_makers(unit.identification), []).append(unit)
        asked += [("maker", tuple(u.id for u in g), self._of_makers(g, site)) for g in groups.values()]
        found = (OpenQuestion(name, ids, choices) for name, ids, choices in asked)
        return tuple(question for question in found if question.matters)

    def with_choices(
        self, questions: Iterable[Question], devices: Iterable[Device], site: Site
    ) -> tuple[Question, ...]:
        """Return the questions with what each possible answer would change; a decision has none to choose."""
        by_id = {device.id: device for device in devices}
        answers = dict(_unanswered(site, self.packs))
        now = self._as_it_is(by_id.values(), site)
        told = []
        for question in questions:
            units = [by_id[name] for name in question.devices]
            match question.topic:
                case Topic.SITE if question.key in answers:
                    choices = self._of_site(answers[question.key], now, site)
                case Topic.MAKER:
                    choices = self._of_makers(units, site)
                case _:
                    choices = ()
            told.append(replace(question, choices=choices))
        return tuple(told)

    def _as_it_is(self, units: Iterable[Device], site: Site) -> _Now:
        of_kinds = crowd(units, site, self.today)
        return _Now(of_kinds, self._judged(of_kinds.units, site))

    def _of_site(self, answers: tuple[_Told, ...], now: _Now, site: Site) -> tuple[Choice, ...]:
        units, before = now.crowd, now.findings
        return tuple(
            Choice(answer, _effects(before, self._judged(units.units, told(site)), units))
            for answer, told in answers
        )

    def _of_makers(self, units: list[Device], site: Site) -> tuple[Choice, ...]:
        now = self._as_it_is(units, site)
        of_kinds = now.crowd
        possible = tuple(dict.fromkeys(m for unit in of_kinds.units for m in possible_makers(unit.identification)))
        # Of a unit that nothing is known of, each maker that a rule names is possible.
        if any(not possible_makers(unit.identification) for unit in of_kinds.units):
            possible = tuple(dict.fromkeys((*possible, *self._named())))
        return tuple(
            Choice(
                maker,
                _effects(
                    now.findings, self._judged([with_maker(u, maker) for u in of_kinds.units], site), of_kinds
                ),
            )
            for maker in (*possible, SOMEBODY_ELSE)
        )

    def _named(self) -> tuple[str, ...]:
        members = (maker for pack in self.packs for each in pack.makers.values() for maker in each.members)
        return tuple(dict.fromkeys(members))

    def _judged(self, units: Iterable[Device], site: Site) -> dict[_Key, Finding]:
        packs = applicable_packs(site, self.packs, self.chosen)
        found = evaluate(units, site, packs, register=self.register, entities=self.entities, today=self.today)
        return {(f.device, f.policy, f.rule): f for f in found}


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


def _effects(before: Mapping[_Key, Finding], after: Mapping[_Key, Finding], among: Crowd) -> tuple[Effect, ...]:
    groups: dict[tuple[str, str, Verdict | None, Verdict | None, str], list[str]] = {}
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        was, now = old.verdict if old else None, new.verdict if new else None
        asks_next = _asked(new) if new and now is Verdict.REVIEW else ""
        asked = _asked(old) if old else ""
        if was is now and (now is not Verdict.REVIEW or asks_next == asked):
            continue
        if _quiet(was) and _quiet(now):
            # "Does not apply" for "no finding" changes nothing for anybody.
            continue
        named = new or old
        if named is not None:
            groups.setdefault((named.policy, named.title, was, now, asks_next), []).extend(among.ids[key[0]])
    return tuple(
        Effect(policy, title, was, now, tuple(units), then)
        for (policy, title, was, now, then), units in groups.items()
    )


def _asked(finding: Finding) -> str:
    """Return what a finding asks, of a fact without the line on where to write it down."""
    ask = finding.asks[0] if finding.asks else None
    return FACTS[ask.name].question if ask and ask.name in FACTS else finding.question


def _quiet(verdict: Verdict | None) -> bool:
    return verdict is None or verdict is Verdict.NOT_APPLICABLE
