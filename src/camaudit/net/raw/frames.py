"""ARP frames on Ethernet (RFC 826): in go addresses, out come bytes, and the other way round. Opens nothing."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

ARP = 0x0806
"""The Ethernet type of ARP."""

_BROADCAST = b"\xff" * 6
_ETHERNET = struct.Struct("!6s6sH")
_PACKET = struct.Struct("!HHBBH6s4s6s4s")
_REQUEST, _REPLY = 1, 2
_ON_ETHERNET_FOR_IPV4 = (1, 0x0800, 6, 4)


@dataclass(frozen=True, slots=True)
class ArpReply:
    """Who says to have ``address``, and to which address it said so."""

    address: str
    mac: str
    told: str


def arp_request(mac: bytes, source: str, target: str) -> bytes:
    """Return the frame that asks everybody for ``target``; raises ValueError where an address is none."""
    sender, wanted = (ipaddress.IPv4Address(address).packed for address in (source, target))
    return _ETHERNET.pack(_BROADCAST, mac, ARP) + _PACKET.pack(
        *_ON_ETHERNET_FOR_IPV4, _REQUEST, mac, sender, bytes(6), wanted
    )


def read_reply(frame: bytes) -> ArpReply | None:
    """Return what an ARP reply says; None for every other frame, and for a MAC that no single device can have."""
    if len(frame) < _ETHERNET.size + _PACKET.size:
        return None
    if _ETHERNET.unpack_from(frame)[2] != ARP:
        return None
    *kind, operation, mac, sender, _, target = _PACKET.unpack_from(frame, _ETHERNET.size)
    if tuple(kind) != _ON_ETHERNET_FOR_IPV4 or operation != _REPLY:
        return None
    if mac[0] & 1 or mac == bytes(6):
        return None
    return ArpReply(str(ipaddress.IPv4Address(sender)), mac.hex(":"), str(ipaddress.IPv4Address(target)))
