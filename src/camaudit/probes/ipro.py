"""i-PRO's and Panasonic's device search (UDP 10670, answered to UDP 10669): a datagram in, ``ipro.*`` fields out.

The search is command 13 in its short form, as a scanner for all makers sends it; other commands change a unit and
are never sent. It carries the address of whoever asks and ends in a sum over all of it. (The maker's own tool adds
a list of what it wants to know, and so sends 94 bytes.) Units answer to everybody on the link.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host, Sender
from camaudit.probes.octets import filled, ipv4_at, mac_at, parts_of, text_at
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 10670
REPLY_PORT = 10669
WAIT_S = 1.0

_HEAD = bytes.fromhex("00010000000d000000000000")
_BEHIND = bytes.fromhex("000120111e11231f1e1913000002000000000000000000000000ffff")
_END = b"\xff\xff"
_NO_MAC = "00:00:00:00:00:00"
_ANSWER = 0x000E
_MAC_AT, _PARTS_AT = 6, 0x3A
_IPV4, _HTTP_PORT, _CHANNELS = 0x20, 0x25, 0xC0
_TEXTS = {0xA7: "ipro.name", 0xA8: "ipro.model", 0xA9: "ipro.firmware", 0xD1: "ipro.serial"}


def request(sender: Sender) -> bytes:
    """Return the search of whoever asks from ``sender``: 52 bytes."""
    mac = bytes.fromhex((sender.mac or _NO_MAC).replace(":", ""))
    whole = _HEAD + mac + _packed(sender.address) + _BEHIND
    return whole + _check(whole)


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none: its sum must be right."""
    is_answer = datagram[:2] == b"\0\1" and int.from_bytes(datagram[4:6], "big") == _ANSWER
    if not is_answer or datagram[-4:-2] != _END or datagram[-2:] != _check(datagram[:-2]):
        return None
    parts = dict(parts_of(datagram[:-4], _PARTS_AT, 2, 2))
    fields = {"ipro.reply": "000e", "ipro.mac": mac_at(datagram, _MAC_AT)}
    fields["ipro.ipv4"] = ipv4_at(parts.get(_IPV4, b""), 0)
    fields |= {name: text_at(parts.get(tag, b""), 0, 64) for tag, name in _TEXTS.items()}
    for tag, name in ((_HTTP_PORT, "ipro.http_port"), (_CHANNELS, "ipro.channels")):
        fields[name] = str(int.from_bytes(parts[tag], "big")) if len(parts.get(tag, b"")) == 2 else ""
    return filled(fields)


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    record = Record(host, port, "ipro", now)
    search = request(host.sender)
    return await ask_by_datagram(record, (search,), parse, wait_s=WAIT_S, reply_port=REPLY_PORT)


def _check(data: bytes) -> bytes:
    """Return the sum of all bytes and one, as the maker's tool and three recorded answers end in it."""
    return ((sum(data) + 1) & 0xFFFF).to_bytes(2, "big")


def _packed(address: str) -> bytes:
    return bytes(int(part) & 0xFF for part in address.split(".")) if address.count(".") == 3 else bytes(4)
