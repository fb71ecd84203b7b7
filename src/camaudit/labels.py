"""The claims that are neither maker nor label: model, firmware, serial, kind and state.

Each is its own claim with its own evidence and borrows nothing from the maker's confidence. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from camaudit.model import DeviceState, Evidence, Kind, Strength
from camaudit.signatures.load import Knowledge
from camaudit.signatures.match import claims
from camaudit.signatures.schema import EntityType, Says

_STRENGTHS = (Strength.WEAK, Strength.MEDIUM, Strength.STRONG, Strength.DECISIVE)
_CHANNELS = (
    *("channel", "behind", "port", "mac", "tls", "http", "ssdp", "mdns", "rtsp"),
    *("dahua", "isapi", "lapi", "upnp", "snmp", "wsd", "onvif"),
    *("kasa", "ubiquiti", "foscam", "vstarcam", "reolink", "sony", "vivotek", "ipro", "bosch", "hanwha"),
    *("tapo", "tiandy", "xm", "dvrip", "dhip", "sadp"),
)
"""Later ones are believed first for model, firmware and serial: a device's own record beats a banner."""

_SIX = re.compile(r"^(\d\d)(\d\d)(\d\d)$")
_LONG = re.compile(r"^(20\d\d)-?(\d\d)-?(\d\d)$")


def value_of(evidence: Iterable[Evidence], name: str) -> str | None:
    """Return the best value extracted under ``name``: the most telling channel, then the strongest sign."""
    found = [item for item in evidence if item.extracted.get(name)]
    if not found:
        return None
    best = max(found, key=lambda e: (_place(e.channel), _STRENGTHS.index(e.strength), -len(e.extracted[name])))
    return best.extracted[name][:80]


def _place(channel: str) -> int:
    return _CHANNELS.index(channel) if channel in _CHANNELS else -1


def firmware_of(evidence: Iterable[Evidence]) -> tuple[str | None, date | None]:
    """Return the firmware as the device writes it, and its build date where the grammar tells one."""
    found = [item for item in evidence if item.extracted.get("firmware")]
    if not found:
        return None, None
    best = max(found, key=lambda e: (_place(e.channel), _STRENGTHS.index(e.strength)))
    build = best.extracted.get("build") or best.extracted.get("date")
    text = best.extracted["firmware"]
    if build and build not in text:
        # Hikvision writes "V5.2.5build 141201" with and without the space; others keep their own form.
        text = f"{text} build {build}" if _SIX.match(build) else " ".join(best.excerpt.split())
    return text[:80], _day(build)


def _day(text: str | None) -> date | None:
    parts = (_SIX.match(text) or _LONG.match(text)) if text else None
    if parts is None:
        return None
    year, month, day = (int(part) for part in parts.groups())
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def kind_of(evidence: Iterable[Evidence], knowledge: Knowledge, maker: str | None) -> Kind:
    """Return what the device is; software that restreams and makers without cameras are ``other``."""
    items = tuple(evidence)
    if maker is None and _is_software(items, knowledge):
        return Kind.OTHER
    votes = [(_STRENGTHS.index(item.strength), item.claim.partition("=")[2]) for item in claims(items, Says.KIND)]
    if votes:
        return Kind(max(votes, key=lambda vote: (vote[0], vote[1] != Kind.CAMERA))[1])
    if maker is not None and not knowledge.entities[maker].video:
        return Kind.OTHER
    return Kind.UNKNOWN


def _is_software(items: tuple[Evidence, ...], knowledge: Knowledge) -> bool:
    return any(
        knowledge.entities[item.claim.partition("=")[2]].type is EntityType.SOFTWARE
        and not knowledge.entities[item.claim.partition("=")[2]].video
        and item.strength in (Strength.DECISIVE, Strength.STRONG)
        for item in claims(items, Says.MAKER)
    )


def state_of(evidence: Iterable[Evidence]) -> DeviceState:
    """Return what the device says of itself; where it says two things, the one that needs attention."""
    said = {item.claim.partition("=")[2] for item in claims(evidence, Says.STATE)}
    activated = False if "not_activated" in said else (True if "activated" in said else None)
    cloud = "enabled" if "cloud_enabled" in said else ("disabled" if "cloud_disabled" in said else "unknown")
    return DeviceState(
        activated=activated,
        cloud=cloud,
        locked=True if "locked" in said else None,
        access_terminal="access_terminal" in said,
    )
