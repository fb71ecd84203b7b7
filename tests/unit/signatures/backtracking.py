"""A plain matcher that goes back as ``re`` does, written apart from the proof, which counts its own steps."""

from __future__ import annotations

from collections.abc import Iterator
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]  # as above: re's own
from typing import Any

_OF_CATEGORY = {sre.CATEGORY_SPACE: str.isspace, sre.CATEGORY_DIGIT: str.isdecimal}


class Enough(Exception):
    """More steps than anybody wants to wait for."""


class Matcher:
    """Searches a text as ``re.search`` does, with what the tests here need of a pattern."""

    def __init__(self, pattern: str, most: int) -> None:
        self._tree = list(parser.parse(pattern))
        self._most = most
        self.steps = 0

    def search(self, text: str) -> bool:
        """Look for the pattern anywhere; raises ``Enough``."""
        return any(True for start in range(len(text) + 1) for _ in self._run(self._tree, text, start))

    def _run(self, items: list[Any], text: str, at: int) -> Iterator[int]:
        self.steps += 1
        if self.steps > self._most:
            raise Enough
        if not items:
            yield at
            return
        for then in self._item(items[0], text, at):
            yield from self._run(items[1:], text, then)

    def _item(self, item: Any, text: str, at: int) -> Iterator[int]:
        kind, value = item
        if kind in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            if at < len(text) and self._takes(kind, value, text[at]):
                yield at + 1
        elif kind is sre.SUBPATTERN:
            yield from self._run(list(value[3]), text, at)
        elif kind is sre.BRANCH:
            for each in value[1]:
                yield from self._run(list(each), text, at)
        elif kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            yield from self._repeat(kind is sre.MAX_REPEAT, value, text, at, 0)
        elif kind is sre.AT:
            if at == (0 if value in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING) else len(text)):
                yield at
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            found = any(True for _ in self._run(list(value[1]), text, at))
            if found is (kind is sre.ASSERT):
                yield at
        else:
            raise AssertionError(f"{kind} is not known here")

    def _repeat(self, greedy: bool, value: Any, text: str, at: int, done: int) -> Iterator[int]:
        least, most, inner = value
        self.steps += 1
        if self.steps > self._most:
            raise Enough
        if not greedy and done >= least:
            yield at
        if most is sre.MAXREPEAT or done < most:
            for then in self._run(list(inner), text, at):
                if then > at or done < least:
                    yield from self._repeat(greedy, value, text, then, done + 1)
        if greedy and done >= least:
            yield at

    @staticmethod
    def _takes(kind: Any, value: Any, letter: str) -> bool:
        if kind is sre.ANY:
            return letter != "\n"
        if kind is not sre.IN:
            return (ord(letter) == value) is (kind is sre.LITERAL)
        found = any(
            (what is sre.LITERAL and ord(letter) == which)
            or (what is sre.RANGE and which[0] <= ord(letter) <= which[1])
            or (what is sre.CATEGORY and _OF_CATEGORY[which](letter))
            for what, which in value
        )
        return found is not (value[0][0] is sre.NEGATE)


def steps(pattern: str, text: str, most: int = 300_000) -> int:
    """Return how many steps a search takes, at most ``most``."""
    matcher = Matcher(pattern, most)
    try:
        matcher.search(text)
    except Enough:
        return most
    return matcher.steps
