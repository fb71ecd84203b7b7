"""The cameras that a recorder lists: its answer in, the fields of each channel out.

``channel.*`` is what the recorder's own settings say; ``behind.*`` what the camera behind it told the recorder.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping

from camaudit.probes.markup import Markup
from camaudit.probes.record import Fields

MOST = 512
"""Channels read of one recorder; the largest have 256."""

LIST_LIMIT = 512 * 1024
"""Bytes of such a list; Dahua's takes 3 KiB a channel."""

_HIKVISION = {
    "channel.name": "name",
    "channel.protocol": "proxyProtocol",
    "channel.maker": "manufacturer",
    "behind.model": "model",
    "behind.serial": "serialNumber",
    "behind.firmware": "firmwareVersion",
    "behind.mac": "macAddress",
}
_DAHUA = {
    "channel.protocol": "ProtocolType",
    "channel.maker": "Vendor",
    "behind.model": "DeviceType",
    "behind.serial": "SerialNo",
    "behind.firmware": "Version",
    "behind.mac": "Mac",
}
_TELLING = ("channel.address", "behind.model", "behind.serial", "behind.mac")
_REMOTE = re.compile(r"table\.RemoteDevice\.(?:uuid:)?(\w{1,60}?_?(\d{1,4}))\.(\w{1,40})=(.{0,200})")
_EMPTY_MACS = frozenset({"000000000000", "ffffffffffff"})


def of_input_proxy(listed: Markup, states: Markup | None) -> tuple[Fields, ...]:
    """Read Hikvision's ``InputProxyChannelList`` and, where it came, its status list."""
    online = (
        {part.first("id"): part.first("online") for part in states.after("InputProxyChannelStatus")}
        if states
        else {}
    )
    found = []
    for part in listed.after("InputProxyChannel")[:MOST]:
        number = part.first("id")
        fields = {name: part.first(element) for name, element in _HIKVISION.items()}
        fields["channel.number"] = number
        fields["channel.address"] = part.first("ipAddress") or part.first("ipv6Address")
        fields["channel.online"] = online.get(number, "")
        found.append(fields)
    return _in_use(found)


def of_remote_devices(settings: str, names: Mapping[int, str], states: Mapping[int, str]) -> tuple[Fields, ...]:
    """Read Dahua's ``RemoteDevice`` table; ``names`` and ``states`` are those of each channel, counted from 0.

    Only what is named above is taken out of it: some firmware writes the camera's password beside it.
    """
    rows: dict[str, dict[str, str]] = {}
    order: dict[str, int] = {}
    for key, number, element, value in _REMOTE.findall(settings):
        if len(rows) < MOST or key in rows:
            rows.setdefault(key, {})[element] = value.strip()
            order[key] = int(number)
    found = []
    for key, row in rows.items():
        if row.get("Enable", "true").lower() == "false":
            continue
        number = order[key]
        fields = {name: row.get(element, "") for name, element in _DAHUA.items()}
        fields["channel.number"] = str(number + 1)
        fields["channel.name"] = names.get(number, "")
        fields["channel.address"] = row.get("Address", "")
        fields["channel.online"] = states.get(number, "")
        found.append(fields)
    return _in_use(found)


def _in_use(channels: Iterable[Mapping[str, str]]) -> tuple[Fields, ...]:
    """Keep the channels behind which a camera is; an input that nobody uses names no address and no unit."""
    found: list[Fields] = []
    for channel in channels:
        told = {name: value.strip() for name, value in channel.items() if _is_told(name, value.strip())}
        if any(name in told for name in _TELLING):
            found.append({name: (value,) for name, value in told.items()})
    return tuple(found)


def _is_told(name: str, value: str) -> bool:
    if not value or value.lower() in ("null", "none", "n/a", "unknown"):
        return False
    if name == "behind.mac":
        digits = re.sub(r"[^0-9a-f]", "", value.lower())
        return len(digits) == 12 and digits not in _EMPTY_MACS
    return name != "channel.address" or _is_usable(value)


def _is_usable(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return not (parsed.is_unspecified or parsed.is_multicast) and address != "127.0.0.1"
