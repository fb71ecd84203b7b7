"""Whether two addresses are one device: in go the marks that each showed, out come groups of addresses.

A unit with two addresses (IPv4 and IPv6, wired and wireless, an alias) is to be counted once. A serial number that
the factory left at its default, or a copied MAC address, must not make two units one: one shared mark alone is not
enough, and a mark that differs keeps them apart. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product

from camaudit.model import Device, Identification

_MOST_SHARING = 4
"""Addresses that may show one mark; a unit has few, and a mark of many is no unit's own."""

_UUID = re.compile(r"(?i)(?:urn:)?(?:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s*$")
_UUID_FIELDS = ("onvif.endpoint_reference", "wsd.epr", "upnp.udn")
_REALM_FIELDS = ("isapi.realm", "dahua.realm", "http.realm", "rtsp.realm")
_OF_ONE_UNIT = re.compile(r"(?i)(?=[a-z]{0,40}\d)[0-9a-z]{5,64}")
"""Part of a login's realm that is a serial number or a hash, and no word for all units of a kind."""
_COUNTED_UP = "01234567890123456789"
_LETTERS_UP = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST_SERIAL = 6
_SHARED_TAIL = 9
"""Signs at the end of two serial numbers that make them one: firmware puts a model in front, or leaves it out."""
_LONG_SERIAL = 12
"""Signs from which on a serial number may outweigh two MAC addresses that differ."""
_MOST_CARDS = 2
"""Network cards of a unit: a wired and a wireless one, or the two of a large recorder."""
_PREFIX = len("aa:bb:cc")
_MULTICAST = 0x01
_COUNTED_MACS = frozenset({"001122334455", "112233445566", "123456789abc", "0123456789ab", "00123456789a"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What tells one unit from all others, as far as shown.

    Maker, model and firmware only support or deny, and the realm of its login only supports.
    """

    serial: str = ""
    mac: str = ""
    uuid: str = ""
    maker: str = ""
    model: str = ""
    firmware: str = ""
    realm: str = ""

    def own(self) -> Iterator[tuple[str, str]]:
        """Yield each mark that may be this unit's alone, by its kind."""
        for kind, value in (("serial", self.serial), ("mac", self.mac), ("uuid", self.uuid)):
            if value:
                yield kind, value


def marks_of(found: Identification, fields: Mapping[str, tuple[str, ...]]) -> Marks:
    """Return the marks of one address; placeholders are none."""
    uuids = (_UUID.match(value) for name in _UUID_FIELDS for value in fields.get(name, ()))
    realms = (value for name in _REALM_FIELDS for value in fields.get(name, ()))
    marks = _marks(found, found.mac or "", next((match[1].lower() for match in uuids if match is not None), ""))
    return replace(marks, realm=next(filter(is_of_one_unit, realms), ""))


def marks_from(device: Device) -> Marks:
    """Return the marks of a unit, at whichever of its addresses it showed them."""
    return _marks(device.identification, device.mac or device.identification.mac or "", device.uuid)


def _marks(found: Identification, mac: str, uuid: str) -> Marks:
    sure = found.certainty in ("confirmed", "probable")
    return Marks(
        serial="" if is_placeholder(found.serial or "") else (found.serial or ""),
        mac="" if is_placeholder_mac(mac) else mac,
        uuid="" if is_placeholder(uuid) else uuid,
        maker=found.maker or "" if sure else "",
        model=found.model or "",
        firmware=found.firmware or "",
    )


def is_of_one_unit(realm: str) -> bool:
    """Say whether the name of a login holds a serial number or a hash, and is no word for all units of a kind."""
    return _OF_ONE_UNIT.search(realm) is not None


def is_placeholder(text: str) -> bool:
    """Say whether a serial number or UUID is one that factories leave: short, one sign over and over, 012345."""
    core = re.sub(r"[^0-9a-z]", "", text.lower())
    if len(core) < _SHORTEST_SERIAL or len(set(core)) <= 2:
        return True
    return any(core in run or core in run[::-1] for run in (_COUNTED_UP, _COUNTED_UP[1:] * 2, _LETTERS_UP))


def is_placeholder_mac(mac: str) -> bool:
    """Say whether a MAC address is nobody's: a group's, all zeros, counted up, a prefix with nothing after it."""
    digits = re.sub(r"[^0-9a-f]", "", mac.lower())
    if len(digits) != 12 or int(digits[:2], 16) & _MULTICAST or digits in _COUNTED_MACS:
        return True
    halves = {digits[at : at + 2] for at in range(0, 12, 2)}
    return len(halves) == 1 or digits[6:] in ("000000", "ffffff")


def alike(kind: str, mine: str, theirs: str) -> bool:
    """Say whether two looks showed the same mark; what one did not show differs from nothing.

    A serial number may come with its model in front or without, and a model with its maker's name.
    """
    if not mine or not theirs or mine == theirs:
        return True
    if kind == "serial":
        return len(mine) >= _SHARED_TAIL and mine[-_SHARED_TAIL:].lower() == theirs[-_SHARED_TAIL:].lower()
    if kind == "model":
        one, other = (re.sub(r"[^0-9a-z]", "", text.lower()) for text in (mine, theirs))
        return one in other or other in one
    return mine.lower() == theirs.lower()


def apart(one: Marks, other: Marks) -> tuple[str, ...]:
    """Return the kinds of marks by which two looks saw two units.

    A UUID alone is none: firmware makes a new one up at a reset, or at every start.
    """
    kinds = ("serial", "mac", "uuid", "maker", "model")
    found = tuple(k for k in kinds if not alike(k, getattr(one, k), getattr(other, k)))
    return () if found == ("uuid",) else found


def same(one: Marks, other: Marks) -> bool:
    """Say whether two addresses show one unit: they share a mark, another agrees, and none differs."""
    shared = sum(mark in set(other.own()) for mark in one.own())
    agrees = bool(one.model) and (one.model, one.firmware) == (other.model, other.firmware)
    agrees = agrees or (bool(one.realm) and one.realm == other.realm)
    return not differ(one, other) and (shared >= 2 or (shared == 1 and agrees))


def differ(one: Marks, other: Marks) -> bool:
    """Say whether something that both showed is not alike, beyond what two network cards of one unit explain."""
    if _are_two_cards(one, other):
        return False
    pairs = ((getattr(one, name), getattr(other, name)) for name in ("serial", "mac", "uuid", "model", "maker"))
    return any(mine and theirs and mine != theirs for mine, theirs in pairs)


def _are_two_cards(one: Marks, other: Marks) -> bool:
    """Say whether a unit showed itself by two network cards: all but the MAC and the UUID made of it agree.

    Both cards come from the same hand, so their addresses begin alike.
    """
    told = (one.serial, one.maker, one.model, one.firmware)
    agree = all(told) and told == (other.serial, other.maker, other.model, other.firmware)
    cards = bool(one.mac and other.mac) and one.mac[:_PREFIX].lower() == other.mac[:_PREFIX].lower()
    return agree and cards and one.mac != other.mac and len(one.serial) >= _LONG_SERIAL


def home_of(camera: Marks, address: str, units: Iterable[tuple[tuple[str, ...], Marks]]) -> tuple[str, ...] | None:
    """Return the unit that a recorder's camera is, seen directly too: by a mark of its own, else by its address.

    ``units`` are the addresses of each unit with what it showed. A serial or MAC address that two units share
    tells nothing; whatever both showed must agree, though a recorder may write the maker into a model.
    """
    fitting = [(addresses, shown) for addresses, shown in units if not _contradict(camera, shown)]
    marked = [
        addresses
        for addresses, shown in fitting
        if (camera.serial and camera.serial == shown.serial) or (camera.mac and camera.mac == shown.mac)
    ]
    if len(marked) == 1:
        return marked[0]
    return next((addresses for addresses, _ in fitting if address and address in addresses), None)


def _contradict(camera: Marks, shown: Marks) -> bool:
    pairs = ((getattr(camera, name), getattr(shown, name)) for name in ("serial", "mac", "maker"))
    if any(mine and theirs and mine != theirs for mine, theirs in pairs):
        return True
    mine, theirs = (re.sub(r"[^0-9a-z]", "", model.lower()) for model in (camera.model, shown.model))
    return bool(mine and theirs) and mine not in theirs and theirs not in mine


def groups(marks: Mapping[str, Marks]) -> tuple[tuple[str, ...], ...]:
    """Return the addresses of each unit, in the order given; most units have one."""
    sharing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for address, shown in marks.items():
        for mark in shown.own():
            sharing[mark].append(address)
    unit_of = {address: [address] for address in marks}
    for addresses in sharing.values():
        cards = {marks[address].mac for address in addresses} - {""}
        if 2 <= len(addresses) <= _MOST_SHARING and len(cards) <= _MOST_CARDS:
            for one, other in combinations(addresses, 2):
                if same(marks[one], marks[other]):
                    _join(unit_of, one, other, marks)
    order = {address: at for at, address in enumerate(marks)}
    units = {id(unit): sorted(unit, key=order.__getitem__) for unit in unit_of.values()}
    return tuple(tuple(unit) for unit in sorted(units.values(), key=lambda unit: order[unit[0]]))


def _join(unit_of: dict[str, list[str]], one: str, other: str, marks: Mapping[str, Marks]) -> None:
    mine, theirs = unit_of[one], unit_of[other]
    # Two that differ must not become one by way of a third that showed less.
    if mine is theirs or any(differ(marks[a], marks[b]) for a, b in product(mine, theirs)):
        return
    mine += theirs
    for address in theirs:
        unit_of[address] = mine
