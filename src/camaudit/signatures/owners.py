"""Who owns the prefix of a MAC address, wherever a device gives one: in frames, scopes or a realm. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from camaudit.signatures.oui import OuiTable

OWNER_OF = {
    "mac.address": "mac.vendor",
    "wsd.mac": "wsd.mac_vendor",
    "sadp.mac": "sadp.mac_vendor",
    "dhip.mac": "dhip.mac_vendor",
    "tiandy.mac": "tiandy.mac_vendor",
    "behind.mac": "behind.mac_vendor",
    "rtsp.realm": "rtsp.mac_vendor",
    "isapi.realm": "isapi.mac_vendor",
    "isapi.mac": "isapi.mac_vendor",
}
"""Fields that hold a MAC address, or may, and the fields for the organisations that own them."""

READ_ALIKE = ("wsd.mac_vendor", "rtsp.mac_vendor", "isapi.mac_vendor")
"""What a sign on ``mac.vendor`` reads as well: a router in between hides a unit's frames, not its words."""

_OWNERS = frozenset(OWNER_OF.values())
_LONGEST = 20


def owners_of(fields: Mapping[str, Iterable[str]], oui: OuiTable) -> dict[str, tuple[str, ...]]:
    """Return for each field of ``OWNER_OF``'s values the organisations, once each; nothing where none is known."""
    found: dict[str, tuple[str, ...]] = {}
    for source, derived in OWNER_OF.items():
        owners = [oui.organisation(value) for value in fields.get(source, ()) if len(value) <= _LONGEST]
        named = [owner for owner in owners if owner is not None]
        if named:
            found[derived] = tuple(dict.fromkeys((*found.get(derived, ()), *named)))
    return found


def is_owner(field: str) -> bool:
    """Say whether a field names the owner of a prefix."""
    return field in _OWNERS
