"""Evidence to identification: log-odds over makers, with the guards that keep one banner from convicting.

A prior for each maker, plus for each channel the strongest hit, plus for each channel that spoke but matched
nothing the mildest miss. Channels, not signs, are counted: two signs of one channel are an echo. The makers
share the belief with "somebody else", so two makers that both seem meant weaken each other. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from camaudit.labels import Label, brand_of, firmware_of, kind_of, relation_of, state_of, value_of
from camaudit.model import Candidate, Certainty, Evidence, Identification, Kind, Strength
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import Matches, claims
from camaudit.signatures.owners import is_owner
from camaudit.signatures.schema import EntityType, Says

CONFIRMED, PROBABLE, POSSIBLE = 0.95, 0.80, 0.30
_ONE_CHANNEL = 0.90
_NO_ANCHOR = 0.79
"""What remains "possible": a copied banner, a prefix, a port or a path alone never names a maker."""

_ONLY_WEAK = 0.50
_RELAYED = frozenset({"http", "isapi", "dahua", "lapi", "tls"})
"""Channels that a reverse proxy passes on from a camera somewhere else."""

_SHIFT = {"high": math.log(4), "medium": math.log(2), "low": math.log(1.2)}
_VIDEO_CHANNELS = frozenset({"rtsp", "onvif", "sadp", "dhip"})


@dataclass(frozen=True, slots=True)
class _Belief:
    """One maker's score in log-odds, and the evidence of each channel that made it."""

    maker: str
    score: float
    counted: Mapping[str, Evidence]


def identify(fields: Mapping[str, tuple[str, ...]], matches: Matches, knowledge: Knowledge) -> Identification:
    """Say who made the device that gave ``fields``, and show why."""
    evidence = matches.evidence
    beliefs = _beliefs(matches, knowledge, brand_of(evidence, knowledge, None))
    candidates = _shares(beliefs)
    confidence = candidates[0].confidence if candidates else 0.0
    best = beliefs[0] if confidence >= POSSIBLE else None
    maker = best.maker if best else None
    certainty = _certainty(confidence, len(best.counted)) if best else Certainty.UNKNOWN
    label = brand_of(evidence, knowledge, maker)
    kind = kind_of(evidence, knowledge, maker)
    video = _is_video(fields, kind, maker, knowledge)
    firmware, built = firmware_of(evidence)
    found = Identification(
        maker=maker,
        certainty=certainty,
        confidence=round(confidence, 4),
        brand=label.brand if label else None,
        brand_name=label.name if label else None,
        relation=relation_of(label, maker, knowledge),
        kind=Kind.CAMERA if kind is Kind.UNKNOWN and _is_camera(fields, maker, certainty, video) else kind,
        video=video,
        model=value_of(evidence, "model"),
        firmware=firmware,
        firmware_date=built,
        serial=value_of(evidence, "serial"),
        mac=_mac(fields),
        channels_reported=_channels(evidence),
        state=state_of(evidence),
        evidence=_ledger(evidence, best, label),
        candidates=tuple(c for c in candidates if c.confidence >= 0.05)[:5],
        contradictions=_contradictions(beliefs, knowledge, relayed=_is_relayed(matches)),
    )
    return replace(found, next_step=_next_step(found, fields))


def _is_camera(
    fields: Mapping[str, tuple[str, ...]], maker: str | None, certainty: Certainty, video: bool
) -> bool:
    """Say whether a unit of no stated kind is a camera: by its maker, or by a hint of one and a video protocol."""
    sure = certainty in (Certainty.CONFIRMED, Certainty.PROBABLE)
    speaks = any(name.partition(".")[0] in _VIDEO_CHANNELS for name in fields)
    return maker is not None and video and (sure or speaks)


def _is_relayed(matches: Matches) -> bool:
    """Return whether the web server in front is one that shows other machines' pages."""
    return any(item.claim == "state=relayed" for item in matches.evidence)


def _beliefs(matches: Matches, knowledge: Knowledge, brand: Label | None) -> tuple[_Belief, ...]:
    by_maker: dict[str, dict[str, Evidence]] = {}
    prefixes: dict[str, list[Evidence]] = {}
    for item in claims(matches.evidence, Says.MAKER):
        maker = item.claim.partition("=")[2]
        if knowledge.entities[maker].type is not EntityType.MAKER:
            continue
        channels = by_maker.setdefault(maker, {})
        if is_owner(item.field):
            prefixes.setdefault(maker, []).append(item)
        else:
            _count(item, channels)
    for maker, items in prefixes.items():
        _count_prefix(items, by_maker[maker])
    found = [_believe(maker, channels, matches, knowledge, brand) for maker, channels in by_maker.items()]
    return tuple(sorted(found, key=lambda b: (-b.score, b.maker)))


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
) -> _Belief:
    prior = min(max(knowledge.entities[maker].prior, 1e-4), 0.5)
    score = math.log(prior / (1 - prior)) + sum(item.weight for item in channels.values())
    score += sum(weight for (who, channel), weight in matches.misses.items() if who == maker)
    score += _shift(maker, brand, knowledge)
    ceiling = _ceiling(channels)
    if _is_relayed(matches) and not set(channels) - _RELAYED:
        ceiling = min(ceiling, _NO_ANCHOR)
    return _Belief(maker, min(score, math.log(ceiling / (1 - ceiling))), channels)


