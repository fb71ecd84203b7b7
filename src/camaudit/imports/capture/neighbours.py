"""What units say of themselves below IP: ARP, IPv6 neighbour discovery and LLDP. In go bytes, out come values."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from camaudit.imports.entry import as_address, as_mac
from camaudit.probes.text import decode

_ARP_HEAD = b"\x00\x01\x08\x00\x06\x04"
_SOLICITATION, _ADVERTISEMENT = 135, 136
_SOURCE_MAC, _TARGET_MAC = 1, 2
_CHASSIS, _PORT, _PORT_NAME, _NAME, _DESCRIPTION, _ADDRESS, _OWN = 1, 2, 4, 5, 6, 8, 127
_MED = b"\x00\x12\xbb"
_INVENTORY = {5: "hardware", 6: "firmware", 7: "software", 8: "serial", 9: "manufacturer", 10: "model"}
_BY_MAC = 4
_BRIDGE = 0x0004
_CAPABILITIES = 7


@dataclass(frozen=True, slots=True)
class Announced:
    """One LLDP announcement: the MAC and address of the unit, its texts by name, and whether it is a switch."""

    mac: str
    address: str
    texts: dict[str, str]
    switch: bool


def told_by_arp(data: bytes, start: int) -> tuple[str, str]:
    """Return the address and MAC that the sender of an ARP packet says it has; empty texts where it says none."""
    if data[start : start + 6] != _ARP_HEAD or len(data) < start + 28:
        return "", ""
    address, mac = data[start + 14 : start + 18], data[start + 8 : start + 14]
    return as_address(str(ipaddress.IPv4Address(address))), as_mac(mac.hex(":"))


def told_by_icmpv6(data: bytes, start: int, top: int) -> tuple[str, str]:
    """Return address and MAC of a neighbour solicitation's sender or an advertisement's target."""
    if len(data) < top + 24 or data[top] not in (_SOLICITATION, _ADVERTISEMENT):
        return "", ""
    asks = data[top] == _SOLICITATION
    wanted = _SOURCE_MAC if asks else _TARGET_MAC
    said = data[start + 8 : start + 24] if asks else data[top + 8 : top + 24]
    at = top + 24
    while at + 8 <= len(data):
        if data[at] == wanted and data[at + 1] == 1:
            return as_address(str(ipaddress.IPv6Address(said))), as_mac(data[at + 2 : at + 8].hex(":"))
        at += max(1, data[at + 1]) * 8
    return "", ""


def announced(data: bytes, start: int, sender: str) -> Announced:
    """Read an LLDP frame; ``sender`` is the MAC it came from, which holds where the chassis gives none."""
    texts: dict[str, str] = {}
    mac, address, switch = sender, "", False
    at = start
    while at + 2 <= len(data):
        head = int.from_bytes(data[at : at + 2], "big")
        kind, body = head >> 9, data[at + 2 : at + 2 + (head & 0x1FF)]
        at += 2 + (head & 0x1FF)
        if kind == 0:
            break
        if kind == _CHASSIS and body[:1] == bytes([_BY_MAC]):
            mac = as_mac(body[1:7].hex(":")) or mac
        elif kind == _ADDRESS and body[1:2] == b"\x01":
            address = as_address(".".join(map(str, body[2:6])))
        elif kind == _CAPABILITIES:
            switch = bool(int.from_bytes(body[2:4], "big") & _BRIDGE)
        elif kind in (_PORT_NAME, _NAME, _DESCRIPTION):
            name = {_PORT_NAME: "port", _NAME: "name", _DESCRIPTION: "description"}[kind]
            texts.setdefault(name, decode(body))
        elif kind == _OWN and body[:3] == _MED and len(body) > 4 and body[3] in _INVENTORY:
            texts.setdefault(_INVENTORY[body[3]], decode(body[4:]))
    return Announced(mac, address, texts, switch)
