"""Reading one file: in goes a path and perhaps its kind, out comes what it says; the content tells the kind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from camaudit.errors import UsageError
from camaudit.imports import lines, scanners
from camaudit.imports.capture import Ours, is_private, looks_like_capture, read_capture
from camaudit.imports.entry import Imported, as_mac
from camaudit.imports.sheets import kind_of_table, read_table
from camaudit.imports.tables import Row, read_csv, read_xlsx

KINDS = {
    "capture": "packets as captured (pcap or pcapng, also packed with gzip)",
    "nmap": "nmap XML (nmap -oX)",
    "masscan": "masscan JSON (masscan -oJ)",
    "naabu": "naabu JSON (naabu -json)",
    "runzero": "runZero asset export (JSONL)",
    "isc-leases": "ISC dhcpd.leases",
    "dnsmasq-leases": "dnsmasq.leases",
    "windows-leases": "Windows DHCP leases (CSV)",
    "mac-table": "a switch's MAC table as text (Cisco, Aruba, UniFi)",
    "sadp": "export of Hikvision's SADP tool (CSV or XLSX)",
    "configtool": "export of Dahua's ConfigTool (CSV or XLSX)",
    "register": "asset register (CSV or XLSX)",
}
"""The kinds of files that can be given with ``--kind``."""

_TABLES = ("windows-leases", "sadp", "configtool", "register")
_MAX_BYTES = 256 * 1024 * 1024
_MAC_LINE = re.compile(
    r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"
    r"|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}"
    r"|[0-9A-Fa-f]{6}-[0-9A-Fa-f]{6}"
)


def read_file(path: Path, kind: str, chosen: Mapping[str, str], ours: Ours = is_private) -> Imported:
    """Read a file as ``kind``, or as what it looks like where that is empty; raises UsageError where it cannot.

    Of a capture only units that are ``ours`` are taken.
    """
    if kind == "capture" or (not kind and _is_capture(path)):
        return _capture(path, ours)
    data = _bytes(path)
    found = kind or kind_of(data)
    if not found:
        raise UsageError(f"{path}:1: its kind is not known; say which with --kind: {', '.join(KINDS)}")
    into = Imported(path.name, found)
    if found in _TABLES or found == "table":
        rows = _rows(data, into)
        into.kind = kind or kind_of_table(rows)
        if rows or not into.problems:
            read_table(rows, into.kind, chosen, into)
    elif found == "nmap":
        scanners.read_nmap(data, into)
    else:
        _read_text(_text(data), path, into)
    if into.unnamed:
        into.problems.append(f"{into.name}: and {into.unnamed} more lines like these")
    return into


def _is_capture(path: Path) -> bool:
    try:
        return looks_like_capture(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def _capture(path: Path, ours: Ours) -> Imported:
    into = Imported(path.name, "capture")
    try:
        read_capture(path, into, ours)
    except OSError as error:
        raise _unreadable(path, error) from None
    return into


def _read_text(text: str, path: Path, into: Imported) -> None:
    match into.kind:
        case "masscan" | "naabu":
            scanners.read_ports(text, into)
        case "runzero":
            scanners.read_runzero(text, into)
        case "isc-leases":
            lines.read_isc(text, into)
        case "dnsmasq-leases":
            lines.read_dnsmasq(text, into)
        case _:
            lines.read_mac_table(text, into, path.stem)


def kind_of(data: bytes) -> str:
    """Return what a file looks like; ``table`` for CSV and XLSX, whose heading says more; empty where unknown."""
    if data[:4] == b"PK\x03\x04":
        return "table"
    start = _text(data[:16384])
    plain = start.lstrip()
    if plain.startswith("<"):
        return "nmap"
    if plain[:1] in ("{", "["):
        return _kind_of_json(plain)
    if re.search(r"^[ \t]*lease[ \t]+\S+[ \t]*\{", start, re.MULTILINE):
        return "isc-leases"
    if re.search(r"^\d{1,12} [0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5} \d+\.\d+\.\d+\.\d+ ", start, re.MULTILINE):
        return "dnsmasq-leases"
    if any(line.count(sign) >= 2 for line in start.splitlines()[:5] for sign in ",;\t|"):
        return "table"
    macs = [found for found in _MAC_LINE.findall(start) if as_mac(found)]
    return "mac-table" if macs else ""


def _kind_of_json(text: str) -> str:
    if '"addresses"' in text or '"macs"' in text:
        return "runzero"
    if '"ports"' in text:
        return "masscan"
    return "naabu" if '"port"' in text else ""


def _rows(data: bytes, into: Imported) -> list[Row]:
    return list(read_xlsx(data, into) if data[:4] == b"PK\x03\x04" else read_csv(_text(data)))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise UsageError(f"{path}:1: larger than {_MAX_BYTES >> 20} MiB; is this the right file?")
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: OSError) -> UsageError:
    return UsageError(f"{path}:1: cannot be read: {error.strerror}; check the path and its permissions")


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")
