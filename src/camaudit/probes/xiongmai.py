"""Xiongmai's device search (UDP 34569): in goes a datagram, out come ``xm.*`` fields.

Asked where the maker's own port 34567 is open. The search is the vendor tool's, byte for byte.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 34569
HINTS = frozenset({34567, 8899})
WAIT_S = 1.0

_SEARCH = bytes.fromhex("ff00000000000000000000000000fa0500000000")
_HEADER_BYTES = 20
_ANSWERS = frozenset({1530, 1531})
"""Message ids of an answer: to a search, and of a unit that announces itself in the search's own form."""

_MEMBERS = {
    "xm.serial": "SN",
    "xm.mac": "MAC",
    "xm.name": "HostName",
    "xm.firmware": "Version",
}


def request() -> bytes:
    """Return the search: a header of 20 bytes with message id 1530 and no body."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (our own search, echoed, has no body)."""
    if len(datagram) <= _HEADER_BYTES or datagram[:1] != b"\xff":
        return None
    (message,) = struct.unpack_from("<H", datagram, 14)
    if message not in _ANSWERS:
        return None
    text = decode(datagram[_HEADER_BYTES:REPLY_LIMIT], REPLY_LIMIT)
    try:
        said, _ = json.JSONDecoder(strict=False).raw_decode(text[max(0, text.find("{")) :])
    except (ValueError, RecursionError):
        return None
    told = said.get("NetWork.NetCommon") if isinstance(said, dict) else None
    if not isinstance(told, dict):
        return None
    fields: Fields = {"xm.reply": ("NetWork.NetCommon",)}
    for field, member in _MEMBERS.items():
        value = told.get(member)
        if isinstance(value, str) and value:
            fields[field] = (value,)
    return fields


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "xm", now), (request(),), parse, wait_s=WAIT_S)
