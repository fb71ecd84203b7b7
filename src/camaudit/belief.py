"""How much is believed of each maker: in goes evidence, out come log-odds, with the guards that hold them down.

A prior for each maker, plus for each channel the strongest hit, plus for each channel that spoke but matched
nothing the mildest miss. Channels, not signs, are counted: two signs of one channel are an echo. The makers
share the belief with "somebody else", so two makers that both seem meant weaken each other. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from camaudit import relays
from camaudit.branding import BY_MODELS, Label
from camaudit.labels import value_of
from camaudit.model import Candidate, Evidence, Strength
from camaudit.ownforms import MODEL_FIELDS, known_builder
from camaudit.platforms import is_name, names_in, numbered_by_customer, platforms
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import Matches
from camaudit.signatures.owners import is_owner
from camaudit.signatures.schema import EntityType

_ONE_CHANNEL = 0.94
"""One channel makes nobody certain, though all 19 devices that first readings named at 0.80 to 0.95 were right."""

_ONE_ANSWER = 0.92
"""How often a maker that one answer names is the right one: of 165 devices on the first readings of three rounds
158 were, and with 95% at least 0.91 are. Such a maker stays "possible" all the same, see ``_is_anchored``."""

_RECORDS, _FIELDS_THAT_AGREE = frozenset({"isapi", "onvif", "wsd"}), 3
_PARTS = {
    **{f"onvif.{field}": field for field in ("manufacturer", "model", "firmware", "serial", "hardware")},
    **{
        "rtsp.server": "server",
        "rtsp.public": "public",
        "rtsp.sdp": "sdp",
        "rtsp.realm": "realm",
        "rtsp.auth": "realm",
    },
}
"""Parts of an answer that other parts of the firmware write; a realm and its challenge are one."""

_ONLY_WEAK = 0.50
_ONLY_HEARSAY = 0.94
_HEARSAY = frozenset({"channel", "behind"})
"""Channels by which a recorder speaks for a camera that nobody else has seen."""

_ONLY_LABEL = 0.65
"""Where a unit gives nothing but the name of a brand, or of its line, that by our list one maker alone builds."""

_LEAST_PRIOR = 0.05
"""No maker that answers point to counts as rarer than this: that a sign misleads does not depend on how rare the
maker is (2 of 5,288 solid signs of some other maker matched, over 60 makers), so rarity must not outweigh it."""

_CHALLENGED = ("http", "isapi", "dahua", "lapi", "onvif")
"""Channels of the web server, the front page first: a realm with which several ask for a login is the first's."""

_REALM = re.compile(r'realm="([^"]*)"')

_LABEL_WEIGHT = math.log(4)
"""What a name still says of its maker in an answer whose form is another maker's: there it is a label."""

_TALK_WEIGHT = math.log(1.5)
"""What a name says of its maker in a sentence that an owner, a shop or a program wrote: next to nothing."""

_SHIFT = {"high": math.log(4), "medium": math.log(2), "low": math.log(1.2)}


@dataclass(frozen=True, slots=True)
class Belief:
    """One maker's score in log-odds, and the evidence of each channel that made it."""

    maker: str
    score: float
    counted: Mapping[str, Evidence]
    anchored: bool = False
    """Whether the evidence is of a kind that a verdict may rest on, however likely the maker is."""


def beliefs(matches: Matches, knowledge: Knowledge, brand: Label | None) -> tuple[Belief, ...]:
    by_maker: dict[str, dict[str, Evidence]] = {}
    prefixes: dict[str, list[Evidence]] = {}
    shown, names, challenged = platforms(matches), names_in(matches), _challenged(matches)
    served = relays.serves_pages(matches, knowledge)
    for item in matches.makers:
        maker = item.claim.partition("=")[2]
        others = shown.get(item.channel, set()) - {maker}
        named = is_name(item, names) or relays.is_a_name(item, knowledge)
        if relays.is_talk(item, knowledge):
            item = replace(item, strength=Strength.WEAK, weight=min(item.weight, _TALK_WEIGHT))
        elif (others and (named or numbered_by_customer(item, maker, others, knowledge))) or (
            served and relays.is_passed_on(item, matches)
        ):
            item = replace(item, strength=Strength.WEAK, weight=min(item.weight, _LABEL_WEIGHT))
        if knowledge.entities[maker].type is not EntityType.MAKER:
            continue
        if _is_challenge(item):
            item = replace(item, channel=challenged.get(_realm_in(item), item.channel))
        channels = by_maker.setdefault(maker, {})
        if is_owner(item.field):
            prefixes.setdefault(maker, []).append(item)
        else:
            _count(item, channels)
    for maker, items in prefixes.items():
        _count_prefix(items, by_maker[maker])
    found = [_believe(maker, channels, matches, knowledge, brand) for maker, channels in by_maker.items()]
    if not any(e.strength is not Strength.WEAK for belief in found for e in belief.counted.values()):
        found += _by_label(brand, matches, knowledge, {belief.maker for belief in found})
    return tuple(sorted(found, key=lambda b: (-b.score, b.maker)))


def _challenged(matches: Matches) -> dict[str, str]:
    """Return for each realm the first channel that asks for a login by it; others repeat it, and add nothing."""
    asked = [item for item in matches.evidence if _is_challenge(item)]
    last_first = sorted(asked, key=lambda item: -_CHALLENGED.index(item.channel))
    return {_realm_in(item): item.channel for item in last_first}


def _is_challenge(item: Evidence) -> bool:
    channel, _, field = item.field.partition(".")
    return channel in _CHALLENGED and field in ("realm", "auth")


def _realm_in(item: Evidence) -> str:
    found = _REALM.search(item.excerpt)
    return found[1] if found else item.excerpt


