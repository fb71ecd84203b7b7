"""Reolink's device search (UDP 2000, answered to UDP 3000): in goes a datagram, out come ``reolink.*`` fields."""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.octets import filled, mac_at, text_at, written_ipv4, written_mac
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 2000
REPLY_PORT = 3000
WAIT_S = 1.0

_SEARCH = bytes.fromhex("aaaa0000")
_ANSWER_BYTES = 388
_PACKED_MAC_AT, _ECHO_AT, _IPV4_AT, _NAME_AT, _MAC_AT, _UID_AT = 80, 104, 108, 132, 164, 228


def request() -> bytes:
    """Return the search: four bytes that the answer repeats."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none: its length and the repeated bytes tell it."""
    if len(datagram) != _ANSWER_BYTES or datagram[_ECHO_AT : _ECHO_AT + 4] != _SEARCH:
        return None
    return filled(
        {
            "reolink.reply": _SEARCH.hex(),
            "reolink.mac": written_mac(text_at(datagram, _MAC_AT, 18)) or mac_at(datagram, _PACKED_MAC_AT),
            "reolink.ipv4": written_ipv4(text_at(datagram, _IPV4_AT, 16)),
            "reolink.name": text_at(datagram, _NAME_AT, 32),
            "reolink.uid": text_at(datagram, _UID_AT, 32),
        }
    )


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    record = Record(host, port, "reolink", now)
    return await ask_by_datagram(record, (request(),), parse, wait_s=WAIT_S, reply_port=REPLY_PORT)
