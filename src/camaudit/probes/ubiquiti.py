"""Ubiquiti's device search (UDP 10001): in goes a datagram, out come ``ubiquiti.*`` fields.

Cameras answer it, and so do access points, routers and bridges. What an answer says of a wireless network is not
read.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.octets import filled, ipv4_at, mac_at, parts_of, text_at
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 10001
WAIT_S = 1.0

_SEARCH = bytes.fromhex("01000000")
_VERSIONS = frozenset({1, 2})
_MAC, _MAC_AND_IPV4, _FIRMWARE, _PLATFORM, _FULL_MODEL, _MODEL = 0x01, 0x02, 0x03, 0x0C, 0x14, 0x15


def request() -> bytes:
    """Return the search: version 1, and nothing behind the header."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer or announcement, or ``None`` where it is none (a search has no parts)."""
    size = int.from_bytes(datagram[2:4], "big")
    if len(datagram) <= 4 or datagram[0] not in _VERSIONS or size != len(datagram) - 4:
        return None
    parts = dict(parts_of(datagram, 4, 1, 2))
    both = parts.get(_MAC_AND_IPV4, b"")
    mac = mac_at(parts.get(_MAC, b"") or both, 0)
    if not mac:
        return None
    models = (text_at(parts.get(tag, b""), 0, 64) for tag in (_FULL_MODEL, _MODEL, _PLATFORM))
    return filled(
        {
            "ubiquiti.reply": f"{datagram[0]:02x}",
            "ubiquiti.mac": mac,
            "ubiquiti.ipv4": ipv4_at(both, 6),
            "ubiquiti.model": next(filter(None, models), ""),
            "ubiquiti.firmware": text_at(parts.get(_FIRMWARE, b""), 0, 128),
        }
    )


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "ubiquiti", now), (request(),), parse, wait_s=WAIT_S)
