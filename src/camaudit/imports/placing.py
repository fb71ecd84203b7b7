"""Entries to observations: what names a unit by its MAC only is put at the address that another file gives.

A unit whose address nobody knows stands under its MAC; a register's row that has neither stands under its line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from camaudit.imports.entry import Entry, Imported
from camaudit.model import Observation, Outcome, Target
from camaudit.probes.record import Now
from camaudit.probes.text import bounded

_NOTE = "imported from {name}"


def place(files: Iterable[Imported], known: Mapping[str, str], now: Now) -> Iterator[Observation]:
    """Yield the observations of all files together; ``known`` maps MACs to addresses that were known before."""
    read = tuple(files)
    where = dict(known)
    for entry in (entry for file in read for entry in file.entries):
        # A register may be out of date: where a unit is now, only what was seen can tell.
        if entry.address and entry.mac and entry.probe != "register":
            where[entry.mac] = entry.address
    at = now()
    told: set[tuple[str, str]] = set()
    for file in read:
        note = _NOTE.format(name=file.name)
        for entry in file.entries:
            address = _address(entry, where, file)
            yield from settle(entry, address, entry.at or at, note, told)


def settle(
    entry: Entry, address: str, at: datetime, note: str, told: set[tuple[str, str]]
) -> Iterator[Observation]:
    """Yield what one entry says of ``address``; ``told`` holds the pairs of address and MAC that are known."""
    if entry.probe != "mac":
        yield Observation(Target(address, entry.port), entry.probe, entry.outcome, bounded(entry.fields), at, note)
    if entry.mac and entry.outcome is Outcome.ANSWERED and (address, entry.mac) not in told:
        told.add((address, entry.mac))
        yield Observation(Target(address), "mac", Outcome.ANSWERED, {"mac.address": (entry.mac,)}, at, note)


def _address(entry: Entry, where: Mapping[str, str], file: Imported) -> str:
    if entry.probe == "register":
        return entry.address or where.get(entry.mac) or entry.mac or f"{file.name}:{entry.line}"[-45:]
    return entry.address or where.get(entry.mac, entry.mac)


def switch_ports(files: Iterable[Imported]) -> dict[str, int]:
    """Return how many MACs each port shows: a port with many leads to another switch, not to a unit."""
    found: dict[str, int] = {}
    for key in filter(None, (_port(entry) for file in files for entry in file.entries)):
        found[key] = found.get(key, 0) + 1
    return found


def without_uplinks(file: Imported, most: int = 8) -> Imported:
    """Return a MAC table without the ports that show more than ``most`` units; notes say which were left out."""
    busy = {key for key, number in switch_ports((file,)).items() if number > most}
    kept = [replace(entry, fields={}) if entry.probe == "switch" and _port(entry) in busy else entry
            for entry in file.entries]  # fmt: skip
    notes = [
        f"{file.name}: port {key.replace(chr(9), ' ')} shows more than {most} units, so it leads to a switch "
        "and says nothing of where a unit is"
        for key in sorted(busy)
    ]
    return replace(file, entries=kept, notes=[*file.notes, *notes])


def nearest(files: Iterable[Imported]) -> tuple[Imported, ...]:
    """Return the tables of several switches with each unit at the port that shows fewest units beside it.

    A switch between sees a unit too, at the port that leads to the next switch; what hangs there are all units of
    that switch, so the port with the fewest is the unit's own. Where two show as few, both stay.
    """
    read = tuple(files)
    crowd = switch_ports(read)
    fewest: dict[str, int] = {}
    for entry in (entry for file in read for entry in file.entries if _port(entry)):
        fewest[entry.mac] = min(fewest.get(entry.mac, 1 << 30), crowd[_port(entry)])
    return tuple(
        replace(
            file,
            entries=[
                replace(entry, fields={}) if _port(entry) and crowd[_port(entry)] > fewest[entry.mac] else entry
                for entry in file.entries
            ],
        )
        for file in read
    )


def _port(entry: Entry) -> str:
    """Return switch and port of an entry of a MAC table; empty for every other."""
    if entry.probe != "switch" or not entry.fields.get("switch.port"):
        return ""
    return "\t".join((*entry.fields.get("switch.name", ()), *entry.fields["switch.port"]))
