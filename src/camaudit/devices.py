"""Observations to devices: match, identify, and give each unit an id that survives a new address. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from camaudit.exposure import exposures_of
from camaudit.identify import identify
from camaudit.model import Certainty, Device, Identification, Observation, Outcome
from camaudit.sameness import Marks, groups, marks_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import fields_of, match
from camaudit.signatures.oui import OuiTable
from camaudit.signatures.vulnerable import vulnerabilities_of

_NOT_A_DEVICE = frozenset({"port", "mac"})


def devices_of(
    observations: Mapping[str, tuple[Observation, ...]], knowledge: Knowledge, oui: OuiTable
) -> tuple[Device, ...]:
    """Return a device for each unit that answered, in the order of addresses; one at two addresses comes once."""
    found: dict[str, Identification] = {}
    marks: dict[str, Marks] = {}
    for address in sorted(observations, key=_numeric):
        seen = observations[address]
        if _answered(seen):
            fields = fields_of(seen, oui)
            found[address] = identify(fields, match(fields, knowledge), knowledge)
            marks[address] = marks_of(found[address], fields)
    units = groups(marks)
    for first, *others in units:
        if others:
            # Read together: what one address did not say the other may have.
            together = tuple(item for address in (first, *others) for item in observations[address])
            fields = fields_of(together, oui)
            found[first] = identify(fields, match(fields, knowledge), knowledge)
    shown = Counter(mark for first, *_ in units if (mark := _mark(found[first])))
    return tuple(
        replace(
            _device(unit, found[unit[0]], shown, knowledge),
            exposed=exposures_of(item for address in unit for item in observations[address]),
        )
        for unit in units
    )


def maker_of(seen: Iterable[Observation], knowledge: Knowledge, oui: OuiTable) -> str:
    """Return the id of who made the host that told ``seen``, where that is at least probable; else nothing."""
    fields = fields_of(seen, oui)
    found = identify(fields, match(fields, knowledge), knowledge)
    return found.maker or "" if found.certainty in (Certainty.CONFIRMED, Certainty.PROBABLE) else ""


def _device(unit: tuple[str, ...], found: Identification, shown: Counter[str], knowledge: Knowledge) -> Device:
    first, *others = unit
    mark = _mark(found)
    # A serial or MAC that two units show is a placeholder or a clone: it tells nobody apart.
    stable = mark if mark and shown[mark] == 1 else f"address {first}"
    weak = vulnerabilities_of(found, knowledge.vulnerabilities)
    return Device(_id(stable), first, found, mac=found.mac, also_at=tuple(others), vulnerabilities=weak)


def _answered(seen: tuple[Observation, ...]) -> bool:
    if any(o.outcome is Outcome.ANSWERED and o.probe not in _NOT_A_DEVICE for o in seen):
        return True
    return any(o.probe == "port" and o.outcome is Outcome.ANSWERED for o in seen)


def _mark(identification: Identification) -> str:
    if identification.mac:
        return f"mac {identification.mac}"
    if identification.serial:
        return f"serial {identification.serial}"
    return ""


def _id(stable: str) -> str:
    return hashlib.blake2s(stable.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _numeric(address: str) -> tuple[int, int, str]:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        # A unit of an import that is known by its MAC only.
        return 9, 0, address
    return parsed.version, int(parsed), ""
