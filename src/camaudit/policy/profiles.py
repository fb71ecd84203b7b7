"""Units that every rule judges alike: in go devices and a site, out comes one of each kind and whom it stands for.

A fleet of thousands is of a few dozen kinds; judging one of each tells what an answer would change. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from camaudit.model import Certainty, Device, Finding, Site
from camaudit.policy.evaluate import evaluate
from camaudit.policy.register import Register
from camaudit.policy.schema import Pack
from camaudit.policy.words import WORDS, Subject, possible_makers
from camaudit.signatures.schema import Entity


@dataclass(frozen=True, slots=True)
class Crowd:
    """One unit of each kind, and the ids of all units that it stands for, itself among them."""

    units: tuple[Device, ...]
    ids: Mapping[str, tuple[str, ...]]


def crowd(devices: Iterable[Device], site: Site, today: date) -> Crowd:
    """Group devices by all that a rule or its sentences look at."""
    found: dict[Hashable, list[Device]] = {}
    for device in devices:
        found.setdefault(profile_of(device, site, today), []).append(device)
    groups = list(found.values())
    ids = {group[0].id: tuple(device.id for device in group) for group in groups}
    return Crowd(tuple(group[0] for group in groups), ids)


def evaluate_by_kind(
    devices: Iterable[Device],
    site: Site,
    packs: Iterable[Pack],
    *,
    register: Register,
    entities: Mapping[str, Entity],
    today: date,
) -> tuple[Finding, ...]:
    """Return what ``evaluate`` does, judging one unit of each kind."""
    units, chosen = tuple(devices), tuple(packs)
    said: dict[Hashable, tuple[Finding, ...]] = {}
    found: list[Finding] = []
    for device in units:
        kind = profile_of(device, site, today)
        if kind not in said:
            said[kind] = evaluate((device,), site, chosen, register=register, entities=entities, today=today)
        found += [each if each.device == device.id else replace(each, device=device.id) for each in said[kind]]
    return tuple(found)


def profile_of(device: Device, site: Site, today: date) -> Hashable:
    """Return what is the same for all units of one kind: all of a unit that a rule or its sentences look at."""
    found = device.identification
    # What no rule and no sentence looks at is taken out; whatever is added to a device later stays in.
    seen = replace(
        found,
        maker=None if found.certainty is Certainty.UNKNOWN else found.maker,
        confidence=0.0,
        model=None,
        firmware=None,
        serial=None,
        mac=None,
        channels_reported=None,
        evidence=(),
        candidates=(),
        contradictions=(),
    )
    in_core = WORDS["on_core_network"].ask(Subject(site, today, {}, {}, device), ()).truth
    rest = replace(device, id="", address="", mac=None, also_at=(), uuid="", identification=seen)
    return (rest, possible_makers(found), in_core)
