"""Fill ``{name}`` and ``{name|filter}`` in the texts of device files.

In: a text and the values of a device. Out: the text with every value put in; the names of ``LIVE``
stay, because only the moment of the answer knows them (the date, a fresh nonce, the request's CSeq).
"""

from __future__ import annotations

import hashlib
import re
import secrets
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import quote
from xml.sax.saxutils import escape

from camaudit.errors import DataFileError

Scalar = str | int | float | bool

LIVE = frozenset(
    {"date", "date_rtsp", "nonce", "length", "cseq", "path", "url", "uuid", "relates_to", "session", "retries"}
    | {"lock_status", "stamp", "now_iso"}
)
"""The names that are filled when a request is answered, not when the file is loaded."""

_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(?:\|([a-z0-9_]+))?\}")
_TIMES = re.compile(r"x[0-9]{1,6}")
"""``{name|x500}``: the value, five hundred times."""
_VALUE_DEPTH = 4


def _hex_digits(text: str) -> str:
    return re.sub(r"[^0-9A-Fa-f]", "", text).lower()


def _dashed(text: str) -> str:
    digits = _hex_digits(text)
    return "-".join(digits[at : at + 2] for at in range(0, len(digits), 2))


_FILTERS: Mapping[str, Callable[[str], str]] = {
    "upper": str.upper,
    "lower": str.lower,
    "url": lambda text: quote(text, safe=""),
    "xml": escape,
    "hex": _hex_digits,
    "hex_upper": lambda text: _hex_digits(text).upper(),
    "dash": _dashed,
    "tail5": lambda text: text[-5:],
    "tail9": lambda text: text[-9:],
    "md5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest(),
    "uuid": lambda text: str(uuid.uuid5(uuid.NAMESPACE_DNS, text)),
}


def fill(text: str, values: Mapping[str, Scalar], where: str) -> str:
    """Put ``values`` into ``text``; an unknown name or filter is a ``DataFileError`` that names ``where``."""

    def replacement(found: re.Match[str]) -> str:
        name, filter_name = found.group(1), found.group(2)
        if name in values:
            shown = _shown(values[name])
            if filter_name is None:
                return shown
            if _TIMES.fullmatch(filter_name):
                return shown * int(filter_name[1:])
            if filter_name not in _FILTERS:
                known = ", ".join(sorted(_FILTERS))
                raise DataFileError((f"{where}: no filter {filter_name!r}; known: {known}",))
            return _FILTERS[filter_name](shown)
        if name in LIVE and filter_name is None:
            return found.group(0)
        raise DataFileError((f"{where}: nothing defines {{{name}}}; add it to values",))

    return _PLACEHOLDER.sub(replacement, text)


def fill_tree(node: object, values: Mapping[str, Scalar], where: str) -> object:
    """Fill every text of a loaded YAML tree; a text that is one placeholder only keeps the value's type."""
    if isinstance(node, str):
        alone = _PLACEHOLDER.fullmatch(node)
        if alone and alone.group(2) is None and alone.group(1) in values:
            return values[alone.group(1)]
        return fill(node, values, where)
    if isinstance(node, dict):
        return {
            fill(str(key), values, where): fill_tree(value, values, f"{where}: {key}")
            for key, value in node.items()
        }
    if isinstance(node, list):
        return [fill_tree(value, values, where) for value in node]
    return node


def settle(values: Mapping[str, Scalar], where: str) -> dict[str, Scalar]:
    """Fill values that speak of other values, at most four deep."""
    settled = dict(values)
    for _ in range(_VALUE_DEPTH):
        before = dict(settled)
        for name, value in before.items():
            if isinstance(value, str):
                settled[name] = fill(value, before, f"{where}: values: {name}")
        if settled == before:
            return settled
    raise DataFileError((f"{where}: values: they refer to each other in a circle",))


def fill_live(text: str, known: Mapping[str, str]) -> str:
    """Fill the ``LIVE`` names of one answer; ``known`` adds what the request said (cseq, path, ...)."""
    if "{" not in text:
        return text

    def replacement(found: re.Match[str]) -> str:
        name = found.group(1)
        if name in known:
            return known[name]
        return _fresh(name) if name in LIVE else found.group(0)

    return _PLACEHOLDER.sub(replacement, text)


def _fresh(name: str) -> str:
    now = datetime.now(UTC)
    match name:
        case "date":
            return now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        case "date_rtsp":
            return now.strftime("%a, %b %d %Y %H:%M:%S GMT")
        case "now_iso":
            return now.isoformat(timespec="seconds")
        case "nonce":
            return secrets.token_hex(16)
        case "uuid":
            return str(uuid.uuid4())
        case "session":
            return str(secrets.randbelow(10**12))
        case "stamp":
            return str(int(now.timestamp() * 1_000_000))
        case _:
            return ""


def _shown(value: Scalar) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
