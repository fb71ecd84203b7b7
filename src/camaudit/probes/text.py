"""Bytes of a device in, bounded text out. Only size and encoding are settled here; escaping is left to reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

VALUE_LIMIT = 8 * 1024
"""Characters kept of one value."""

VALUES_LIMIT = 64
"""Values kept of one field."""


def decode(data: bytes, limit: int = VALUE_LIMIT) -> str:
    """Return up to ``limit`` bytes as text without NUL: UTF-8 where it is that, else Latin-1 (nothing is lost)."""
    cut = data[:limit]
    try:
        text = cut.decode("utf-8")
    except UnicodeDecodeError as error:
        cut_by_us = len(data) > limit and error.end == len(cut) and error.reason == "unexpected end of data"
        text = cut[: error.start].decode("utf-8") if cut_by_us else cut.decode("latin-1")
    return text.replace("\0", "")


def bounded(fields: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Return the fields that hold something, each value once and cut to size, so that any store can keep them."""
    kept: dict[str, tuple[str, ...]] = {}
    for name, values in fields.items():
        texts: dict[str, None] = {}
        for value in values:
            text = _storable(value)
            if text:
                texts[text] = None
            if len(texts) == VALUES_LIMIT:
                break
        if texts:
            kept[name] = tuple(texts)
    return kept


def _storable(value: str) -> str:
    # A JSON escape can spell half a surrogate pair, which no UTF-8 file or database takes.
    text = value[:VALUE_LIMIT].replace("\0", "")
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text if text.strip() else ""
