"""The letters that a pattern tells apart: in goes an item of a parsed pattern, out come its letters, as bits.

One letter stands for all that ``re`` treats alike. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]  # the parser of re itself: a second one would differ
from re import _parser as parser  # type: ignore[attr-defined]  # as above: re's own
from typing import Any

_OTHERS = "\x85\xa0\xaa\xb5\xdf\xe9\u0130\u017f\u0663\u2028\u212a\u4e2d"
"""Beyond ASCII one letter for each kind that ``re`` tells apart: spaces, digits, letters with odd capitals."""

_LETTERS = "".join(map(chr, range(128))) + _OTHERS
START = 1 << len(_LETTERS) + 64
"""Beside letters: nothing stands before, the text begins here."""


def letters_of(tree: Any) -> str:
    """Return the letters to try a parsed pattern with: those of every pattern, and its own."""
    named = dict.fromkeys(_LETTERS)
    for code in _literals(tree):
        for form in {chr(code), chr(code).lower(), chr(code).upper()}:
            if len(form) == 1 and len(named) < len(_LETTERS) + 60:
                named.setdefault(form)
    return "".join(named)


def _literals(node: Any) -> Iterator[int]:
    if isinstance(node, parser.SubPattern | list | tuple):
        for each in node:
            yield from _literals(each)
        if isinstance(node, tuple) and len(node) == 2 and node[0] in (sre.LITERAL, sre.NOT_LITERAL):
            yield node[1]


def letters_of_words(letters: str) -> int:
    """Return the letters that words are made of, as bits."""
    return sum(1 << at for at, letter in enumerate(letters) if _is_word(letter))


def taken(letters: str, item: Any, flags: int) -> int:
    """Return the letters that one item of a pattern takes, as bits."""
    kind, value = item
    return _taken(letters, kind, tuple(value) if isinstance(value, list) else value, flags)


@lru_cache(maxsize=4096)
def _taken(letters: str, kind: Any, value: Any, flags: int) -> int:
    found = 0
    for at, letter in enumerate(letters):
        if kind is sre.ANY:
            takes = letter != "\n" or bool(flags & re.DOTALL)
        elif kind is sre.IN:
            takes = _in_set(letter, value, flags)
        else:
            takes = _is_one(letter, value, flags) is (kind is sre.LITERAL)
        found |= takes << at
    return found


def _is_one(letter: str, code: int, flags: int) -> bool:
    return chr(code) in _forms(letter, flags)


def _forms(letter: str, flags: int) -> tuple[str, ...]:
    """Return a letter as it may stand in a pattern that means it."""
    return (letter, letter.lower(), letter.upper(), letter.casefold()) if flags & re.IGNORECASE else (letter,)


def _in_set(letter: str, items: Any, flags: int) -> bool:
    negated = items[0][0] is sre.NEGATE
    found = any(_is_item(form, kind, value, flags) for form in _forms(letter, flags) for kind, value in items)
    return found is not negated


def _is_item(letter: str, kind: Any, value: Any, flags: int) -> bool:
    if len(letter) != 1:
        return False
    if kind is sre.LITERAL:
        return bool(ord(letter) == value)
    if kind is sre.RANGE:
        return bool(value[0] <= ord(letter) <= value[1])
    if kind is sre.CATEGORY:
        negated = str(value).startswith("CATEGORY_NOT_")
        test = {"DIGIT": str.isdecimal, "SPACE": str.isspace, "WORD": _is_word}[str(value).rpartition("_")[2]]
        return (test(letter) and (letter.isascii() or not flags & re.ASCII)) is not negated
    return False


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter == "_"
