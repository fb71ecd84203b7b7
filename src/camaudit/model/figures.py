"""Whole numbers out of texts that others wrote."""

from __future__ import annotations


def whole_number(text: str, most: int) -> int | None:
    """Return the number that a text of ASCII digits writes, 0 to ``most``; ``None`` where it is none.

    ``str.isdigit`` holds for a raised two and for five thousand nines as well, and ``int`` raises on both.
    """
    if not text.isascii() or not text.isdigit() or len(text) > len(str(most)):
        return None
    number = int(text)
    return number if number <= most else None
