"""Observations to evidence: which signatures spoke, what they claim, and which fields matched nothing.

In go observations and the signs of the knowledge base, out come ``Matches``. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from camaudit.model import Evidence, Observation, Outcome
from camaudit.signatures.fields import channel_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.models import PLACES, models_in
from camaudit.signatures.names import names_in, without_borrowed
from camaudit.signatures.oui import OuiTable
from camaudit.signatures.owners import owners_of
from camaudit.signatures.schema import Says
from camaudit.signatures.sign import Sign
from camaudit.signatures.written import labels_in

_MAX_EXCERPT = 120
_MOST_REMEMBERED, _SHORT = 4096, 4096

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

_BY_RECORDER = "behind"


@dataclass(frozen=True, slots=True)
class Matches:
    """What the signatures made of a device: evidence, and what speaks against the makers that it names."""

    evidence: tuple[Evidence, ...]
    misses: Mapping[tuple[str, str], float]
    """(maker, channel) to the mildest miss (below 0), for channels that spoke and where no sign of it matched."""


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
    for name, values in fields.items():
        evidence += _of_field(name, values, knowledge)
        if name in _AS_TOLD:
            evidence += _told_as(name, _of_field(_AS_TOLD[name], values, knowledge))
        if name in PLACES:
            evidence += _models_of(name, values, knowledge)
    evidence += names_in(fields, knowledge)
    misses = _misses(fields, evidence, knowledge)
    evidence += labels_in(fields, knowledge)
    return Matches(without_borrowed(evidence, knowledge), misses)


def _misses(
    fields: Iterable[str], evidence: Iterable[Evidence], knowledge: Knowledge
) -> dict[tuple[str, str], float]:
    """Return what the channels that show nothing of a maker say against it, for each maker that is named."""
    hits = {(item.claim.partition("=")[2], item.channel) for item in claims(evidence, Says.MAKER)}
    makers = {maker for maker, _ in hits}
    found: dict[tuple[str, str], float] = {}
    for name in fields:
        channel = channel_of(name)
        for read in (name, _AS_TOLD.get(name, "")):
            against = knowledge.misses.get(read, {})
            for maker in makers & against.keys():
                place = maker, channel
                if place not in hits:
                    found[place] = max(found.get(place, -math.inf), against[maker])
    return found


def _of_field(name: str, values: tuple[str, ...], knowledge: Knowledge) -> tuple[Evidence, ...]:
    """Return what the signs that read one field make of its values."""

    def read() -> Iterator[Evidence]:
        signs = knowledge.readers_of(name, values)
        return (item for sign in signs if (item := _first_match(sign, values, knowledge)) is not None)

    return _remembered((name, values), read, knowledge)


def _models_of(name: str, values: tuple[str, ...], knowledge: Knowledge) -> tuple[Evidence, ...]:
    """Return whose models stand in one field that is not meant for them."""

    def read() -> Iterator[Evidence]:
        return models_in(name, values, knowledge, lambda field, words: _of_field(field, words, knowledge))

    return _remembered((f"models in {name}", values), read, knowledge)


def _remembered(
    asked: tuple[str, tuple[str, ...]], read: Callable[[], Iterable[Evidence]], knowledge: Knowledge
) -> tuple[Evidence, ...]:
    remembered = knowledge.remembered.get(asked)
    if isinstance(remembered, tuple):
        return remembered
    found = tuple(read())
    if len(knowledge.remembered) < _MOST_REMEMBERED and sum(map(len, asked[1])) <= _SHORT:
        knowledge.remembered[asked] = found
    return found


def _told_as(name: str, found: tuple[Evidence, ...]) -> list[Evidence]:
    """Return what signs made of a field that they do not usually read: all on its own channel."""
    channel = channel_of(name)
    said = "As the recorder says. " if channel == _BY_RECORDER else ""
    return [replace(item, channel=channel, field=name, note=f"{said}{item.note}".strip()) for item in found]


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
            weight=sign.hit if signature.says is Says.MAKER else 0.0,
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
    # Of a line before the one that matched, half would stand there: a date of a header, which differs every time.
    begin = value.rfind("\n", begin, start) + 1 or begin
    text = value[begin : max(min(end + 20, begin + _MAX_EXCERPT), begin + _MAX_EXCERPT)]
    return ("…" if begin else "") + text + "…"


def claims(evidence: Iterable[Evidence], says: Says) -> Iterator[Evidence]:
    """Yield the evidence that makes one sort of claim."""
    for item in evidence:
        if item.claim.partition("=")[0] == says:
            yield item
