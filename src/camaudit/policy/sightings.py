"""What somebody saw on a unit: evidence of its own, which settles a maker that the network left open.

In go devices, the sightings of the site, names and a day; out come the devices with each sighting in their
evidence, and what has to be said of those that miss. Where the unit's own answers are sure, they stand and the
sighting is shown beside them as a contradiction; two sightings that differ settle nothing. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from camaudit.model import Certainty, Device, Evidence, Identification, Kind, Sighting, Strength
from camaudit.phrases import phrases
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.policy.waivers import is_target
from camaudit.policy.words import is_sure, possible_makers

CHANNEL = "sighting"
_CONFIDENCE = 0.90
"""One kind of evidence alone never says more, and a label seen by somebody is one kind."""
_TWO_KINDS = 0.95
_WEIGHT = round(math.log(_CONFIDENCE / (1 - _CONFIDENCE)), 2)


def with_sightings(
    devices: Iterable[Device], sightings: Iterable[Sighting], names: Mapping[str, str], today: date
) -> tuple[tuple[Device, ...], tuple[str, ...]]:
    """Return the devices with what was seen on them, and a sentence for each sighting that could not be used."""
    units = tuple(devices)
    said = phrases().sightings
    notices: list[str] = []
    usable: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        about = {"who": sighting.seen_by, "date": sighting.seen_on.isoformat()}
        if sighting.made_by and sighting.made_by != SOMEBODY_ELSE and sighting.made_by not in names:
            notices.append(said["unknown"].format(maker=sighting.made_by, **about))
            continue
        if sighting.seen_on > today:
            notices.append(said["later"].format(**about))
            continue
        meant = [unit.id for unit in units if any(is_target(t.strip(), unit) for t in sighting.targets)]
        if not meant:
            notices.append(said["no_match"].format(**about))
        for unit in meant:
            usable.setdefault(unit, []).append(sighting)
    return tuple(_seen(u, usable[u.id], names) if u.id in usable else u for u in units), tuple(notices)


def with_maker(unit: Device, maker: str) -> Device:
    """Return a unit whose maker was open, as it is judged once somebody saw who made it."""
    return replace(unit, identification=_settled(unit.identification, maker))


def _settled(found: Identification, maker: str) -> Identification:
    if is_sure(found):
        # The unit says the same by itself: two independent kinds of evidence agree.
        sure = max(found.confidence, _TWO_KINDS)
        return replace(found, certainty=Certainty.CONFIRMED, confidence=sure)
    known = replace(found, maker=maker, certainty=Certainty.PROBABLE, confidence=_CONFIDENCE, candidates=())
    return replace(known, video=True)


def _seen(unit: Device, sightings: list[Sighting], names: Mapping[str, str]) -> Device:
    found = unit.identification
    makers = tuple(dict.fromkeys(s.made_by for s in sightings if s.made_by))
    against = tuple(_contrary(found, sightings, makers, names))
    settles = len(makers) == 1 and (not is_sure(found) or makers[0] == found.maker)
    told = _settled(found, makers[0]) if settles else found
    kinds = {s.kind for s in sightings} - {Kind.UNKNOWN}
    if len(kinds) == 1 and found.kind is Kind.UNKNOWN:
        told = replace(told, kind=kinds.pop())
    evidence = tuple(_evidence(s, names, counted=settles and s.made_by == makers[0]) for s in sightings)
    return replace(
        unit,
        identification=replace(
            told,
            evidence=(*evidence, *found.evidence),
            contradictions=(*found.contradictions, *against),
            next_step="" if settles else found.next_step,
        ),
    )


def _contrary(
    found: Identification, sightings: list[Sighting], makers: tuple[str, ...], names: Mapping[str, str]
) -> Iterable[str]:
    said = phrases().sightings
    if len(makers) > 1:
        yield said["differ"].format(makers=", ".join(_named(maker, names) for maker in makers))
    pointed = possible_makers(found)
    for sighting in sightings:
        if sighting.made_by and pointed and sighting.made_by not in pointed:
            key = "against_sure" if is_sure(found) else "against"
            yield said[key].format(
                who=sighting.seen_by,
                date=sighting.seen_on.isoformat(),
                maker=_named(sighting.made_by, names),
                others=", ".join(_named(maker, names) for maker in pointed),
            )


def _named(maker: str, names: Mapping[str, str]) -> str:
    return phrases().explain[SOMEBODY_ELSE] if maker == SOMEBODY_ELSE else names.get(maker, maker)


def _evidence(sighting: Sighting, names: Mapping[str, str], *, counted: bool) -> Evidence:
    said = phrases().sightings
    parts = (sighting.how, sighting.reads and said["reads"].format(text=sighting.reads), sighting.reference)
    excerpt = said["excerpt"].format(who=sighting.seen_by, date=sighting.seen_on.isoformat())
    if sighting.made_by:
        claim, extracted = f"maker={sighting.made_by}", {"maker": _named(sighting.made_by, names)}
    else:
        claim, extracted = f"kind={sighting.kind.value}", {"kind": sighting.kind.value}
    return Evidence(
        signature=CHANNEL,
        claim=claim,
        channel=CHANNEL,
        field="site.sightings",
        weight=_WEIGHT if sighting.made_by else 0.0,
        excerpt=": ".join([excerpt, "; ".join(part for part in parts if part)]) if any(parts) else excerpt,
        strength=Strength.STRONG,
        basis="stated",
        source=sighting.seen_by,
        extracted=extracted,
        counted=counted,
    )
