"""Hanwha's device search (UDP 7701, answered to UDP 7711): in goes a datagram, out come ``hanwha.*`` fields.

The search is that of the maker's IP Installer, whose format its SUNAPI manual describes (mode 1, DEF_REQ_SCAN;
others change a unit and are never sent). The field for a password, which no answer fills, is not read.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.octets import filled, text_at, written_ipv4, written_mac
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 7701
REPLY_PORT = 7711
WAIT_S = 1.0

_SEARCH = b"\x01" + bytes(261)
_ANSWER, _LONG_ANSWER = 0x0B, 0x0C
_MAC_AT, _IPV4_AT, _PORT_AT, _MODEL_AT = 0x13, 0x25, 0x6A, 0x6D
_LONG_MODEL_AT, _KIND_AT = 0x125, 0x145
"""A longer model name and the kind of the unit, in the longer answer that only newer searches draw."""


def request() -> bytes:
    """Return the search: 262 bytes, all zeros but the mode."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (a search has no address in it)."""
    if len(datagram) < _MODEL_AT + 10 or datagram[0] not in (_ANSWER, _LONG_ANSWER):
        return None
    mac = written_mac(text_at(datagram, _MAC_AT, 18))
    address = written_ipv4(text_at(datagram, _IPV4_AT, 16))
    if not mac or not address:
        return None
    is_long = datagram[0] == _LONG_ANSWER and len(datagram) > _KIND_AT
    model = (is_long and text_at(datagram, _LONG_MODEL_AT, 32)) or text_at(datagram, _MODEL_AT, 10)
    port = int.from_bytes(datagram[_PORT_AT : _PORT_AT + 2], "little")
    return filled(
        {
            "hanwha.reply": f"{datagram[0]:02x}",
            "hanwha.mac": mac,
            "hanwha.ipv4": address,
            "hanwha.http_port": str(port or ""),
            "hanwha.model": model,
            "hanwha.kind": str(datagram[_KIND_AT]) if is_long else "",
        }
    )


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    record = Record(host, port, "hanwha", now)
    return await ask_by_datagram(record, (request(),), parse, wait_s=WAIT_S, reply_port=REPLY_PORT)
