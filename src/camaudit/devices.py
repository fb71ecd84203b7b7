"""Observations to devices: match, identify, and give each unit an id that survives a new address. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from collections import Counter
from collections.abc import Mapping

from camaudit.identify import identify
from camaudit.model import Device, Identification, Observation, Outcome
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import fields_of, match
from camaudit.signatures.oui import OuiTable
from camaudit.signatures.vulnerable import vulnerabilities_of

_NOT_A_DEVICE = frozenset({"port", "mac"})


def devices_of(
    observations: Mapping[str, tuple[Observation, ...]], knowledge: Knowledge, oui: OuiTable
) -> tuple[Device, ...]:
    """Return a device for each address where something answered, in the order of addresses."""
    found: dict[str, Identification] = {}
    for address in sorted(observations, key=_numeric):
        seen = observations[address]
        if not _answered(seen):
            continue
        fields = fields_of(seen, oui)
        found[address] = identify(fields, match(fields, knowledge), knowledge)
    marks = Counter(mark for mark in map(_mark, found.values()) if mark)
    devices = []
    for address, identification in found.items():
        mark = _mark(identification)
        # A serial or MAC that two hosts show is a placeholder or a clone: it tells nobody apart.
        stable = mark if mark and marks[mark] == 1 else f"address {address}"
        weak = vulnerabilities_of(identification, knowledge.vulnerabilities)
        device = Device(_id(stable), address, identification, mac=identification.mac, vulnerabilities=weak)
        devices.append(device)
    return tuple(devices)


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


def _numeric(address: str) -> tuple[int, int]:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    return parsed.version, int(parsed)
