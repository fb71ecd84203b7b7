"""Plain-text lists: DHCP leases (ISC, dnsmasq) and switch MAC tables (Cisco, Aruba, UniFi). Text in, entries out.

A lease or a table proves that a unit was plugged in, not what it is: it gives addresses, names and ports of
switches, and the owner of the MAC's prefix is a weak sign.
"""

from __future__ import annotations

import re

from camaudit.imports.entry import Entry, Imported, as_address, as_mac, fields, shown

_LEASE = re.compile(r"^\s*lease\s+(\S+)\s*\{")
_LEASE_PART = re.compile(
    r'^\s*(?:hardware\s+ethernet\s+(?P<mac>[^;\s]+)|client-hostname\s+"(?P<name>[^"]*)"'
    r'|set\s+vendor-class-identifier\s*=\s*"(?P<kind>[^"]*)")\s*;'
)
_DNSMASQ = re.compile(r"^(\d{1,12})\s+(\S+)\s+(\S+)\s+(\S+)(?:\s+\S+)?\s*$")

_MAC_TEXT = (
    r"(?P<mac>[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}"
    r"|[0-9A-Fa-f]{4}(?:\.[0-9A-Fa-f]{4}){2}|[0-9A-Fa-f]{6}-[0-9A-Fa-f]{6})"
)
_PORT_TEXT = r"(?P<port>[A-Za-z]{0,20}[\d/.:-]*\d)"
_VLAN = r"(?P<vlan>\d{1,4})"
_HOW = r"(?:dynamic|static|port-access\S*)"
_TABLES = {
    "Cisco": rf"^[*+\s]*(?P<vlan>\d{{1,4}}|All)\s+{_MAC_TEXT}\s+{_HOW}(?:\s+\S+)*?\s+{_PORT_TEXT}\s*$",
    "Aruba CX": rf"^\s*{_MAC_TEXT}\s+{_VLAN}\s+{_HOW}\s+{_PORT_TEXT}\s*$",
    "Aruba": rf"^\s*{_MAC_TEXT}\s+{_PORT_TEXT}(?:\s+{_VLAN})?\s*$",
    "UniFi": rf"^\s*{_PORT_TEXT}\s+{_VLAN}\s+{_MAC_TEXT}(?:\s+(?P<address>\d[\d.]+))?(?:\s.*)?$",
}
_DIALECTS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _TABLES.items()}
_ANY_MAC = re.compile(_MAC_TEXT)
_PROMPT = re.compile(r"^\s*([\w.-]{1,64})\s*[#>]\s*(?:sh\w*\s+mac|swctrl)", re.I)
_CPU = re.compile(r"\bCPU\b|\bself\b|\bmanagement\b", re.I)


def read_isc(text: str, into: Imported) -> None:
    """Read ``dhcpd.leases``; a later lease of an address replaces an earlier one."""
    latest: dict[str, Entry] = {}
    address, start, mac, name, kind = "", 0, "", "", ""
    for line, content in enumerate(text.splitlines(), 1):
        opened = _LEASE.match(content)
        if opened:
            if start:
                into.problem(start, "this lease has no end; it was left out")
            address, start, mac, name, kind = as_address(opened[1]), line, "", "", ""
            if not address:
                into.problem(line, f"{shown(opened[1])!r} is no address; the lease was left out")
        elif start and content.strip() == "}":
            if address:
                latest[address] = _lease(address, mac, name, kind, start)
            start = 0
        elif start and (part := _LEASE_PART.match(content)):
            mac = as_mac(part["mac"] or "") or mac
            name, kind = part["name"] or name, part["kind"] or kind
    if start:
        into.problem(start, "this lease has no end (the file was cut short); it was left out")
    into.entries += latest.values()


def read_dnsmasq(text: str, into: Imported) -> None:
    """Read ``dnsmasq.leases``: expiry, MAC, address, name, client id."""
    for line, content in enumerate(text.splitlines(), 1):
        if not content.strip() or content.startswith("duid "):
            continue
        found = _DNSMASQ.match(content)
        address = as_address(found[3]) if found else ""
        if not found or not address:
            into.problem(line, "is no lease (expiry, MAC, address, name); it was left out")
            continue
        into.add(_lease(address, as_mac(found[2]), "" if found[4] == "*" else found[4], "", line))


def _lease(address: str, mac: str, name: str, kind: str, line: int) -> Entry:
    told = fields(dhcp__hostname=name, dhcp__vendor_class=kind)
    return Entry("lease", address, mac, fields=told, line=line)


def read_mac_table(text: str, into: Imported, switch: str) -> None:
    """Read a MAC table as a switch prints it; ``switch`` names it where no prompt in the text does."""
    dialect = max(_DIALECTS, key=lambda name: sum(bool(_DIALECTS[name].match(line)) for line in text.splitlines()))
    for line, content in enumerate(text.splitlines(), 1):
        prompt = _PROMPT.match(content)
        if prompt:
            switch = prompt[1]
        if not _ANY_MAC.search(content) or _CPU.search(content):
            continue
        # Each line by the dialect of most first: one word more or less must not change what is a port.
        found = _DIALECTS[dialect].match(content)
        mac = as_mac(found["mac"]) if found else ""
        if not found:
            into.problem(line, f"is no line of a {dialect} MAC table: {shown(content)!r}; it was left out")
        elif mac:
            said = found.groupdict()
            told = fields(switch__name=switch, switch__port=said["port"], switch__vlan=said.get("vlan"))
            into.add(Entry("switch", as_address(said.get("address") or ""), mac, fields=told, line=line))
    into.notes.append(f"{into.name}: read as a MAC table of {dialect} style, of switch {switch}")
