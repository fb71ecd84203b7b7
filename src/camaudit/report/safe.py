"""Text that a device may have written, made harmless to look at: in goes any string, out comes one visible line.

Escaping for HTML, the terminal or a spreadsheet comes on top of this and belongs to the format.
"""

from __future__ import annotations

MAX_TEXT = 4000
"""Characters of one value that a report shows; a device may send far more."""

_CONTROL_PICTURES = 0x2400
_DELETE = 0x7F
_BLANK = "\t\r\n\v\f\u0085\u2028\u2029"


def visible(text: str, limit: int = MAX_TEXT) -> str:
    """Return ``text`` as one line of at most ``limit`` characters in which every character can be seen.

    White space becomes one space each; what a terminal or browser would obey (escapes, direction marks, lone
    surrogates) becomes a sign for it. What was cut off shows as an ellipsis.
    """
    if len(text) <= limit and text.isprintable() and "  " not in text and text.strip() == text:
        # Nearly every text is of this kind; a report of thousands of devices shows millions of characters.
        return text
    # Cut before the work: the text may be megabytes. The shown signs of one character are at most ten long.
    cut = text[: limit + 1]
    shown = "".join(_shown(character) for character in cut)
    line = " ".join(shown.split())
    return line if len(text) <= limit and len(line) <= limit else line[: max(limit - 1, 0)] + "…"


def plain(text: str, limit: int = MAX_TEXT) -> str:
    """Return ``text`` as one line with white space made single and every other unprintable character left out."""
    if len(text) <= limit and text.isprintable() and "  " not in text and text.strip() == text:
        return text
    kept = "".join(" " if c in _BLANK else c for c in text[: limit * 4] if c in _BLANK or c.isprintable())
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: max(limit - 1, 0)] + "…"


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if character in _BLANK:
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == _DELETE:
        return "␡"
    if character.isspace():
        return " "
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