def _count(item: Evidence, channels: dict[str, Evidence]) -> bool:
    """Take ``item`` for its channel if it is the strongest there, and return whether it is."""
    held = channels.get(item.channel)
    # By strength first, so that a clamped weight cannot hide a decisive sign.
    if held is not None and _rank(item) <= _rank(held):
        return False
    channels[item.channel] = item
    return True


def _count_prefix(items: list[Evidence], channels: dict[str, Evidence]) -> None:
    """Count the owner of a MAC address in one channel: an address that several protocols repeat is one fact."""
    for item in sorted(items, key=lambda item: item.channel in channels):
        if _count(item, channels):
            return


def _rank(item: Evidence) -> tuple[int, float]:
    order = (Strength.WEAK, Strength.MEDIUM, Strength.STRONG, Strength.DECISIVE)
    return order.index(item.strength), item.weight


def _believe(
    maker: str, channels: Mapping[str, Evidence], matches: Matches, knowledge: Knowledge, brand: Label | None
) -> Belief:
    prior = max(knowledge.entities[maker].prior, _LEAST_PRIOR)
    score = math.log(prior / (1 - prior)) + sum(item.weight for item in channels.values())
    score += sum(weight for (who, channel), weight in matches.misses.items() if who == maker)
    score += _shift(maker, brand, knowledge) + _second_parts(maker, channels, matches)
    named = all(relays.is_a_name(item, knowledge) for item in channels.values())
    anchored = not named and _is_anchored(channels, agrees=_agrees(maker, matches))
    ceiling = min(_ceiling(channels, anchored=anchored), relays.ceiling(matches, channels, knowledge))
    if not set(channels) - _HEARSAY:
        ceiling = min(ceiling, _ONLY_HEARSAY)
    return Belief(maker, min(score, math.log(ceiling / (1 - ceiling))), channels, anchored)


def _second_parts(maker: str, channels: Mapping[str, Evidence], matches: Matches) -> float:
    """Return what a second part of an answer adds where it agrees: half its weight, as the firmware is one."""
    added: dict[str, float] = {}
    for item in matches.makers:
        held = channels.get(item.channel)
        part = _PARTS.get(item.field)
        if held is None or part is None or item.claim != f"maker={maker}" or item.strength is Strength.WEAK:
            continue
        if part != _PARTS.get(held.field):
            added[item.channel] = max(added.get(item.channel, 0.0), item.weight / 2)
    return sum(added.values())


def _shift(maker: str, brand: Label | None, knowledge: Knowledge) -> float:
    entry = knowledge.oem.get(brand.brand) if brand else None
    if entry is None:
        return 0.0
    return max((_SHIFT[row.strength] for row in entry.made_by if row.maker == maker), default=0.0)


def _by_label(brand: Label | None, matches: Matches, knowledge: Knowledge, known: set[str]) -> list[Belief]:
    """Return the belief in the one builder of a label, where the unit itself shows no maker."""
    maker = known_builder(brand.brand, knowledge, value_of(matches.evidence, "model")) if brand else None
    if brand is None or maker is None or maker in known:
        return []
    for item in matches.evidence:
        if _shows(item, brand):
            told = replace(
                item,
                signature=f"{brand.brand}:known-builder",
                claim=f"maker={maker}",
                strength=Strength.WEAK,
                weight=math.log(_ONLY_LABEL / (1 - _ONLY_LABEL)),
                source="our list of who builds for whom",
                note="Our list names one builder for this label; the unit itself says nothing of who built it.",
            )
            return [Belief(maker, told.weight, {item.channel: told})]
    return []


def _shows(item: Evidence, brand: Label) -> bool:
    if brand.signature == BY_MODELS:
        return item.field in MODEL_FIELDS and "model" in item.extracted
    return item.signature == brand.signature and item.strength is not Strength.WEAK and not is_owner(item.field)


def _is_anchored(channels: Mapping[str, Evidence], *, agrees: bool) -> bool:
    """Say whether the evidence is more than one banner, prefix, port or path, any of which can be copied.

    That is a decisive sign, solid signs of two channels, or one answer whose fields ``agree``: each is written by
    another part of the firmware (model, serial, build, namespace, scopes), so a copy of one does not copy all.
    """
    solid = [item.strength for item in channels.values() if item.strength is not Strength.WEAK]
    return Strength.DECISIVE in solid or len(solid) >= 2 or (bool(solid) and agrees)


def _ceiling(channels: Mapping[str, Evidence], *, anchored: bool) -> float:
    if all(item.strength is Strength.WEAK for item in channels.values()):
        return _ONLY_WEAK
    if not anchored:
        return _ONE_ANSWER
    return _ONE_CHANNEL if len(channels) < 2 else 0.9999


def _agrees(maker: str, matches: Matches) -> bool:
    """Say whether one answer of the unit names the maker in enough fields; who owns its MAC is none of them."""
    fields: dict[str, dict[str, bool]] = {}
    for item in matches.makers:
        solid = item.strength is not Strength.WEAK and not is_owner(item.field)
        if solid and item.channel in _RECORDS and item.claim == f"maker={maker}":
            found = fields.setdefault(item.channel, {})
            found[item.field] = found.get(item.field, False) or item.strength is Strength.STRONG
    return any(len(found) >= _FIELDS_THAT_AGREE and any(found.values()) for found in fields.values())


def shares(beliefs: tuple[Belief, ...]) -> tuple[Candidate, ...]:
    odds = [math.exp(b.score) for b in beliefs]
    total = 1.0 + sum(odds)
    return tuple(Candidate(b.maker, round(o / total, 4)) for b, o in zip(beliefs, odds, strict=True))
