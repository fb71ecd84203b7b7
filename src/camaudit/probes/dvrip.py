"""Dahua's older device search (UDP 5050): in goes a datagram, out come ``dvrip.*`` fields.

Asked where the maker's port 37777 is open and DHIP stayed silent. The search is the vendor tool's, byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 5050
HINTS = frozenset({37777})
WAIT_S = 1.0

_SEARCH = bytes.fromhex("a301000100000000000000000000000002000000000000000000000000000000")
_ANSWER = 0xB3
_TEXT_AT = 0x78
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:-][0-9A-Fa-f]{2}){5}")
_MODEL = re.compile(r"\A([!-~][ -~]{1,63}?)(?=SerialNo:|Name:|Device:|\r|\n|\Z)")
_LINES = {
    "dvrip.serial": re.compile(r"SerialNo:([!-~]{4,64})"),
    "dvrip.name": re.compile(r"(?:\A|\n)Name:([!-~][ -~]{0,63})"),
    "dvrip.device": re.compile(r"Device:([!-~][ -~]{0,63})"),
}


def request() -> bytes:
    """Return the search: a header of 32 bytes."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none: MAC, model and lines follow 0x78 bytes."""
    if len(datagram) <= _TEXT_AT or datagram[0] != _ANSWER:
        return None
    text = decode(datagram[_TEXT_AT:REPLY_LIMIT], REPLY_LIMIT)
    mac = _MAC.match(text)
    if mac is None:
        return None
    rest = text[mac.end() :]
    model = _MODEL.match(rest)
    fields: Fields = {"dvrip.reply": ("b3",), "dvrip.mac": (mac[0],), "dvrip.model": (model[1],) if model else ()}
    for field, pattern in _LINES.items():
        found = pattern.search(rest)
        fields[field] = (found[1].strip(),) if found else ()
    return {name: values for name, values in fields.items() if values}


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "dvrip", now), (request(),), parse, wait_s=WAIT_S)
