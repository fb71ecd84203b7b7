"""Observations to devices: match, identify, and give each unit an id that survives a new address. Pure."""

from __future__ import annotations

import hashlib
import ipaddress
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from camaudit.exposure import exposures_of
from camaudit.forwarding import address_of
from camaudit.hosts import Host, read, units_at
from camaudit.model import Certainty, Device, Identification, Observation, Vulnerability
from camaudit.recorders import Camera, camera_of, has_list, homes, parted, recorder_of
from camaudit.sameness import Marks, groups
from camaudit.signatures.clouds import contacts_of
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import fields_of
from camaudit.signatures.oui import OuiTable
from camaudit.signatures.vulnerable import vulnerabilities_of
from camaudit.whereabouts import ports_of

_ABOUT_OTHERS = frozenset({"traffic", "switch"})


Heard = Mapping[str, tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Remembered:
    """Hosts that were read before, by address, and what gives their observations where they are needed."""

    hosts: Mapping[str, Host]
    again: Callable[[Iterable[str]], Heard]


_NOBODY = Remembered({}, lambda _: {})


def devices_of(
    observations: Heard, knowledge: Knowledge, oui: OuiTable, before: Remembered = _NOBODY
) -> tuple[Device, ...]:
    """Return a device for each unit that answered, in the order of addresses; one at two addresses comes once.

    A camera that a recorder lists and nobody else saw follows the recorders, as a device of its own. The hosts of
    ``before`` are not read again; they are not in ``observations``.
    """
    heard, cameras = parted(observations)
    own: dict[str, tuple[Observation, ...]] = {}
    hosts: dict[str, Host] = {}
    for address, items in heard.items():
        for key, (part, host) in units_at(address, items, knowledge, oui).items():
            own[key] = part
            if host is not None:
                hosts[key] = host
    hosts |= before.hosts
    hosts = {address: hosts[address] for address in sorted(hosts, key=_numeric)}
    direct = groups({key: host.marks for key, host in hosts.items()})
    hosts |= {camera.key: replace(read((camera.seen,), knowledge, oui), exposed=()) for camera in cameras}
    marks = {key: host.marks for key, host in hosts.items()}
    home = homes(cameras, direct, marks)
    listed = {camera.key: camera.seen for camera in cameras}
    units = (*direct, *((key,) for key in home if key in listed))
    hosts |= _read_together(units, own, home, listed, before, knowledge, oui)
    found = {unit[0]: hosts[unit[0]].identification for unit in units if unit[0] in listed}
    for first, (camera, *_) in home.items():
        if first in listed:
            found[first] = camera_of(found[first], camera)
    shown = Counter(mark for first, *_ in units if (mark := _mark(hosts[first].marks)))
    devices = {}
    for unit in units:
        told = [item for key in unit if key in own for item in own[key]]
        uuid = next((marks[key].uuid for key in unit if marks[key].uuid), "")
        host = hosts[unit[0]]
        if unit[0] in listed:
            host = replace(host, identification=found[unit[0]])
        devices[unit[0]] = _shown(_device(unit, host, shown, uuid, knowledge), told, knowledge, oui)
    listing = {unit[0] for unit in units if any(has_list(own.get(key, ())) for key in unit)}
    return tuple(_with_channels(devices, units, home, listing).values())


def _read_together(
    units: Iterable[tuple[str, ...]],
    own: Heard,
    home: Mapping[str, list[Camera]],
    listed: Mapping[str, Observation],
    before: Remembered,
    knowledge: Knowledge,
    oui: OuiTable,
) -> dict[str, Host]:
    """Return the units that more than one source tells of: what one did not say the other may have."""
    others = {unit: [c.seen for c in home.get(unit[0], ()) if c.key != unit[0]] for unit in units}
    several = [unit for unit in units if len(unit) > 1 or others[unit]]
    heard = {**own, **before.again([key for unit in several for key in unit if key in before.hosts])}
    found = {}
    for unit in several:
        told = [item for key in unit for item in heard.get(key, ())]
        first = told or [listed[unit[0]]]
        found[unit[0]] = replace(read((*first, *others[unit]), knowledge, oui), exposed=exposures_of(told))
    return found


def _with_channels(
    devices: Mapping[str, Device],
    units: Iterable[tuple[str, ...]],
    home: Mapping[str, list[Camera]],
    read: Collection[str],
) -> dict[str, Device]:
    """Tell each camera on which recorder's channel it is, and each recorder how many cameras it has.

    ``read`` are the recorders, by their first address, whose list was read.
    """
    unit_of = {address: unit[0] for unit in units for address in unit}
    whole = dict(devices)
    behind: dict[str, dict[str, Certainty]] = {}
    for first, cameras in home.items():
        camera_is = devices[first].identification
        recorded = []
        for camera in cameras:
            recorder = unit_of.get(camera.recorder)
            if recorder is not None:
                behind.setdefault(recorder, {})[camera.number] = camera_is.certainty
                recorded.append(camera.recorded(devices[recorder].id))
        whole[first] = replace(devices[first], recorded=tuple(recorded))
    for first, device in whole.items():
        counted = recorder_of(device.identification, behind.get(first), was_read=first in read)
        if counted is not device.identification:
            whole[first] = replace(device, identification=counted)
    return whole


def _shown(device: Device, items: list[Observation], knowledge: Knowledge, oui: OuiTable) -> Device:
    """Return a unit with where it is plugged in, and whom it was heard talking to."""
    if not any(item.probe in _ABOUT_OTHERS for item in items):
        return device
    heard = fields_of((item for item in items if item.probe == "traffic"), oui)
    return replace(device, ports=ports_of(items), contacts=contacts_of(heard, knowledge.clouds))


def _device(unit: tuple[str, ...], host: Host, shown: Counter[str], uuid: str, knowledge: Knowledge) -> Device:
    first, *others = unit
    found, mark = host.identification, _mark(host.marks)
    # A serial or MAC that two units show is a placeholder or a clone: it tells nobody apart.
    stable = mark if mark and shown[mark] == 1 else f"address {first}"
    return Device(
        _id(stable),
        first,
        found,
        mac=found.mac,
        also_at=tuple(others),
        vulnerabilities=_weaknesses(found, knowledge),
        exposed=host.exposed,
        uuid=uuid,
    )


def _weaknesses(found: Identification, knowledge: Knowledge) -> tuple[Vulnerability, ...]:
    """Return the known weaknesses of a unit; many units are of one model and have the same firmware."""
    told = (found.maker, found.certainty, found.model, found.firmware, found.firmware_date)
    key = ("weaknesses", told)
    weak = knowledge.recent.get(key)
    if weak is None:
        weak = vulnerabilities_of(found, knowledge.vulnerabilities)
        knowledge.recent.put(key, weak)
    return weak


def _mark(marks: Marks) -> str:
    return f"mac {marks.mac}" if marks.mac else f"serial {marks.serial}" if marks.serial else ""


def _id(stable: str) -> str:
    return hashlib.blake2s(stable.encode("utf-8", "replace"), digest_size=6).hexdigest()


def _numeric(key: str) -> tuple[int, int, int, str]:
    address, port = address_of(key)
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        # A unit of an import that is known by its MAC only.
        return 9, 0, 0, key
    return parsed.version, int(parsed), port, ""
