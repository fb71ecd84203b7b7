"""What a condition may ask of a site and a device: each word one function of a subject, answered in three values.

In goes a subject and the word's argument, out comes yes, no, or unknown with what would have to be known.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from camaudit.exposure import EXPOSURES
from camaudit.model import Certainty, Device, Identification, Kind, Site
from camaudit.policy.facts import FACTS
from camaudit.policy.makers import MakerSet, is_member, is_under_prc_law
from camaudit.policy.places import lies_in
from camaudit.signatures.schema import Entity

POSSIBLE_FROM = 0.30
"""The confidence from which a candidate counts as possible (``docs``: the promise of ``certainty``)."""

ANALYTICS: Mapping[str, frozenset[str]] = {
    "faces": frozenset({"face-detection", "face-capture", "face-recognition"}),
    "person_attributes": frozenset({"human-attributes", "face-attributes"}),
    "ethnicity": frozenset({"ethnicity"}),
}
"""Kinds of analytics that look at people, by the functions of ``DeviceState.analytics`` that belong to each."""

TERMINAL = "access-terminal"
"""The name of what is open about a terminal for access control that has a camera."""

_RANK = {Certainty.UNKNOWN: 0, Certainty.POSSIBLE: 1, Certainty.PROBABLE: 2, Certainty.CONFIRMED: 3}


class Scope(Enum):
    """What a word is about."""

    SITE = "site"
    DEVICE = "device"


class About(Enum):
    """What an unknown is about, which decides who can settle it and how."""

    SITE = "site"
    MAKER = "maker"
    STANDING = "standing"
    KIND = "kind"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is not known, and its name where it is a fact of the site."""

    about: About
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes, no, or ``None`` with the gaps that leave it open."""

    truth: bool | None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a condition is asked about, and what it is asked with."""

    site: Site
    today: date
    entities: Mapping[str, Entity]
    sets: Mapping[str, MakerSet]
    device: Device | None = None
    minimum: Certainty = Certainty.PROBABLE


Question = Callable[[Subject, tuple[str, ...]], Answer]


@dataclass(frozen=True, slots=True)
class Word:
    """A word: what it asks, about what, and what may stand behind it."""

    ask: Question
    scope: Scope
    values: str
    takes_many: bool = False


def is_sure(identification: Identification, minimum: Certainty = Certainty.PROBABLE) -> bool:
    """Say whether the maker is known well enough; ``possible`` never is, whatever a rule asks."""
    floor = max(_RANK[minimum], _RANK[Certainty.PROBABLE])
    return identification.maker is not None and _RANK[identification.certainty] >= floor


def possible_makers(identification: Identification) -> tuple[str, ...]:
    """Return the makers that an uncertain identification leaves possible, likeliest first."""
    named = [
        c.maker
        for c in sorted(identification.candidates, key=lambda c: -c.confidence)
        if c.confidence >= POSSIBLE_FROM
    ]
    if identification.maker is not None and identification.certainty is not Certainty.UNKNOWN:
        named.insert(0, identification.maker)
    return tuple(dict.fromkeys(named))


def _unknown(about: About, name: str = "") -> Answer:
    return Answer(None, (Gap(about, name),))


def _maker_answer(subject: Subject, test: Callable[[str], bool | None]) -> Answer:
    if subject.device is None:
        return _unknown(About.MAKER)
    identification = subject.device.identification
    if identification.maker is not None and is_sure(identification):
        meant = test(identification.maker)
        if meant is False:
            return Answer(False)
        if not is_sure(identification, subject.minimum):
            return _unknown(About.MAKER)
        return Answer(True) if meant else _unknown(About.STANDING)
    possible = possible_makers(identification)
    if not possible or any(test(maker) is not False for maker in possible):
        return _unknown(About.MAKER)
    return Answer(False)


def _always(_subject: Subject, _argument: tuple[str, ...]) -> Answer:
    return Answer(True)


def _jurisdiction(subject: Subject, argument: tuple[str, ...]) -> Answer:
    here = subject.site.jurisdiction
    if not here:
        return _unknown(About.SITE, "jurisdiction")
    inside = [lies_in(here, meant) for meant in argument]
    if True in inside:
        return Answer(True)
    return _unknown(About.SITE, "jurisdiction") if None in inside else Answer(False)


def _site_kind(subject: Subject, argument: tuple[str, ...]) -> Answer:
    return Answer(subject.site.kind in argument) if subject.site.kind else _unknown(About.SITE, "kind")


def _fact(subject: Subject, argument: tuple[str, ...]) -> Answer:
    meant = FACTS[argument[0]]
    if subject.site.kind and meant.kinds and subject.site.kind not in meant.kinds:
        # A school is no central government department, whatever else is left open.
        return Answer(False)
    value = subject.site.facts.get(meant.name)
    return Answer(value) if isinstance(value, bool) else _unknown(About.SITE, argument[0])


