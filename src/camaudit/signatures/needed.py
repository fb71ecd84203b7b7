"""Texts that a pattern cannot match without: in goes a regular expression, out come texts of which one must stand.

To look for them first costs a hundredth of a search that finds nothing. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from re import _constants as sre  # type: ignore[attr-defined]  # the parser of re itself: a second one would differ
from re import _parser as parser  # type: ignore[attr-defined]  # as above: re's own
from typing import Any

from camaudit.signatures.patterns import needed_text

_MOST = 16
"""Texts of one pattern; to look for more costs as much as the search."""

_TELLING = 4
"""Characters from which on a text is seldom there by chance."""

_NOTHING_WIDE = frozenset({sre.AT, sre.ASSERT, sre.ASSERT_NOT})
_REPEATS = frozenset({sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT})


def needed_texts(pattern: str) -> tuple[str, ...]:
    """Return texts in small letters, one of which stands in everything the pattern matches in a text of ASCII.

    Empty where none is sure. Raises ``re.error`` for what does not compile.
    """
    single = needed_text(pattern)
    # To read it by hand is quicker, and enough for most; a letter or two stand in nearly every text.
    return (single,) if len(single) >= _TELLING else max(_best(parser.parse(pattern)), (single,), key=_worth)


def _best(items: Iterable[Any]) -> tuple[str, ...]:
    """Return the most telling of the needed texts of parts that follow each other."""
    found: list[tuple[str, ...]] = []
    run = ""
    for kind, value in items:
        if kind is sre.LITERAL and value < 128:
            run += chr(value).lower()
        elif kind not in _NOTHING_WIDE:
            found += [(run,), _of_part(kind, value)]
            run = ""
    found.append((run,))
    best = max(found, key=_worth)
    return best if _worth(best) else ()


def _of_part(kind: Any, value: Any) -> tuple[str, ...]:
    if kind is sre.SUBPATTERN:
        return _best(value[3])
    if kind is sre.ATOMIC_GROUP:
        return _best(value)
    if kind in _REPEATS and value[0]:
        return _best(value[2])
    if kind is sre.BRANCH:
        each = [_best(branch) for branch in value[1]]
        if all(map(_worth, each)):
            return tuple(dict.fromkeys(text for texts in each for text in texts))
    return ()


def _worth(texts: tuple[str, ...]) -> int:
    """Return how much it helps to look for texts: the length of the shortest, 0 where they are of no use."""
    return min(map(len, texts)) if 0 < len(texts) <= _MOST else 0
