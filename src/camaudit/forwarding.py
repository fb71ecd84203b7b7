"""Units behind one address: in go the answers of an address, out come those of each unit that gave them.

A router that forwards ports shows other machines' pages and streams as its own. Two web servers or two servers of
streams at one address are two units where they say so themselves: by serial numbers, by MAC addresses, by the
login that each asks for, or because each plainly is another maker's. What tells of no other unit stays with the
first. Pure.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from camaudit.model import Identification, Observation, Outcome, Strength
from camaudit.sameness import Marks, alike, is_of_one_unit, is_placeholder

_PAGES = frozenset({"http", "isapi", "dahua", "lapi"})
_STREAMS = frozenset({"rtsp"})
_SPOKEN = _PAGES | _STREAMS | {"tls", "onvif", "favicon"}
"""Probes that ask one port. A unit has pages and streams of one maker each; its ONVIF is often bought in."""

_SERIALS = ("isapi.serial", "dahua.serial", "onvif.serial", "lapi.serial")
_REALMS = ("isapi.realm", "dahua.realm", "http.realm", "rtsp.realm")
_OF_ONE_UNIT = (*_SERIALS, *_REALMS)
"""Fields of which a unit has one value, by whichever port it is asked. Another field may write it otherwise: some
units give ONVIF their MAC address for a serial number."""

_PLAIN = (Strength.MEDIUM, Strength.STRONG, Strength.DECISIVE)
_WITH_PORT = re.compile(r"(?:\[([0-9a-fA-F:.%]+)\]|([0-9.]+)):([0-9]{1,5})")
_MOST_UNITS = 16
"""Units that are told apart at one address; who shows more is a trap that plays many, and is left as one."""

Items = tuple[Observation, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What one port says of the unit behind it."""

    port: int
    found: Identification
    marks: Marks
    own: Mapping[str, str]
    """What it gives in fields of which a unit has one value."""

    @property
    def maker(self) -> str:
        """Return who built it where the port says so by itself."""
        return self.found.maker or "" if self.says_so(_SPOKEN) else ""

    def says_so(self, probes: frozenset[str]) -> bool:
        """Say whether answers to ``probes`` show its maker by more than hints."""
        return any(
            item.counted
            and item.strength in _PLAIN
            and item.claim == f"maker={self.found.maker}"
            and item.field.partition(".")[0] in probes
            for item in self.found.evidence
        )


Read = Callable[[Items], tuple[Identification, Marks]]


def key_of(address: str, port: int) -> str:
    """Return the name of the unit behind a forwarded port, as browsers write an address with its port."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def address_of(key: str) -> tuple[str, int]:
    """Return the address that a unit's name holds, and the forwarded port; 0 for the address itself."""
    found = _WITH_PORT.fullmatch(key)
    return (found[1] or found[2], int(found[3])) if found is not None else (key, 0)


def units_at(address: str, items: Items, *, contested: bool, read: Read) -> dict[str, Items]:
    """Return the answers of each unit at an address, the one that the address itself stands for first.

    ``contested`` says that the answers together point to more than one maker; ``read`` tells what some of them,
    taken by themselves, say of a unit.
    """
    by_port = _by_port(items)
    if len(by_port) < 2 or not (contested or _differ(by_port.values())):
        return {address: items}
    told = [_told(port, seen, read) for port, seen in sorted(by_port.items())]
    firsts = _firsts(told)
    if not 2 <= len(firsts) <= _MOST_UNITS:
        return {address: items}
    unit_of = {each.port: _home(each, firsts) for each in told}
    rest = tuple(item for item in items if not _is_spoken(item))
    stands = _stands(firsts, rest, read)
    own = tuple(i for i in items if not _is_spoken(i) or unit_of[i.target.port or 0] is stands)
    parts = {address: own}
    for first in firsts:
        if first is not stands:
            theirs = (i for i in items if _is_spoken(i) and unit_of[i.target.port or 0] is first)
            parts[key_of(address, first.port)] = tuple(theirs)
    return parts


def _is_spoken(item: Observation) -> bool:
    answered = item.outcome is Outcome.ANSWERED and item.target.port is not None
    return answered and item.probe in _SPOKEN


def _by_port(items: Iterable[Observation]) -> dict[int, list[Observation]]:
    found: dict[int, list[Observation]] = defaultdict(list)
    for item in items:
        if _is_spoken(item):
            found[item.target.port or 0].append(item)
    return found


def _differ(ports: Iterable[list[Observation]]) -> bool:
    """Say whether ports differ enough to be read one by one: reading is dear, and few units do."""
    seen: dict[str, set[str]] = defaultdict(set)
    pages = set()
    for item in (item for items in ports for item in items):
        for name in _OF_ONE_UNIT:
            seen[name].update(item.fields.get(name, ()))
        if item.probe == "http":
            pages.add((item.fields.get("http.server", ()), item.fields.get("http.title", ())))
    return len(pages) > 1 or any(len(values) > 1 for values in seen.values())


def _told(port: int, items: list[Observation], read: Read) -> Told:
    found, marks = read(tuple(items))
    own = {name: item.fields[name][0] for item in items for name in _OF_ONE_UNIT if item.fields.get(name)}
    return Told(port, found, marks, own)


def _firsts(told: list[Told]) -> list[Told]:
    """Return one port of each unit: ports of which each is another unit's than all the others."""
    parted = [each for each in told if any(_apart(each, other) for other in told)]
    firsts: list[Told] = []
    for each in parted:
        if all(_apart(each, first) for first in firsts):
            firsts.append(each)
    return firsts


def _apart(one: Told, other: Told) -> bool:
    """Say whether two ports show two units."""
    if one.maker and other.maker and one.maker != other.maker:
        of_one_kind = any(one.says_so(kind) and other.says_so(kind) for kind in (_PAGES, _STREAMS))
        return of_one_kind or bool(one.marks.serial and other.marks.serial)
    if one.maker != other.maker:
        return False
    # Where nobody is known to write them, names of logins may be anything.
    names = _OF_ONE_UNIT if one.maker else _SERIALS
    both = (name for name in names if name in one.own and name in other.own)
    return not all(_agree(name, one.own[name], other.own[name]) for name in both)


def _agree(name: str, mine: str, theirs: str) -> bool:
    if name in _REALMS:
        return mine == theirs or not (is_of_one_unit(mine) and is_of_one_unit(theirs))
    if is_placeholder(mine) or is_placeholder(theirs):
        return True
    return alike("serial", mine, theirs) or alike("serial", theirs, mine)


def _home(each: Told, firsts: list[Told]) -> Told:
    """Return the unit that a port belongs to: the one it shares a mark with, else its maker, else the first."""
    fitting = [first for first in firsts if each is first or not _apart(each, first)]
    marked = [first for first in fitting if each is first or set(each.marks.own()) & set(first.marks.own())]
    alike_made = [first for first in fitting if each.maker and each.maker == first.maker]
    return next(iter((*marked, *alike_made, *firsts)))


def _stands(firsts: list[Told], rest: Items, read: Read) -> Told:
    """Return the unit that the address itself stands for: the one that answers what is not asked of a port."""
    if not any(item.outcome is Outcome.ANSWERED for item in rest):
        return firsts[0]
    found, marks = read(rest)
    marked = [first for first in firsts if set(first.marks.own()) & set(marks.own())]
    made = [first for first in firsts if found.maker and first.maker == found.maker]
    return next(iter((*marked, *made, *firsts)))
