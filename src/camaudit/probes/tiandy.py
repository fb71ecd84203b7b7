"""Tiandy's device search (UDP 3000): in goes a datagram, out come ``tiandy.*`` fields.

Asked where the maker's own port 3002 is open. The search is the vendor client's, byte for byte; that client asks
one address as well as two groups.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 3000
HINTS = frozenset({3002})
WAIT_S = 1.0

_HEADER = struct.Struct("<IHHH")
_MAGIC = 0xE5E5BEBE
_MARKER, _END = "NEWM4V00\t", "\n\n\n"
_SEARCH = f"IP\tIP\t{_MARKER}CMD\tSEEKNVSS{_END}".encode("ascii")
_ANSWER = ["CMD", "NVSS"]
_MAC = 2
_PLACES = {
    6: "tiandy.channels",
    10: "tiandy.http_port",
    22: "tiandy.model",
    24: "tiandy.serial",
    32: "tiandy.ipv4",
}
"""Where a value stands in an answer, counted from the word CMD; the MAC address is written backwards."""


def request() -> bytes:
    """Return the search: ten bytes of header, the last two the length of the text behind them."""
    return _HEADER.pack(_MAGIC, 0, 0, len(_SEARCH)) + _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none (our own search, echoed, is none)."""
    if len(datagram) <= _HEADER.size or _HEADER.unpack_from(datagram)[0] != _MAGIC:
        return None
    for words in _commands(decode(datagram[_HEADER.size : REPLY_LIMIT], REPLY_LIMIT)):
        if words[:2] == _ANSWER:
            fields: Fields = {"tiandy.reply": ("NVSS",), "tiandy.mac": (_mac(words),)}
            fields |= {field: (words[place].strip(),) for place, field in _PLACES.items() if place < len(words)}
            return {name: values for name, values in fields.items() if values[0]}
    return None


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    return await ask_by_datagram(Record(host, port, "tiandy", now), (request(),), parse, wait_s=WAIT_S)


def _commands(text: str) -> Iterator[list[str]]:
    for part in text.split(_END):
        _, marker, said = part.partition(_MARKER)
        if marker:
            yield said.split("\t")


def _mac(words: list[str]) -> str:
    octets = words[_MAC].split(":") if len(words) > _MAC else []
    sound = len(octets) == 6 and all(len(octet) == 2 for octet in octets)
    return ":".join(reversed(octets)) if sound else ""
