"""ONVIF scopes (Core Specification, section 7.3.2.2), by whatever protocol they came: text in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

_START = "onvif://www.onvif.org/"
_NAMED = {
    "name": "name",
    "hardware": "hardware",
    "model": "hardware",
    "manufacturer": "manufacturer",
    "mfr": "manufacturer",
    "serial": "serial",
    "version": "firmware",
    "mac": "mac",
    "macaddr": "mac",
    "macaddress": "mac",
}
_MAC = re.compile(r"(?i)[0-9a-f]{2}(?:[:.-]?[0-9a-f]{2}){5}\Z")


def scopes_in(sent: str) -> Iterator[str]:
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


def named(scopes: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return what decoded scopes call name, hardware, manufacturer, serial, firmware and MAC address."""
    found: dict[str, tuple[str, ...]] = {}
    for scope in scopes:
        key, _, value = scope.partition("/")
        kind = _NAMED.get(key.lower(), "")
        if kind == "mac":
            value = as_mac(value)
        if kind and value:
            found[kind] = (*found.get(kind, ()), value)
    return found


def as_mac(text: str) -> str:
    """Return a MAC address in lower case with colons; empty where it is none, or one that names no unit."""
    if not _MAC.match(text):
        return ""
    digits = re.sub(r"[^0-9a-f]", "", text.lower())
    if set(digits) == {"0"} or int(digits[1], 16) & 1:
        return ""
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2))
