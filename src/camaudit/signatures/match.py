"""Observations to evidence: which signatures spoke, what they claim, and which fields matched nothing.

In go observations and the signs of the knowledge base, out come ``Matches``. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from camaudit.model import Evidence, Observation, Outcome, Strength
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.names import names_in, without_borrowed
from camaudit.signatures.oui import OuiTable
from camaudit.signatures.owners import owners_of
from camaudit.signatures.schema import Says
from camaudit.signatures.sign import Sign
from camaudit.signatures.written import labels_in

_MAX_EXCERPT = 120
_MOST_REMEMBERED, _SHORT = 4096, 4096
# Shares set by hand weigh little: the recordings that bear them out come mostly from what they were written from.
_CLAMP = {"expert": math.log(100), "vendor_doc": math.log(1000), "corpus": math.log(1000)}
_CLAMP_DECISIVE = math.log(1000)

_AS_TOLD = {
    "behind.model": "onvif.model",
    "behind.serial": "onvif.serial",
    "behind.firmware": "onvif.firmware",
    "behind.mac_vendor": "mac.vendor",
    "dahua.model": "onvif.model",
    "dahua.serial": "onvif.serial",
    "dahua.firmware": "onvif.firmware",
    "dahua.vendor": "dhip.vendor",
    "dahua.device_class": "dhip.device_class",
}
"""Fields that hold what others hold, and the one whose signs fit too; what they make of it is its channel's."""

_BY_RECORDER = "behind"


@dataclass(frozen=True, slots=True)
class Matches:
    """What the signatures made of a device: evidence, and for each maker the misses a channel (weights < 0)."""

    evidence: tuple[Evidence, ...]
    misses: Mapping[tuple[str, str], float]
    """(maker, channel) to the mildest miss, for channels where no sign of the maker matched."""


def fields_of(observations: Iterable[Observation], oui: OuiTable) -> dict[str, tuple[str, ...]]:
    """Merge the fields of one device's answered observations, values once each, and derive MAC owners."""
    merged: dict[str, list[str]] = {}
    for observation in observations:
        if observation.outcome is not Outcome.ANSWERED:
            continue
        for name, values in observation.fields.items():
            known = merged.setdefault(name, [])
            known.extend(value for value in values if value not in known)
    merged |= owners_of(merged, oui)
    return {name: tuple(values) for name, values in merged.items()}


def match(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Matches:
    """Run every signature that reads a field that is there, and read the names that the device gives itself."""
    evidence: list[Evidence] = []
    hits: set[tuple[str, str]] = set()
    misses: dict[tuple[str, str], float] = {}
    for name, values in fields.items():
        told = [_of_field(name, values, knowledge)]
        if name in _AS_TOLD:
            told.append(_told_as(name, _of_field(_AS_TOLD[name], values, knowledge)))
        for found in told:
            evidence += found.evidence
            hits |= found.hits
            for place, weight in found.misses.items():
                misses[place] = max(misses.get(place, -math.inf), weight)
    for item in names_in(fields, knowledge):
        evidence.append(item)
        hits.add((item.claim.partition("=")[2], item.channel))
    evidence += labels_in(fields, knowledge)
    kept = {place: weight for place, weight in misses.items() if place not in hits}
    return Matches(without_borrowed(evidence, knowledge), kept)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the signs that read one field made of its values."""

    evidence: tuple[Evidence, ...]
    hits: frozenset[tuple[str, str]]
    misses: Mapping[tuple[str, str], float]


def _of_field(name: str, values: tuple[str, ...], knowledge: Knowledge) -> _Found:
    remembered = knowledge.remembered.get((name, values))
    if isinstance(remembered, _Found):
        return remembered
    evidence: list[Evidence] = []
    hits: set[tuple[str, str]] = set()
    misses: dict[tuple[str, str], float] = {}
    for sign in knowledge.by_field.get(name, ()):
        found = _first_match(sign, values, knowledge)
        if found is not None:
            evidence.append(found)
        if sign.signature.says is Says.MAKER:
            if found is not None:
                hits.add(sign.place)
            else:
                misses[sign.place] = max(misses.get(sign.place, -math.inf), _miss(sign))
    made = _Found(tuple(evidence), frozenset(hits), misses)
    if len(knowledge.remembered) < _MOST_REMEMBERED and sum(map(len, values)) <= _SHORT:
        knowledge.remembered[name, values] = made
    return made


def _told_as(name: str, found: _Found) -> _Found:
    """Return what signs made of a field that they do not usually read: all on its own channel."""
    channel = channel_of(name)
    said = "As the recorder says. " if channel == _BY_RECORDER else ""
    evidence = tuple(
        replace(item, channel=channel, field=name, note=f"{said}{item.note}".strip()) for item in found.evidence
    )
    hits = frozenset((maker, channel) for maker, _ in found.hits)
    return _Found(evidence, hits, {(maker, channel): weight for (maker, _), weight in found.misses.items()})


def _first_match(sign: Sign, values: Iterable[str], knowledge: Knowledge) -> Evidence | None:
    signature = sign.signature
    for value in values:
        found = sign.search(value)
        if found is None:
            continue
        extracted = {key: text.strip() for key, text in found.groupdict().items() if text and text.strip()}
        return Evidence(
            signature=signature.id,
            claim=_claim(sign),
            channel=channel_of(signature.reads),
            field=signature.reads,
            weight=_hit(sign) if signature.says is Says.MAKER else 0.0,
            excerpt=_excerpt(value, found.start(), found.end()),
            strength=signature.strength,
            basis=signature.basis,
            source="; ".join(dict.fromkeys(map(knowledge.source_named, signature.source))),
            extracted=extracted,
            note=signature.note,
        )
    return None


def _claim(sign: Sign) -> str:
    signature = sign.signature
    match signature.says:
        case Says.MAKER:
            return f"maker={sign.maker}"
        case Says.BRAND:
            return f"brand={signature.brand or 'as written'}"
        case Says.KIND:
            return f"kind={signature.kind}"
        case Says.STATE:
            return f"state={signature.state}"
        case _:
            return str(signature.says)


def _excerpt(value: str, start: int, end: int) -> str:
    if len(value) <= _MAX_EXCERPT:
        return value
    begin = max(0, min(start - 20, len(value) - _MAX_EXCERPT))
    text = value[begin : max(min(end + 20, begin + _MAX_EXCERPT), begin + _MAX_EXCERPT)]
    return ("…" if begin else "") + text + "…"


def _hit(sign: Sign) -> float:
    signature = sign.signature
    clamp = _CLAMP_DECISIVE if signature.strength is Strength.DECISIVE else _CLAMP[signature.basis]
    return min(math.log(signature.seen_in / max(signature.seen_in_others, 1e-6)), clamp)


def _miss(sign: Sign) -> float:
    signature = sign.signature
    weight = math.log((1 - min(signature.seen_in, 0.999)) / (1 - signature.seen_in_others))
    return max(weight, -_CLAMP[signature.basis])


def claims(evidence: Iterable[Evidence], says: Says) -> Iterator[Evidence]:
    """Yield the evidence that makes one sort of claim."""
    for item in evidence:
        if item.claim.partition("=")[0] == says:
            yield item
