"""What a unit that takes the place of another must be: in words, without a brand, and proven against the packs.

In go packs, the register and the entities, out comes a requirement for each thing that the rules look at. A
specification is judged by judging a unit that fulfils it and is, where it says nothing, as bad as can be.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from camaudit.model import (
    Certainty,
    Device,
    DeviceState,
    Finding,
    Identification,
    Kind,
    Site,
    Verdict,
    Vulnerability,
)
from camaudit.phrases import phrases
from camaudit.policy.conditions import words_in
from camaudit.policy.evaluate import evaluate
from camaudit.policy.register import Register
from camaudit.policy.schema import Effect, Pack, Rule
from camaudit.policy.words import WORDS, Scope
from camaudit.signatures.schema import Entity, EntityType

_STRANGER = "somebody-else"
_ASKED_WITH = {"maker_in": "maker", "prc_producer": "prc"}
_ALWAYS = ("kind", "password", "cloud", "support", "locked", "encrypted", "network")
_OLD = timedelta(days=20 * 365)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a new unit must fulfil; ``key`` is that of ``phrases.yaml``."""

    key: str
    text: str


def specification(
    packs: Iterable[Pack], register: Register, entities: Mapping[str, Entity]
) -> tuple[Requirement, ...]:
    """Return what the packs ask of a unit, and good practice; whom a rule means is said by naming the rule."""
    chosen = tuple(packs)
    asked = [
        rule
        for pack in chosen
        for rule in pack.rules
        if rule.asks_maker and rule.form.effect is not Effect.INFORMS
    ]
    found = [Requirement("builder", phrases().specification["builder"])]
    for word, key in _ASKED_WITH.items():
        rules = [rule for rule in asked if word in words_in(rule.violated_when)]
        if rules:
            named = _instruments(rules, register, entities)
            found.append(Requirement(key, phrases().specification[key].format(instruments=named)))
    return (*found, *(Requirement(key, phrases().specification[key]) for key in _ALWAYS))


def _instruments(rules: Iterable[Rule], register: Register, entities: Mapping[str, Entity]) -> str:
    cited = dict.fromkeys(name for rule in rules for name in rule.form.cites)
    titles = []
    for name in cited:
        instrument = register.instruments[name]
        titles.append(instrument.citation if brands_in(instrument.title, entities) else instrument.title)
    return "; ".join(titles)


def brands_in(text: str, entities: Mapping[str, Entity]) -> tuple[str, ...]:
    """Return the makers and brands that a text names; a specification must name none."""
    names = {
        name for entity in entities.values() for name in (entity.name, entity.legal_name, *entity.aliases) if name
    }
    return tuple(sorted(name for name in names if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)))


def speaks_against(
    keys: Container[str],
    site: Site,
    packs: Iterable[Pack],
    *,
    register: Register,
    entities: Mapping[str, Entity],
    today: date,
) -> tuple[Finding, ...]:
    """Return what the packs still have against a unit that fulfils the requirements of these keys and no more.

    What a rule asks of the site whatever the unit is does not count: no unit can answer it.
    """
    chosen = tuple(packs)
    about_unit = {(p.id, rule.id) for p in chosen for rule in p.rules if _looks_at_the_unit(rule)}
    named = next((maker for pack in chosen for each in pack.makers.values() for maker in each.members), _STRANGER)
    maker = _STRANGER if "maker" in keys else named
    known = {**entities, _STRANGER: _stranger("prc" in keys)}
    apart = "network" in keys
    where = replace(site, core_networks=(), facts={**site.facts, "core_network": not apart})
    unit = _unit(keys, maker, today)
    found = evaluate((unit,), where, chosen, register=register, entities=known, today=today)
    bad = (Verdict.VIOLATION, Verdict.REVIEW)
    return tuple(f for f in found if f.verdict in bad and (f.policy, f.rule) in about_unit)


def _looks_at_the_unit(rule: Rule) -> bool:
    return any(WORDS[word].scope is Scope.DEVICE for word in words_in(rule.violated_when))


def _stranger(elsewhere: bool) -> Entity:
    stranger = Entity(_STRANGER, "somebody else", EntityType.MAKER, ("made",), prc_law="unknown")
    return replace(stranger, prc_law="no") if elsewhere else stranger


def _unit(keys: Container[str], maker: str, today: date) -> Device:
    """Return a unit that fulfils what is asked, and of which the worst is true otherwise."""
    sure = "builder" in keys
    supported = "support" in keys
    locked = () if "locked" in keys else ("rtsp_open", "onvif_open", "clock_wrong")
    flaw = Vulnerability("any", "any", "affected", known_exploited=today)
    return Device(
        id="replacement",
        address="192.0.2.1",
        identification=Identification(
            maker=maker if sure else None,
            certainty=Certainty.CONFIRMED if sure else Certainty.UNKNOWN,
            confidence=1.0 if sure else 0.0,
            kind=Kind.CAMERA,
            video=True,
            firmware_date=today if supported else today - _OLD,
            state=DeviceState("password" in keys, "disabled" if "cloud" in keys else "enabled"),
        ),
        vulnerabilities=() if supported else (flaw,),
        exposed=locked if "encrypted" in keys else (*locked, "plain_management"),
    )