def _shift(maker: str, brand: Label | None, knowledge: Knowledge) -> float:
    entry = knowledge.oem.get(brand.brand) if brand else None
    if entry is None:
        return 0.0
    return max((_SHIFT[row.strength] for row in entry.made_by if row.maker == maker), default=0.0)


def _ceiling(channels: Mapping[str, Evidence]) -> float:
    strengths = [item.strength for item in channels.values()]
    solid = [s for s in strengths if s is not Strength.WEAK]
    if Strength.DECISIVE not in strengths:
        if not solid:
            return _ONLY_WEAK
        if len(solid) < 2:
            return _NO_ANCHOR
    return _ONE_CHANNEL if len(channels) < 2 else 0.9999


def _shares(beliefs: tuple[_Belief, ...]) -> tuple[Candidate, ...]:
    odds = [math.exp(b.score) for b in beliefs]
    total = 1.0 + sum(odds)
    return tuple(Candidate(b.maker, round(o / total, 4)) for b, o in zip(beliefs, odds, strict=True))


def _certainty(confidence: float, channels: int) -> Certainty:
    if confidence >= CONFIRMED and channels >= 2:
        return Certainty.CONFIRMED
    if confidence >= PROBABLE:
        return Certainty.PROBABLE
    return Certainty.POSSIBLE if confidence >= POSSIBLE else Certainty.UNKNOWN


def _is_video(fields: Mapping[str, tuple[str, ...]], kind: Kind, maker: str | None, knowledge: Knowledge) -> bool:
    if kind is Kind.OTHER:
        return False
    if kind is not Kind.UNKNOWN or any(name.partition(".")[0] in _VIDEO_CHANNELS for name in fields):
        return True
    if any("NetworkVideo" in value for value in fields.get("wsd.types", ())):
        return True
    return maker is not None and knowledge.entities[maker].video


def _mac(fields: Mapping[str, tuple[str, ...]]) -> str | None:
    for name in ("mac.address", "sadp.mac", "dhip.mac", "wsd.mac"):
        for value in fields.get(name, ()):
            digits = "".join(c for c in value.lower() if c in "0123456789abcdef")
            if len(digits) == 12:
                return ":".join(digits[i : i + 2] for i in range(0, 12, 2))
    return None


def _channels(evidence: tuple[Evidence, ...]) -> int | None:
    text = value_of(evidence, "channels")
    return int(text) if text and text.isdigit() and int(text) < 4096 else None


def _ledger(evidence: tuple[Evidence, ...], best: _Belief | None, label: Label | None) -> tuple[Evidence, ...]:
    counted = list(best.counted.values()) if best else []
    marked = [
        replace(item, counted=item in counted or (label is not None and item.signature == label.signature))
        for item in evidence
    ]
    return tuple(sorted(marked, key=lambda e: (not e.claim.startswith("maker"), -e.weight, e.signature)))


def _contradictions(beliefs: tuple[_Belief, ...], knowledge: Knowledge, *, relayed: bool) -> tuple[str, ...]:
    if not beliefs:
        return ()
    first = beliefs[0]
    name = knowledge.entities[first.maker].name
    found = []
    if relayed and not set(first.counted) - _RELAYED:
        found.append(f"The web server in front may be passing on the pages of a {name} unit somewhere else.")
    for other in beliefs[1:]:
        solid = [e for e in other.counted.values() if e.strength is not Strength.WEAK]
        if solid:
            fields = ", ".join(sorted(e.field for e in solid))
            theirs = knowledge.entities[other.maker].name
            found.append(f"{fields} point to {theirs}, while the rest points to {name}.")
    return tuple(found)


def _next_step(found: Identification, fields: Mapping[str, tuple[str, ...]]) -> str:
    if found.certainty is Certainty.CONFIRMED or not found.video:
        return ""
    if found.contradictions:
        return "Read the label on the unit: its network answers contradict each other."
    if found.certainty is Certainty.PROBABLE:
        return "Nothing needs to be done to act on this; a photo of the unit's label would settle it."
    if found.kind is Kind.RECORDER:
        return "Ask the installer for the recorder's purchase papers, or read the label on its underside."
    if "isapi.status" in fields or "onvif.answered" in fields:
        return "Give camaudit a read-only account of this unit, or photograph the label on it."
    return "Photograph the label on the unit (model, FCC ID), or ask the supplier in writing who built it."
