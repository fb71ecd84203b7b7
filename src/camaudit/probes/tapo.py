"""TP-Link's device search (UDP 20002): in goes a datagram, out come ``tapo.*`` fields.

Asked where a camera's port 2020 is open. The search is that of the maker's app: a header of 16 bytes, no body.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 20002
HINTS = frozenset({2020})
WAIT_S = 1.0

_SEARCH = bytes.fromhex("020000010000000000000000463cb5d3")
_MEMBERS = {
    "tapo.device_type": "device_type",
    "tapo.model": "device_model",
    "tapo.mac": "mac",
    "tapo.firmware": "firmware_version",
}


def request() -> bytes:
    """Return the search."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (our own search, echoed, has no body)."""
    if len(datagram) <= len(_SEARCH) or datagram[:1] != _SEARCH[:1]:
        return None
    text = decode(datagram[len(_SEARCH) : REPLY_LIMIT], REPLY_LIMIT)
    try:
        said, _ = json.JSONDecoder(strict=False).raw_decode(text[max(0, text.find("{")) :])
    except (ValueError, RecursionError):
        return None
    told = said.get("result") if isinstance(said, dict) else None
    if not isinstance(told, dict):
        return None
    fields: Fields = {}
    for field, member in _MEMBERS.items():
        value = told.get(member)
        if isinstance(value, str) and value:
            fields[field] = (value,)
    return fields or None


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "tapo", now), (request(),), parse, wait_s=WAIT_S)
