"""Parting what a device says each time anew from what it always says: in goes a text, out come both. Pure.

A clock, a nonce or a date in a header would make every look at an unchanged camera a new one. Taken out, the rest
is the same text as last year's, and is kept once. Nothing is lost: the two together are the text again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

Template = str | list[str | None]
"""A text as it is, or its parts with None where a volatile value stood."""

_VOLATILE = re.compile(
    r"\b[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT"  # HTTP's date, RFC 9110 section 5.6.7
    r"|\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})?"
    r'|(?<=nonce=")[^"]{1,256}|(?<=opaque=")[^"]{1,256}'
)


_SHORT = 256


def part(text: str) -> tuple[Template, list[str]]:
    """Return the template of a text and its volatile values, in order."""
    return _remembered(text) if len(text) <= _SHORT else _part(text)


@lru_cache(maxsize=8192)
def _remembered(text: str) -> tuple[Template, list[str]]:
    # Most of what hosts say others said before them.
    return _part(text)


def _part(text: str) -> tuple[Template, list[str]]:
    values: list[str] = []
    template: list[str | None] = []
    at = 0
    for found in _VOLATILE.finditer(text):
        template += [text[at : found.start()], None]
        values.append(found[0])
        at = found.end()
    if not values:
        return text, values
    return [*template, text[at:]], values


def join(template: Template, values: Iterator[str]) -> str:
    """Return the text of a template, with the next of ``values`` where one is missing."""
    if isinstance(template, str):
        return template
    return "".join(next(values) if piece is None else piece for piece in template)
