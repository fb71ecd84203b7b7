"""Dahua's device search (DHIP, UDP 37810): in goes a datagram, out come ``dhip.*`` fields.

One search is sent once: any byte draws some 800 back, so nothing is repeated and nothing goes beyond the scope.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import REPLY_LIMIT, Host
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram
from camaudit.probes.text import decode

PORT = 37810
GROUPS = ("239.255.255.251",)
WAIT_S = 1.0

_MAGIC = b"\x20\x00\x00\x00DHIP"
_HEADER_BYTES = 32
_SEARCH = b'{"method":"DHDiscover.search","params":{"mac":"","uni":1}}\n'
_PAIR = re.compile(r'"(\w{1,64})"\s{0,9}:\s{0,9}(?:"([^"]{0,8192})"|([^\s",{}\[\]]{1,64}))')
_DEVICE_INFO = {
    "Vendor": "dhip.vendor",
    "Manufacturer": "dhip.manufacturer",
    "DeviceType": "dhip.device_type",
    "DeviceClass": "dhip.device_class",
    "SerialNo": "dhip.serial",
    "Version": "dhip.version",
    "MachineName": "dhip.machine_name",
    "Port": "dhip.port",
    "HttpPort": "dhip.http_port",
    "Init": "dhip.init",
    "RemoteVideoInputChannels": "dhip.remote_channels",
}

Pairs = dict[str, str]


def request() -> bytes:
    """Return the search: 32 bytes of header, the length in it twice, and 59 bytes of JSON."""
    length = len(_SEARCH)
    return _MAGIC + bytes(8) + struct.pack("<IIII", length, 0, length, 0) + _SEARCH


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of a reply, or ``None`` where it is none (an echoed search is none).

    The lengths in the header are not believed: the JSON is read from the bytes that are there.
    """
    if not datagram.startswith(_MAGIC) or len(datagram) <= _HEADER_BYTES:
        return None
    text = decode(datagram[_HEADER_BYTES:REPLY_LIMIT], REPLY_LIMIT)
    method, mac, info, address = _read(text[max(0, text.find("{")) :])
    if method.startswith("DHDiscover.") or not (method or info):
        return None
    fields: Fields = {
        "dhip.reply": (method,),
        "dhip.mac": (mac or next((value for key, value in info.items() if key.lower() == "mac"), ""),),
        "dhip.ipv4": (address,),
    }
    fields |= {field: (info.get(key, ""),) for key, field in _DEVICE_INFO.items()}
    return {name: values for name, values in fields.items() if values[0]}


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    record = Record(host, port, "dhip", now)
    return await ask_by_datagram(record, (request(),), parse, wait_s=WAIT_S)


def _read(text: str) -> tuple[str, str, Pairs, str]:
    """Return method, MAC, device information and IPv4 address, from JSON or from what is left of it."""
    try:
        said, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        pairs = {key: quoted or bare for key, quoted, bare in reversed(_PAIR.findall(text))}
        return pairs.pop("method", ""), pairs.pop("mac", ""), pairs, pairs.get("IPAddress", "")
    params = _member(said, "params")
    info = _member(params, "deviceInfo")
    top = _scalars(said)
    mac = top.get("mac") or _scalars(params).get("mac", "")
    return top.get("method", ""), mac, _scalars(info), _scalars(_member(info, "IPv4Address")).get("IPAddress", "")


def _member(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _scalars(value: object) -> Pairs:
    """Return the members that are plain values, written as JSON writes them."""
    if not isinstance(value, dict):
        return {}
    return {
        str(key): member if isinstance(member, str) else json.dumps(member)
        for key, member in value.items()
        if isinstance(member, str | int | float) and _is_short(member)
    }


def _is_short(member: str | int | float) -> bool:
    # Python refuses to write integers of thousands of digits; no port or count has them.
    return not isinstance(member, int) or abs(member) < 1 << 64
