"""TP-Link's older device search (UDP 9999): in goes a datagram, out come ``kasa.*`` fields.

JSON in which each byte is combined with the one before it. The question is the one that python-kasa asks, as the
maker's app does. Plugs and bulbs answer it too; where they stand and whose they are, which they tell as well, is
not kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.octets import filled, written_mac
from camaudit.probes.record import Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 9999
WAIT_S = 1.0

_FIRST_KEY = 171
_QUESTION = b'{"system":{"get_sysinfo":{}}}'
_MEMBERS = {
    "kasa.device_type": ("type", "mic_type"),
    "kasa.model": ("model",),
    "kasa.firmware": ("sw_ver",),
}


def request() -> bytes:
    """Return the question what the unit is."""
    hidden = bytearray()
    key = _FIRST_KEY
    for byte in _QUESTION:
        key ^= byte
        hidden.append(key)
    return bytes(hidden)


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (our own question, echoed, is empty)."""
    hidden = datagram[:REPLY_LIMIT]
    shown = bytes(byte ^ key for byte, key in zip(hidden, bytes([_FIRST_KEY]) + hidden, strict=False))
    if not shown.startswith(b"{"):
        return None
    try:
        said, _ = json.JSONDecoder(strict=False).raw_decode(decode(shown, REPLY_LIMIT))
    except (ValueError, RecursionError):
        return None
    told = _member(_member(said, "system"), "get_sysinfo")
    # Cameras put one more name around what they say.
    told = _member(told, "system") or told
    if not isinstance(told, dict):
        return None
    fields = {field: _text(told, names) for field, names in _MEMBERS.items()}
    fields["kasa.mac"] = written_mac(_text(told, ("mac", "mic_mac", "ethernet_mac")))
    return filled(fields) if fields["kasa.device_type"] else None


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Ask one host what it is."""
    return await ask_by_datagram(Record(host, port, "kasa", now), (request(),), parse, wait_s=WAIT_S)


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def _text(told: Mapping[str, object], names: tuple[str, ...]) -> str:
    values = (told.get(name) for name in names)
    return next((value for value in values if isinstance(value, str) and value), "")
