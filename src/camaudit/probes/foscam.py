"""Foscam's device search (UDP 10000): in goes a datagram, out come ``foscam.*`` fields.

The search is that of the maker's tool as two programs recorded it: 23 bytes of header with operation 0, and a body
of four. Other operations set a camera and are never sent. An answer may be hidden by a key that its header holds.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.octets import filled, ipv4_at, text_at, written_mac
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 10000
WAIT_S = 1.0

_MAGIC = b"MO_I"
_SEARCH = _MAGIC + bytes.fromhex("0000000000000000000000040000000400000000000001")
_ANSWER_BYTES = 0x57
_LONGEST_BYTES = 512
_HIDDEN_AT, _KEY_AT, _BODY_AT = 0x06, 0x07, 0x17
_ID_AT, _NAME_AT, _IPV4_AT, _FIRMWARE_AT, _PORT_AT, _TYPE_AT = 0x17, 0x24, 0x39, 0x4D, 0x55, 0x6B


def request() -> bytes:
    """Return the search."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (a search is shorter)."""
    if not datagram.startswith(_MAGIC) or not _ANSWER_BYTES <= len(datagram) <= _LONGEST_BYTES:
        return None
    data = _shown(datagram)
    identity = text_at(data, _ID_AT, 13)
    mac = written_mac(identity)
    if not mac:
        return None
    return filled(
        {
            "foscam.reply": _MAGIC.decode(),
            "foscam.mac": mac,
            "foscam.ipv4": ipv4_at(data, _IPV4_AT),
            "foscam.http_port": str(int.from_bytes(data[_PORT_AT : _PORT_AT + 2], "big") or ""),
            "foscam.name": text_at(data, _NAME_AT, 21),
            "foscam.firmware": ipv4_at(data, _FIRMWARE_AT),
            "foscam.type": text_at(data, _TYPE_AT, 14),
        }
    )


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "foscam", now), (request(),), parse, wait_s=WAIT_S)


def _shown(datagram: bytes) -> bytes:
    """Return an answer in the clear: a mark in its header says that each byte was combined with a key."""
    if not datagram[_HIDDEN_AT]:
        return datagram
    key = datagram[_KEY_AT : _KEY_AT + 8]
    body = bytes(byte ^ key[at % 8] for at, byte in enumerate(datagram[_BODY_AT:]))
    return datagram[:_BODY_AT] + body
