"""ONVIF scopes (Core Specification, section 7.3.2.2): text in, ``wsd.*`` fields out.

A unit says the same in its answer to a search and to GetScopes, so both fill the same fields: an echo, no second
witness.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

_START = "onvif://www.onvif.org/"
_NAMED = {
    "name": "wsd.name",
    "hardware": "wsd.hardware",
    "model": "wsd.hardware",
    "manufacturer": "wsd.manufacturer",
    "mfr": "wsd.manufacturer",
    "serial": "wsd.serial",
    "version": "wsd.firmware",
    "mac": "wsd.mac",
    "macaddr": "wsd.mac",
    "macaddress": "wsd.mac",
}
_MAC = re.compile(r"(?i)[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5}\Z")


def _scopes_in(sent: str) -> Iterator[str]:
    """Yield each scope, decoded. A word that is no address belongs to the one before (ipycam sends raw spaces)."""
    scopes: list[str] = []
    for word in sent.split():
        if scopes and ":" not in word.partition("/")[0]:
            scopes[-1] += f" {word}"
        else:
            scopes.append(word)
    for scope in scopes:
        own = scope[: len(_START)].lower() == _START
        yield unquote(scope[len(_START) :] if own else scope, errors="replace")


def scope_fields(sent: str) -> dict[str, tuple[str, ...]]:
    """Return the ``wsd.*`` fields of scopes as they were sent, one space between."""
    scopes = tuple(_scopes_in(sent))
    found: dict[str, tuple[str, ...]] = {"wsd.scope": scopes, "wsd.scopes": (sent,)} if sent else {}
    for scope in scopes:
        key, _, value = scope.partition("/")
        field = _NAMED.get(key.lower(), "")
        if field == "wsd.mac":
            value = as_mac(value)
        if field and value:
            found[field] = (*found.get(field, ()), value)
    return found


def as_mac(text: str) -> str:
    """Return a MAC address in lower case with colons; empty where it is none, or one that names no unit."""
    if not _MAC.match(text):
        return ""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    if set(digits) == {"0"} or int(digits[1], 16) & 1:
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
