"""A register against what was seen: in go observations and devices, out come the rows that agree or do not. Pure.

A row and a unit are one where they share a serial number, else a MAC address, else an address. What was not seen
is not said to be gone: each row says what was asked at its address.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from camaudit.model import Certainty, Coverage, Device, Difference, Matched, Observation, Reconciled
from camaudit.model.figures import whole_number
from camaudit.sameness import is_placeholder

_SHORTEST_SERIAL = 6
_SURE = (Certainty.CONFIRMED, Certainty.PROBABLE)
_WORD = re.compile(r"[^0-9a-z]+")

Named = Callable[[str], str | None]
"""Gives the entity known by a text, or none."""


@dataclass(frozen=True, slots=True)
class _Row:
    """What a register says of one unit, in the order of its lines."""

    said: Reconciled
    order: tuple[str, int]


def reconcile(
    observations: Mapping[str, tuple[Observation, ...]],
    devices: Iterable[Device],
    coverage: Coverage,
    *,
    named: Named,
    asked: Callable[[str], bool],
) -> tuple[Reconciled, ...]:
    """Return every row of the registers with what was seen of it, then the cameras that no row names.

    Empty where no register was imported. ``asked`` says whether an address was asked and its answer waited for.
    """
    rows = sorted(_rows(observations), key=lambda row: row.order)
    if not rows:
        return ()
    units = tuple(devices)
    pairs = _pairs([row.said for row in rows], units)
    told = [
        _compared(row.said, *pairs[at], named)
        if at in pairs
        else replace(row.said, reach=_reach(row.said, coverage, asked))
        for at, row in enumerate(rows)
    ]
    taken = {unit.id for unit, _ in pairs.values()}
    return (*told, *(_unregistered(unit) for unit in units if unit.id not in taken and unit.identification.video))


def _rows(observations: Mapping[str, tuple[Observation, ...]]) -> Iterator[_Row]:
    for seen in (item for items in observations.values() for item in items if item.probe == "register"):
        told = {name: next(iter(values), "") for name, values in seen.fields.items()}
        row = told.get("register.row", "")
        file, _, line = row.rpartition(":")
        said = Reconciled(
            Matched.NOT_SEEN,
            row=row,
            name=told.get("register.name", ""),
            location=told.get("register.location", ""),
            address=told.get("register.address", ""),
            mac=told.get("register.mac", ""),
            maker=told.get("register.maker", ""),
            model=told.get("register.model", ""),
            serial=told.get("register.serial", ""),
        )
        yield _Row(said, (file, whole_number(line, 10**9) or 0))


def _pairs(rows: list[Reconciled], units: tuple[Device, ...]) -> dict[int, tuple[Device, str]]:
    """Return for each row that was seen its unit and what they share; a unit belongs to one row at most."""
    found: dict[int, tuple[Device, str]] = {}
    taken: set[str] = set()
    for by, alike in (("serial", _same_serial), ("mac", _same_mac), ("address", _same_address)):
        for at, row in enumerate(rows):
            if at in found:
                continue
            fitting = [unit for unit in units if unit.id not in taken and alike(row, unit)]
            # Two units with one serial number are told apart by nothing here: the next mark may do it.
            if len(fitting) == 1:
                found[at] = (fitting[0], by)
                taken.add(fitting[0].id)
    return found


def _same_serial(row: Reconciled, unit: Device) -> bool:
    return bool(row.serial) and _serials_agree(row.serial, unit.identification.serial or "")


def _serials_agree(one: str, other: str) -> bool:
    """Say whether two serial numbers are one: labels often show the last part only of what a unit says."""
    mine, theirs = _plain(one), _plain(other)
    short, long = sorted((mine, theirs), key=len)
    return len(short) >= _SHORTEST_SERIAL and not is_placeholder(short) and long.endswith(short)


def _same_mac(row: Reconciled, unit: Device) -> bool:
    return bool(row.mac) and row.mac in (unit.mac, unit.identification.mac)


def _same_address(row: Reconciled, unit: Device) -> bool:
    return bool(row.address) and row.address in (unit.address, *unit.also_at)


def _compared(row: Reconciled, unit: Device, by: str, named: Named) -> Reconciled:
    differences = tuple(_differences(row, unit, named))
    matched = Matched.DIFFERENT if differences else Matched.SEEN
    return replace(row, matched=matched, device=unit.id, by=by, differences=differences)


def _differences(row: Reconciled, unit: Device, named: Named) -> Iterator[Difference]:
    """Yield what both know and tell otherwise; what one of them does not know is no difference."""
    found = unit.identification
    mac = unit.mac or found.mac or ""
    if row.maker and found.maker and found.certainty in _SURE:
        registered = named(row.maker)
        if registered is not None and registered not in (found.maker, found.brand):
            yield Difference("maker", row.maker, found.brand_name or found.maker)
    if row.model and found.model and not _models_agree(row.model, found.model):
        yield Difference("model", row.model, found.model)
    if row.serial and found.serial and not _serials_agree(row.serial, found.serial):
        yield Difference("serial", row.serial, found.serial)
    if row.mac and mac and row.mac != mac:
        yield Difference("mac", row.mac, mac)
    if row.address and not _same_address(row, unit) and _is_address(unit.address):
        yield Difference("address", row.address, unit.address)


def _models_agree(one: str, other: str) -> bool:
    """Say whether two model names are one: a register writes the maker before it, or leaves the lens out."""
    mine, theirs = _plain(one), _plain(other)
    return mine in theirs or theirs in mine


def _reach(row: Reconciled, coverage: Coverage, asked: Callable[[str], bool]) -> str:
    """Return what was asked where a row says the unit is: silence there does not say that it is gone."""
    if not row.address:
        return "no_address"
    outcome = next((host.outcome for host in coverage.hosts if host.address == row.address), "")
    if outcome in ("answered", "refused", "excluded", "error", "unasked"):
        return outcome
    return "silent" if asked(row.address) else "unasked"


def _unregistered(unit: Device) -> Reconciled:
    found = unit.identification
    return Reconciled(
        Matched.UNREGISTERED,
        address=unit.address,
        mac=unit.mac or found.mac or "",
        model=found.model or "",
        serial=found.serial or "",
        device=unit.id,
    )


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    return _WORD.sub("", text.lower())
