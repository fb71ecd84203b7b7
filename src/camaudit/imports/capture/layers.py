"""What stands below TCP and UDP: link types, VLAN tags, extension headers. In go bytes, out come offsets."""

from __future__ import annotations

ETHERNET = 1
IPV4, IPV6, ARP, LLDP = b"\x08\x00", b"\x86\xdd", b"\x08\x06", b"\x88\xcc"
TCP, UDP, ICMPV6 = 6, 17, 58
NO_MAC = -1
NOTHING = (b"", 0, NO_MAC)

_VLAN = (b"\x81\x00", b"\x88\xa8", b"\x91\x00")
_MOST_TAGS = 4
_RAW = frozenset({12, 14, 101, 228, 229})
_SLL, _SLL2 = 113, 276
_NULL, _LOOP = 0, 108
_EXTENSIONS = frozenset({0, 43, 60, 135, 139, 140})
_FRAGMENT = 44
_MOST_EXTENSIONS = 8

Inside = tuple[bytes, int, int]
"""Ethernet type, where the network layer begins, and where the sender's MAC address stands (or ``NO_MAC``)."""


def network(link: int, data: bytes) -> Inside:
    """Return what a frame of a link type carries; ``NOTHING`` where it is none we know."""
    if link == ETHERNET:
        return _untagged(data, 12, 6)
    if link == _SLL:
        return _untagged(data, 14, 6 if data[4:6] == b"\x00\x06" else NO_MAC)
    if link == _SLL2:
        return data[0:2], 20, 12 if data[11:12] == b"\x06" else NO_MAC
    if link in _RAW:
        return _by_version(data, 0)
    if link in (_NULL, _LOOP):
        return _by_version(data, 4)
    return NOTHING


def _untagged(data: bytes, at: int, mac: int) -> Inside:
    for _ in range(_MOST_TAGS):
        if data[at : at + 2] not in _VLAN:
            break
        at += 4
    return data[at : at + 2], at + 2, mac


def _by_version(data: bytes, at: int) -> Inside:
    version = data[at] >> 4 if len(data) > at else 0
    return {4: IPV4, 6: IPV6}.get(version, b""), at, NO_MAC


def upper_of_ipv6(data: bytes, start: int) -> tuple[int, int, bool, bool]:
    """Return protocol, where it begins, whether it is a fragment, and whether it is one that has no beginning."""
    following, at, fragment, later = data[start + 6], start + 40, False, False
    for _ in range(_MOST_EXTENSIONS):
        if at + 8 > len(data):
            return -1, at, fragment, later
        if following == _FRAGMENT:
            offset = int.from_bytes(data[at + 2 : at + 4], "big")
            fragment, later = fragment or bool(offset & 0xFFF9), later or bool(offset & 0xFFF8)
            following, at = data[at], at + 8
        elif following in _EXTENSIONS:
            following, at = data[at], at + 8 + data[at + 1] * 8
        else:
            break
    return following, at, fragment, later
