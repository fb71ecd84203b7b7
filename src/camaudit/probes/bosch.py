"""Bosch's device search (UDP 1757, answered to UDP 1758): in goes a datagram, out come ``bosch.*`` fields.

The search is one that the maker's tool sent; its last two bytes name the port for the answer. Units answer in 32
bytes, in XML, or in both.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.markup import read_markup
from camaudit.probes.octets import filled, ipv4_at, mac_at, written_ipv4, written_mac
from camaudit.probes.record import Now, Record, ask_by_datagram

PORT = 1757
REPLY_PORT = 1758
WAIT_S = 1.0

_MAGIC = bytes.fromhex("9939a427")
_SEARCH = _MAGIC + bytes.fromhex("6008ad0aff0006de")
_SHORT_BYTES = 32
_MAC_AT, _IPV4_AT = 0x08, 0x10
_NAMESPACE = "OEMExt00:device"


def request() -> bytes:
    """Return the search: the magic, a number that answers repeat, and the port that they go to."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer in either form, or ``None`` where it is none (a search is shorter)."""
    return _short(datagram) if datagram.startswith(_MAGIC) else _long(datagram)


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    record = Record(host, port, "bosch", now)
    return await ask_by_datagram(record, (request(),), parse, wait_s=WAIT_S, reply_port=REPLY_PORT)


def _short(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    mac = mac_at(datagram, _MAC_AT)
    if len(datagram) != _SHORT_BYTES or not mac:
        return None
    return filled({"bosch.reply": "binary", "bosch.mac": mac, "bosch.ipv4": ipv4_at(datagram, _IPV4_AT)})


def _long(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    markup = read_markup(datagram) if datagram.lstrip()[:1] == b"<" else None
    if markup is None or not any(each.startswith(_NAMESPACE) for each in markup.namespaces):
        return None
    return filled(
        {
            "bosch.reply": "xml",
            "bosch.mac": written_mac(markup.first("physAddress")),
            "bosch.ipv4": written_ipv4(markup.first("unitIPAddress")),
            "bosch.http_port": markup.first("HTTPPort"),
            "bosch.model": markup.first("friendlyName"),
            "bosch.serial": markup.first("serialNumber"),
        }
    )
