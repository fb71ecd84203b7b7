"""What a switch says of itself by SNMP, as entries: in go tables by name, out come the port of each MAC address.

BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), LLDP-MIB (IEEE 802.1AB), POWER-ETHERNET-MIB (RFC 3621), IF-MIB
(RFC 2863) and the ARP table (RFC 4293). A port behind which LLDP names another switch is never a unit's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from camaudit.imports.entry import Entry, Imported, as_address, as_mac, fields
from camaudit.probes.text import decode

Index = tuple[int, ...]
Table = Mapping[Index, bytes | int | str]

TABLES = {
    "name": "1.3.6.1.2.1.1.5",
    "base_port": "1.3.6.1.2.1.17.1.4.1.2",
    "if_name": "1.3.6.1.2.1.31.1.1.1.1",
    "if_alias": "1.3.6.1.2.1.31.1.1.1.18",
    "vlan_fdb": "1.3.6.1.2.1.17.7.1.4.2.1.3",
    "q_port": "1.3.6.1.2.1.17.7.1.2.2.1.2",
    "q_status": "1.3.6.1.2.1.17.7.1.2.2.1.3",
    "fdb_port": "1.3.6.1.2.1.17.4.3.1.2",
    "fdb_status": "1.3.6.1.2.1.17.4.3.1.3",
    "lldp_port": "1.0.8802.1.1.2.1.3.7.1.3",
    "lldp_name": "1.0.8802.1.1.2.1.4.1.1.9",
    "lldp_capable": "1.0.8802.1.1.2.1.4.1.1.12",
    "poe_admin": "1.3.6.1.2.1.105.1.1.1.3",
    "poe_state": "1.3.6.1.2.1.105.1.1.1.6",
    "arp": "1.3.6.1.2.1.4.22.1.2",
}
"""What is read of a switch, by the name of the table."""
NEEDED = ("q_port", "fdb_port")
"""Without either there is nothing to place."""
VLAN_STATES = "1.3.6.1.4.1.9.9.46.1.3.1.1.2"
"""The VLANs of a Cisco switch (CISCO-VTP-MIB): it tells the MAC table of each only in that VLAN's own context."""
BY_VLAN = ("base_port", "fdb_port", "fdb_status")
"""What is read in the context of a VLAN."""

_LEARNED = 3
_IN_USE = 1
_SWITCHES = 0b0010_1000
"""The bits of a bridge and of a router in lldpRemSysCapEnabled (the first bit is the highest)."""

_DELIVERS, _ON, _OFF = 3, 1, 2
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Ports:
    """The ports of a switch by their bridge number: names, labels, power, and those that lead to a switch."""

    names: Mapping[int, str]
    labels: Mapping[int, str]
    power: Mapping[int, str]
    uplinks: Mapping[int, str]


def read_bridge(told: Mapping[str, Table], into: Imported) -> None:
    """Add an entry for each MAC address that the switch has learned at a port which leads to no other switch."""
    switch = _text(next(iter(told.get("name", {}).values()), b"")) or into.name
    ports = _ports(told)
    addresses = _addresses(told.get("arp", {}))
    for number, neighbour in sorted(ports.uplinks.items()):
        into.notes.append(
            f"{into.name}: port {ports.names.get(number, str(number))} leads to {neighbour or 'another switch'}, "
            "so what is seen there hangs elsewhere"
        )
    for mac, number, vlan in _learned(told):
        if number in ports.uplinks:
            continue
        said = fields(
            switch__name=switch,
            switch__port=ports.names.get(number, str(number)),
            switch__vlan=vlan,
            switch__power=ports.power.get(number, ""),
            switch__label=ports.labels.get(number, ""),
        )
        into.add(Entry("switch", addresses.get(mac, ""), mac, fields=said))
    for mac, address in addresses.items():
        into.add(Entry("mac", address, mac, fields=fields(mac__address=mac)))
    if not _learned(told):
        into.problems.append(f"{into.name}:1: tells no MAC table; may this login read BRIDGE-MIB or Q-BRIDGE-MIB?")


def vlans_of(states: Table) -> tuple[int, ...]:
    """Return the VLANs that are in use, without those that Cisco keeps for token ring and FDDI."""
    found = {index[-1] for index, state in states.items() if index and state == _IN_USE}
    return tuple(sorted(vlan for vlan in found if 0 < vlan < 4095 and vlan not in range(1002, 1006)))


