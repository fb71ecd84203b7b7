"""VStarcam's device search (UDP 8600, answered to UDP 8601): in goes a datagram, out come ``vstarcam.*`` fields.

The answer goes on after what is read here, and holds the name and password of a cloud account there: none of it is
looked at.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.octets import filled, mac_at, text_at, written_ipv4
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 8600
REPLY_PORT = 8601
WAIT_S = 1.0

_SEARCH = bytes.fromhex("44480101")
_ANSWER = bytes.fromhex("44480108")
_IPV4_AT, _MAC_AT, _PORT_AT = 0x04, 0x54, 0x5A
_SERIAL_AT, _NAME_AT, _FIRMWARE_AT, _READ_BYTES = 0x5C, 0x7C, 0xCC, 0xDC


def request() -> bytes:
    """Return the search."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none."""
    address = written_ipv4(text_at(datagram, _IPV4_AT, 16))
    if not datagram.startswith(_ANSWER) or len(datagram) < _READ_BYTES or not address:
        return None
    return filled(
        {
            "vstarcam.reply": _ANSWER.hex(),
            "vstarcam.mac": mac_at(datagram, _MAC_AT),
            "vstarcam.ipv4": address,
            "vstarcam.http_port": str(int.from_bytes(datagram[_PORT_AT : _PORT_AT + 2], "little") or ""),
            "vstarcam.serial": text_at(datagram, _SERIAL_AT, 32),
            "vstarcam.name": text_at(datagram, _NAME_AT, 32),
            "vstarcam.firmware": text_at(datagram, _FIRMWARE_AT, 16),
        }
    )


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    record = Record(host, port, "vstarcam", now)
    return await ask_by_datagram(record, (request(),), parse, wait_s=WAIT_S, reply_port=REPLY_PORT)
