"""Observations to evidence: which signatures spoke, what they claim, and which fields matched nothing.

In go observations and the signs of the knowledge base, out come ``Matches``. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from camaudit.model import Evidence, Observation, Outcome
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.models import PLACES, models_in
from camaudit.signatures.names import names_in, without_borrowed
from camaudit.signatures.oui import OuiTable
from camaudit.signatures.owners import owners_of
from camaudit.signatures.recent import once
from camaudit.signatures.schema import Says
from camaudit.signatures.sign import Sign
from camaudit.signatures.written import labels_in

_MAX_EXCERPT = 120

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
    # A unit whose front page is open asks for its login elsewhere, in the same words.
    "isapi.realm": "http.realm",
    "dahua.realm": "http.realm",
    "lapi.realm": "http.realm",
    "onvif.realm": "http.realm",
    "isapi.auth": "http.auth",
    "dahua.auth": "http.auth",
    "onvif.auth": "http.auth",
}
"""Fields that hold what others hold, and the one whose signs fit too; what they make of it is its channel's."""

_NOBODY: Mapping[str, float] = {}
_BY_RECORDER = "behind"


@dataclass(frozen=True, slots=True)
class Matches:
    """What the signatures made of a device: evidence, and what speaks against the makers that it names."""

    evidence: tuple[Evidence, ...]
    misses: Mapping[tuple[str, str], float]
    """(maker, channel) to the mildest miss (below 0), for channels that spoke and where no sign of it matched."""
    makers: tuple[Evidence, ...]
    """The part of the evidence that claims a maker, which is weighed again and again."""


def fields_of(observations: Iterable[Observation], oui: OuiTable) -> dict[str, tuple[str, ...]]:
    """Merge the fields of one device's answered observations, values once each, and derive MAC owners."""
    merged: dict[str, tuple[str, ...]] = {}
    for observation in observations:
        if observation.outcome is not Outcome.ANSWERED:
            continue
        for name, values in observation.fields.items():
            known = merged.get(name)
            if known is None and len(values) == 1:
                merged[name] = values
            elif known != values:
                merged[name] = tuple(dict.fromkeys((*(known or ()), *values)))
    return merged | owners_of(merged, oui)


def match(fields: Mapping[str, tuple[str, ...]], knowledge: Knowledge) -> Matches:
    """Run every signature that reads a field that is there, and read the names that the device gives itself."""
    evidence: list[Evidence] = []
    for name, values in fields.items():
        evidence += once(_of_field, name, values, knowledge)
        if name in _AS_TOLD:
            evidence += once(_as_told, name, values, knowledge)
        if name in PLACES:
            evidence += once(_models_of, name, values, knowledge)
    evidence += names_in(fields, knowledge)
    misses = _misses(fields, evidence, knowledge)
    evidence += labels_in(fields, knowledge)
    whole = without_borrowed(evidence, knowledge)
    return Matches(whole, misses, tuple(claims(whole, Says.MAKER)))


def _misses(
    fields: Iterable[str], evidence: Iterable[Evidence], knowledge: Knowledge
) -> dict[tuple[str, str], float]:
    """Return what the channels that show nothing of a maker say against it, for each maker that is named."""
    hits = {(item.claim.partition("=")[2], item.channel) for item in claims(evidence, Says.MAKER)}
    makers = {maker for maker, _ in hits}
    found: dict[tuple[str, str], float] = {}
    for name in fields:
        for read in (name, _AS_TOLD[name]) if name in _AS_TOLD else (name,):
            against = knowledge.misses.get(read, _NOBODY)
            for maker in makers & against.keys():
                place = maker, channel_of(name)
                if place not in hits:
                    found[place] = max(found.get(place, -math.inf), against[maker])
    return found


def _of_field(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield what the signs that read one field make of its values."""
    for sign in knowledge.readers_of(name, values):
        item = _first_match(sign, values, knowledge)
        if item is not None:
            yield item


def _models_of(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield whose models stand in one field that is not meant for them."""
    yield from models_in(name, values, knowledge, lambda field, words: once(_of_field, field, words, knowledge))


def _as_told(name: str, values: tuple[str, ...], knowledge: Knowledge) -> Iterator[Evidence]:
    """Yield what signs make of a field that they do not usually read: all on its own channel."""
    channel = channel_of(name)
    said = "As the recorder says. " if channel == _BY_RECORDER else ""
    for item in once(_of_field, _AS_TOLD[name], values, knowledge):
        yield replace(item, channel=channel, field=name, note=f"{said}{item.note}".strip())


def _first_match(sign: Sign, values: Iterable[str], knowledge: Knowledge) -> Evidence | None:
    signature = sign.signature
    for value in values:
        found = sign.search(value)
        if found is None:
            continue
        extracted = {key: text.strip() for key, text in found.groupdict().items() if text and text.strip()}
        return Evidence(
            signature=signature.id,
            claim=sign.claim,
            channel=sign.place[1],
            field=signature.reads,
            weight=sign.hit if signature.says is Says.MAKER else 0.0,
            excerpt=_excerpt(value, found.start(), found.end()),
            strength=signature.strength,
            basis=signature.basis,
            source=_sources(signature.source, knowledge),
            extracted=extracted,
            note=signature.note,
        )
    return None


def _sources(keys: tuple[str, ...], knowledge: Knowledge) -> str:
    key = "sources", keys
    told = knowledge.recent.get(key)
    if told is None:
        told = ("; ".join(dict.fromkeys(map(knowledge.source_named, keys))),)
        knowledge.recent.put(key, told)
    return str(told[0])


def _excerpt(value: str, start: int, end: int) -> str:
    if len(value) <= _MAX_EXCERPT:
        return value
    begin = max(0, min(start - 20, len(value) - _MAX_EXCERPT))
    # Of a line before the one that matched, half would stand there: a date of a header, which differs every time.
    begin = value.rfind("\n", begin, start) + 1 or begin
    text = value[begin : max(min(end + 20, begin + _MAX_EXCERPT), begin + _MAX_EXCERPT)]
    return ("…" if begin else "") + text + "…"


def claims(evidence: Iterable[Evidence], says: Says) -> Iterator[Evidence]:
    """Yield the evidence that makes one sort of claim."""
    for item in evidence:
        if item.claim.partition("=")[0] == says:
            yield item