def _maker_in(subject: Subject, argument: tuple[str, ...]) -> Answer:
    makers = subject.sets[argument[0]]
    return _maker_answer(subject, lambda maker: is_member(maker, makers, subject.entities, subject.today))


def _prc_producer(subject: Subject, _argument: tuple[str, ...]) -> Answer:
    return _maker_answer(subject, lambda maker: is_under_prc_law(maker, subject.entities, subject.today))


def _kind_in(subject: Subject, argument: tuple[str, ...]) -> Answer:
    kind = subject.device.identification.kind if subject.device else Kind.UNKNOWN
    return _unknown(About.KIND) if kind is Kind.UNKNOWN else Answer(kind.value in argument)


def _on_core_network(subject: Subject, _argument: tuple[str, ...]) -> Answer:
    if subject.site.core_networks and subject.device:
        addresses = [a for a in map(_address, (subject.device.address, *subject.device.also_at)) if a]
        networks = [ipaddress.ip_network(n, strict=False) for n in subject.site.core_networks]
        inside = any(address in network for address in addresses for network in networks)
        return Answer(inside) if addresses else _unknown(About.STATE)
    stated = subject.site.facts.get("core_network")
    return Answer(stated) if isinstance(stated, bool) else _unknown(About.SITE, "core_networks")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        # An imported register may name a unit by host name or not at all.
        return None


def _activated(subject: Subject, argument: tuple[str, ...]) -> Answer:
    activated = subject.device.identification.state.activated if subject.device else None
    return _unknown(About.STATE) if activated is None else Answer(activated is (argument[0] == "true"))


def _cloud(subject: Subject, argument: tuple[str, ...]) -> Answer:
    cloud = subject.device.identification.state.cloud if subject.device else "unknown"
    return _unknown(About.STATE) if cloud == "unknown" else Answer(cloud in argument)


def _exposed(subject: Subject, argument: tuple[str, ...]) -> Answer:
    # Only what was seen is known: a stream that was not found open may be open all the same.
    seen = subject.device.exposed if subject.device else ()
    return Answer(True) if any(name in seen for name in argument) else _unknown(About.STATE)


def _analytics(subject: Subject, argument: tuple[str, ...]) -> Answer:
    # A unit tells its functions only to whoever logs in, and lists of makers differ: what is missing says nothing.
    offered = subject.device.identification.state.analytics if subject.device else ()
    meant = frozenset[str]().union(*(ANALYTICS[kind] for kind in argument))
    return Answer(True) if meant.intersection(offered) else _unknown(About.STATE)


def _vulnerable(subject: Subject, argument: tuple[str, ...]) -> Answer:
    weak = [one for one in (subject.device.vulnerabilities if subject.device else ()) if one.status == "affected"]
    if argument[0] == "known_exploited":
        weak = [one for one in weak if one.known_exploited is not None]
    return Answer(True) if weak else _unknown(About.STATE)


def _firmware_older(subject: Subject, argument: tuple[str, ...]) -> Answer:
    built = subject.device.identification.firmware_date if subject.device else None
    if built is None:
        return _unknown(About.STATE)
    return Answer((subject.today - built).days > int(argument[0]) * 365.25)


WORDS: Mapping[str, Word] = {
    "always": Word(_always, Scope.SITE, "true"),
    "jurisdiction": Word(_jurisdiction, Scope.SITE, "jurisdiction", takes_many=True),
    "site_kind": Word(_site_kind, Scope.SITE, "site_kind", takes_many=True),
    "fact": Word(_fact, Scope.SITE, "fact"),
    "maker_in": Word(_maker_in, Scope.DEVICE, "makers"),
    "prc_producer": Word(_prc_producer, Scope.DEVICE, "true"),
    "kind_in": Word(_kind_in, Scope.DEVICE, "kind", takes_many=True),
    "on_core_network": Word(_on_core_network, Scope.DEVICE, "true"),
    "activated": Word(_activated, Scope.DEVICE, "true|false"),
    "exposed": Word(_exposed, Scope.DEVICE, "|".join(EXPOSURES), takes_many=True),
    "vulnerable": Word(_vulnerable, Scope.DEVICE, "affected|known_exploited"),
    "firmware_older_than_years": Word(_firmware_older, Scope.DEVICE, "1|2|3|4|5|6|7|8|9|10"),
    "analytics": Word(_analytics, Scope.DEVICE, "|".join(ANALYTICS), takes_many=True),
    "cloud": Word(_cloud, Scope.DEVICE, "enabled|disabled"),
}
MAKER_WORDS = frozenset({"maker_in", "prc_producer"})
"""The words whose answer hangs on who made the unit."""