def in_vlan(vlan: int, told: Mapping[str, Table]) -> dict[str, dict[Index, bytes | int | str]]:
    """Return tables that were read in the context of a VLAN, with the VLAN before each MAC address."""
    marked = {"fdb_port": "vlan_port", "fdb_status": "vlan_status"}
    return {
        marked.get(name, name): {
            (vlan, *index) if name in marked else index: value for index, value in table.items()
        }
        for name, table in told.items()
    }


def _learned(told: Mapping[str, Table]) -> list[tuple[str, int, str]]:
    """Return MAC, bridge port and VLAN of each learned row, once; Q-BRIDGE knows the VLAN, so it goes first."""
    vlans = {fdb: index[-1] for index, fdb in told.get("vlan_fdb", {}).items() if isinstance(fdb, int) and index}
    found: dict[tuple[str, int], str] = {}
    for table, status in (("q_port", "q_status"), ("vlan_port", "vlan_status"), ("fdb_port", "fdb_status")):
        states = told.get(status, {})
        for index, port in told.get(table, {}).items():
            mac = _mac(index[-6:])
            if not mac or not isinstance(port, int) or port <= 0 or states.get(index, _LEARNED) != _LEARNED:
                continue
            fdb = index[0] if len(index) == 7 else None
            found.setdefault((mac, port), "" if fdb is None else str(vlans.get(fdb, fdb)))
    return [(mac, port, vlan) for (mac, port), vlan in found.items()]


def _ports(told: Mapping[str, Table]) -> _Ports:
    numbered = told.get("base_port", {})
    interfaces = {index[-1]: number for index, number in numbered.items() if index and isinstance(number, int)}
    by_interface = {index[-1]: _text(name) for index, name in told.get("if_name", {}).items() if index}
    aliases = {index[-1]: _text(name) for index, name in told.get("if_alias", {}).items() if index}
    names = {port: by_interface[number] for port, number in interfaces.items() if by_interface.get(number)}
    labels = {port: aliases[number] for port, number in interfaces.items() if number in aliases}
    known = set(interfaces) | {port for _, port, _ in _learned(told)}
    power = {port: _power(port, names.get(port, ""), told) for port in known}
    return _Ports(names, labels, power, _uplinks(told, names))


def _uplinks(told: Mapping[str, Table], names: Mapping[int, str]) -> dict[int, str]:
    """Return the bridge ports behind which LLDP names a switch or router, with its name."""
    by_name = {name.lower(): port for port, name in names.items()}
    named = told.get("lldp_port", {})
    local = {index[-1]: by_name.get(_text(name).lower()) for index, name in named.items() if index}
    found = {}
    for index, capable in told.get("lldp_capable", {}).items():
        if len(index) == 3 and isinstance(capable, bytes) and capable[:1] and capable[0] & _SWITCHES:
            # LLDP numbers ports as the bridge does, unless it names them otherwise.
            port = local.get(index[1]) or index[1]
            found[port] = _text(told.get("lldp_name", {}).get(index, b""))
    return found


def _power(port: int, name: str, told: Mapping[str, Table]) -> str:
    """Return whether a port gives PoE: on, off or none; empty where the switch does not tell of PoE at all."""
    admin, state = told.get("poe_admin", {}), told.get("poe_state", {})
    if not admin and not state:
        return ""
    numbers = [int(text) for text in _NUMBERS.findall(name)]
    # A stack names a port unit/module/port and counts PoE by unit and port; a single switch by 1 and port.
    candidates = [(numbers[0], numbers[-1])] if len(numbers) > 1 else [(1, numbers[0])] if numbers else []
    index = next((each for each in (*candidates, (1, port)) if each in admin or each in state), None)
    if index is None:
        return "none"
    return "on" if state.get(index) == _DELIVERS and admin.get(index, _ON) == _ON else "off"


def _addresses(arp: Table) -> dict[str, str]:
    """Return the IPv4 address of each MAC in the ARP table; a MAC with several is a router, and has none here."""
    found: dict[str, list[str]] = {}
    for index, value in arp.items():
        mac = as_mac(value.hex(":")) if isinstance(value, bytes) and len(value) == 6 else ""
        address = as_address(".".join(map(str, index[-4:]))) if len(index) == 5 else ""
        if mac and address:
            found.setdefault(mac, []).append(address)
    return {mac: addresses[0] for mac, addresses in found.items() if len(set(addresses)) == 1}


def _mac(index: Index) -> str:
    if len(index) != 6 or not all(0 <= part < 256 for part in index):
        return ""
    return as_mac(bytes(index).hex(":"))


def _text(value: bytes | int | str) -> str:
    return decode(value, 64).strip() if isinstance(value, bytes) else str(value)
