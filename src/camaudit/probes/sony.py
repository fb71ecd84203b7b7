"""Sony's device search (UDP 2380): in goes a datagram, out come ``sony.*`` fields.

Units of text between marks, as the maker's manuals describe it for its cameras' setting protocol. Only the
question for everything is sent; a datagram that names a MAC address would set that camera.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.octets import filled, written_ipv4, written_mac
from camaudit.probes.record import Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 2380
WAIT_S = 1.0

_BEGIN, _UNIT, _END = b"\x02", b"\xff", b"\x03"
_SEARCH = _BEGIN + b"ENQ:allinfo" + _UNIT + _END
_MOST_UNITS = 64
_UNITS = {
    "sony.model": "MODEL",
    "sony.serial": "SERIAL",
    "sony.firmware": "SOFTVERSION",
    "sony.http_port": "WEBPORT",
}


def request() -> bytes:
    """Return the question for everything."""
    return _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of an answer, or ``None`` where it is none: it must name a MAC address and a model."""
    data = datagram[:REPLY_LIMIT]
    if not data.startswith(_BEGIN) or not data.endswith(_END):
        return None
    said = dict(_said(unit) for unit in data[1:-1].split(_UNIT)[:_MOST_UNITS])
    mac = written_mac(said.get("MAC", ""))
    if not mac or not said.get("MODEL"):
        return None
    fields = {"sony.reply": "MAC", "sony.mac": mac, "sony.ipv4": written_ipv4(said.get("IPADR", ""))}
    return filled(fields | {field: said.get(name, "") for field, name in _UNITS.items()})


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Ask one host for everything."""
    return await ask_by_datagram(Record(host, port, "sony", now), (request(),), parse, wait_s=WAIT_S)


def _said(unit: bytes) -> tuple[str, str]:
    name, _, value = decode(unit, 512).partition(":")
    return name.strip().upper(), value.strip()
