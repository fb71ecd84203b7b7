"""What tables say: vendors' tool exports, Windows' DHCP leases and asset registers. Rows in, entries out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from camaudit.imports.columns import Heading, folded, heading_of
from camaudit.imports.entry import Entry, Imported, as_address, as_mac, fields, shown
from camaudit.imports.tables import Row
from camaudit.model import Outcome

Reader = Callable[[Heading, Row, Imported], Entry | None]
_YES = frozenset({"active", "activated", "yes", "true", "initialized", "initialised"})
_NO = frozenset({"inactive", "notactivated", "no", "false", "uninitialized", "uninitialised"})


def kind_of_table(rows: Sequence[Row]) -> str:
    """Return which of the known exports a table is, by its heading; a register where it is none of them."""
    for row in rows[:20]:
        names = {folded(cell) for cell in row.cells}
        if {"clientid", "ipaddress"} <= names or {"clientipaddress", "uniqueid"} <= names:
            return "windows-leases"
        if names & {"deviceserialno", "enhancedsdkserviceport", "sdkserviceport"} and "devicetype" in names:
            return "sadp"
        if {"type", "model", "ip", "mac"} <= names and names & {
            "sn",
            "serialno",
            "initialized",
            "initializationstatus",
        }:
            return "configtool"
    return "register"


def read_table(rows: Sequence[Row], kind: str, chosen: Mapping[str, str], into: Imported) -> None:
    """Read a table as ``kind``; ``chosen`` maps meanings to headings where the proposed mapping is wrong."""
    heading = heading_of(rows, chosen)
    if heading is None:
        line = rows[0].line if rows else 1
        into.problem(line, "no row names at least two columns that are known (ip, mac, model, serial, ...); "
                     "name them: --column address='your heading'")  # fmt: skip
        return
    for meaning, name in chosen.items():
        if meaning not in heading.columns:
            into.problem(
                heading.line, f"has no column {shown(name)!r}; the heading reads {shown(', '.join(heading.names))}"
            )
    into.notes.append(f"{into.name}: heading in line {heading.line}, read as {heading.described()}")
    reader = _READERS[kind]
    for row in rows:
        # A second heading further down (a printed register repeats it) is no unit.
        if row.line <= heading.line or [folded(c) for c in row.cells] == [folded(n) for n in heading.names]:
            continue
        entry = reader(heading, row, into)
        if entry is not None:
            into.add(entry)


def _place(heading: Heading, row: Row, into: Imported) -> tuple[str, str]:
    """Return address and MAC of a row; what is written there and is neither is named."""
    address, mac = as_address(heading.value(row, "address")), as_mac(heading.value(row, "mac"))
    for meaning, found in (("address", address), ("mac", mac)):
        written = heading.value(row, meaning)
        if written and not found and folded(written) not in ("", "na", "none", "tbc", "tbd", "dhcp", "unknown"):
            into.problem(row.line, f"{shown(written)!r} is no {meaning}; the rest of the row was read")
    return address, mac


def _lease(heading: Heading, row: Row, into: Imported) -> Entry | None:
    address, mac = _place(heading, row, into)
    return (
        Entry("lease", address, mac, fields=fields(dhcp__hostname=heading.value(row, "name")), line=row.line)
        if address
        else None
    )


def _sadp(heading: Heading, row: Row, into: Imported) -> Entry | None:
    address, mac = _place(heading, row, into)
    if not address:
        return None
    told = fields(
        sadp__device_description=heading.value(row, "device_type") or heading.value(row, "model"),
        sadp__device_sn=heading.value(row, "serial"),
        sadp__software_version=heading.value(row, "firmware"),
        sadp__mac=mac,
        sadp__ipv4=address,
        sadp__http_port=heading.value(row, "http_port"),
        sadp__activated=_yes_no(heading.value(row, "activated")),
    )
    return Entry("sadp", address, mac, fields=told, line=row.line)


def _configtool(heading: Heading, row: Row, into: Imported) -> Entry | None:
    address, mac = _place(heading, row, into)
    if not address:
        return None
    told = fields(
        dhip__device_type=heading.value(row, "model"),
        dhip__device_class=heading.value(row, "device_type"),
        dhip__serial=heading.value(row, "serial"),
        dhip__version=heading.value(row, "firmware"),
        dhip__mac=mac,
        dhip__ipv4=address,
        dhip__http_port=heading.value(row, "http_port"),
    )
    return Entry("dhip", address, mac, fields=told, line=row.line)


def _register(heading: Heading, row: Row, into: Imported) -> Entry | None:
    address, mac = _place(heading, row, into)
    told = fields(
        register__row=f"{into.name}:{row.line}",
        register__address=address,
        register__mac=mac,
        register__maker=heading.value(row, "maker"),
        register__model=heading.value(row, "model"),
        register__serial=heading.value(row, "serial"),
        register__name=heading.value(row, "name"),
        register__location=heading.value(row, "location"),
    )
    if not (address or mac or "register.serial" in told):
        into.problem(
            row.line,
            "has neither address, MAC nor serial number, so nothing can be matched with it; it was left out",
        )
        return None
    # What somebody wrote down is no answer of a device: it is never evidence, only compared.
    return Entry("register", address, mac, fields=told, outcome=Outcome.NOT_ASKED, line=row.line)


def _yes_no(text: str) -> str:
    said = folded(text)
    return "true" if said in _YES else ("false" if said in _NO else "")


_READERS: dict[str, Reader] = {
    "windows-leases": _lease,
    "sadp": _sadp,
    "configtool": _configtool,
    "register": _register,
}
