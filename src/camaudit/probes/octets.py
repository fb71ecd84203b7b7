"""Values at fixed places of a datagram: in go bytes, out come text, MAC and IPv4 addresses, or nothing. Pure.

Text ends at the first NUL, as devices pad it; nothing here raises on any bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from camaudit.probes.record import Fields
from camaudit.probes.text import decode

_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})")
_BARE_MAC = re.compile(r"[0-9A-Fa-f]{12}")
_IPV4 = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}")


def text_at(data: bytes, start: int, size: int) -> str:
    """Return the text in ``size`` bytes from ``start``, up to the first NUL; empty where some is no text."""
    text = decode(data[start : start + size].partition(b"\0")[0]).strip()
    return text if text.isprintable() else ""


def mac_at(data: bytes, start: int) -> str:
    """Return the MAC address in the six bytes from ``start``; all zeros and all ones are none."""
    octets = data[start : start + 6]
    return octets.hex(":") if len(octets) == 6 and len(set(octets) | {0, 255}) > 2 else ""


def ipv4_at(data: bytes, start: int) -> str:
    """Return the IPv4 address in the four bytes from ``start``, the first octet first."""
    octets = data[start : start + 4]
    return ".".join(map(str, octets)) if len(octets) == 4 and any(octets) else ""


def written_mac(text: str) -> str:
    """Return a MAC address that is written out, with colons, dashes or nothing between its octets."""
    if _BARE_MAC.fullmatch(text):
        return bytes.fromhex(text).hex(":")
    return text if _MAC.fullmatch(text) else ""


def written_ipv4(text: str) -> str:
    """Return an IPv4 address that is written out."""
    return text if _IPV4.fullmatch(text) and all(int(part) < 256 for part in text.split(".")) else ""


def parts_of(data: bytes, start: int, tag: int, length: int) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of each part from ``start``; ``tag`` and ``length`` are the bytes of either, big-endian.

    Ends at the first part that is longer than what is left.
    """
    while start + tag + length <= len(data):
        kind = int.from_bytes(data[start : start + tag], "big")
        begin = start + tag + length
        start = begin + int.from_bytes(data[start + tag : begin], "big")
        if start > len(data):
            return
        yield kind, data[begin:start]


def filled(fields: Mapping[str, str]) -> Fields:
    """Return the fields that hold something."""
    return {name: (value,) for name, value in fields.items() if value}
