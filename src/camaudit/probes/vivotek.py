"""Vivotek's device search (UDP 10000): in goes a datagram, out come ``vivotek.*`` fields.

The first byte is what is wanted (1: search), the four behind it are repeated in the answer. The port is shared
with Foscam's search, which looks different.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.octets import filled, ipv4_at, mac_at, text_at
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 10000
WAIT_S = 1.0

_SEARCH = bytes.fromhex("014a5d8f1c")
_ANSWER = 2
_NAME, _MAC, _IPV4, _FLAG, _MODEL = 1, 2, 3, 4, 9


def request() -> bytes:
    """Return the search."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none: names, MAC and IPv4 address must be there."""
    if len(datagram) <= len(_SEARCH) or datagram[0] != _ANSWER:
        return None
    parts = dict(_parts(datagram))
    mac, address = parts.get(_MAC, b""), parts.get(_IPV4, b"")
    if len(mac) != 6 or len(address) != 4 or not (_NAME in parts or _MODEL in parts):
        return None
    return filled(
        {
            "vivotek.reply": "02",
            "vivotek.mac": mac_at(mac, 0),
            "vivotek.ipv4": ipv4_at(address, 0),
            "vivotek.model": text_at(parts.get(_MODEL, b""), 0, 64),
            "vivotek.name": text_at(parts.get(_NAME, b""), 0, 64),
        }
    )


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "vivotek", now), (request(),), parse, wait_s=WAIT_S)


def _parts(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and value of each part; the one of tag 4 is a single byte that no length stands before."""
    at = len(_SEARCH)
    while at + 1 < len(datagram):
        tag, size = datagram[at], datagram[at + 1]
        begin = at + 2
        at = begin if tag == _FLAG else begin + size
        if not tag or at > len(datagram):
            return
        yield tag, datagram[begin:at]
