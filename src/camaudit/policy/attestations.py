"""Letters of suppliers: a kind of evidence that is shown beside what a unit says, and weighs nothing against it.

In go devices, the letters of the site, names and a day, out come the devices with each letter in their evidence,
a contradiction where a unit's own signs name the maker, and what has to be said of letters that miss.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from camaudit.model import Attestation, Device, Evidence, Strength
from camaudit.phrases import phrases
from camaudit.policy.waivers import is_target
from camaudit.policy.words import possible_makers

CHANNEL = "attestation"


def attest(
    devices: Iterable[Device], letters: Iterable[Attestation], names: Mapping[str, str], today: date
) -> tuple[tuple[Device, ...], tuple[str, ...]]:
    """Return the devices with their letters, and a sentence for each letter that could not be used."""
    units = tuple(devices)
    said = phrases().attestations
    notices: list[str] = []
    for letter in letters:
        about = {"who": letter.given_by, "date": letter.dated.isoformat()}
        notices += [said["unknown"].format(maker=m, **about) for m in letter.not_made_by if m not in names]
        if letter.dated > today:
            notices.append(said["later"].format(**about))
            continue
        meant = {unit.id for unit in units if any(is_target(t.strip(), unit) for t in letter.targets)}
        if not meant:
            notices.append(said["no_match"].format(**about))
        units = tuple(_with(unit, letter, names) if unit.id in meant else unit for unit in units)
    return units, tuple(notices)


def _with(unit: Device, letter: Attestation, names: Mapping[str, str]) -> Device:
    found = unit.identification
    pointed = {*possible_makers(found), *(e.claim.removeprefix("maker=") for e in found.evidence if e.counted)}
    evidence = tuple(_evidence(maker, letter, names) for maker in letter.not_made_by)
    against = tuple(
        phrases()
        .attestations["against"]
        .format(who=letter.given_by, date=letter.dated.isoformat(), maker=names.get(maker, maker))
        for maker in letter.not_made_by
        if maker in pointed
    )
    told = replace(found, evidence=(*found.evidence, *evidence), contradictions=(*found.contradictions, *against))
    return replace(unit, identification=told)


def _evidence(maker: str, letter: Attestation, names: Mapping[str, str]) -> Evidence:
    name = names.get(maker, maker)
    excerpt = (
        phrases()
        .attestations["excerpt"]
        .format(
            makers=name,
            who=letter.given_by,
            date=letter.dated.isoformat(),
            reference=f", {letter.reference}" if letter.reference else "",
        )
    )
    return Evidence(
        signature=CHANNEL,
        claim=f"not_maker={maker}",
        channel=CHANNEL,
        field="site.attestations",
        weight=0.0,
        excerpt=excerpt,
        strength=Strength.WEAK,
        basis="stated",
        source=letter.given_by,
        extracted={"not_maker": name},
    )
