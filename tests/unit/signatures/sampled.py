"""A text that a pattern matches: so that answers, which others keep as patterns, can be read as devices' own."""

from __future__ import annotations

import random
import re
from re import _constants as sre  # type: ignore[attr-defined]  # the parser of re itself has no public name
from re import _parser as parser  # type: ignore[attr-defined]  # as above: re's own
from typing import Any

_CLASSES = {sre.CATEGORY_DIGIT: "0123456789", sre.CATEGORY_WORD: "abc1", sre.CATEGORY_SPACE: " "}
_ELSE = {sre.CATEGORY_NOT_DIGIT: "abc", sre.CATEGORY_NOT_WORD: "-", sre.CATEGORY_NOT_SPACE: "abc1"}


class Sampler:
    """Draws texts; the same ``seed`` draws the same."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311  # draws texts, keeps no secret
        self._groups: dict[int, str] = {}

    def text(self, pattern: str) -> str:
        """Return a text that ``pattern`` matches, as far as looks ahead and behind let it."""
        self._groups = {}
        return self._walk(parser.parse(pattern, re.DOTALL))

    def _walk(self, items: Any) -> str:
        return "".join(self._one(kind, value) for kind, value in items)

    def _one(self, kind: Any, value: Any) -> str:
        if kind is sre.LITERAL:
            return chr(value)
        if kind is sre.NOT_LITERAL:
            return "x" if value != ord("x") else "y"
        if kind is sre.ANY:
            return "a"
        if kind is sre.IN:
            return self._of(value)
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            least, most, inner = value
            return "".join(self._walk(inner) for _ in range(min(int(most), least + 2)))
        if kind is sre.SUBPATTERN:
            found = self._groups[value[0] or 0] = self._walk(value[-1])
            return found
        if kind is sre.GROUPREF:
            return self._groups.get(value, "")
        return self._walk(self._dice.choice(value[1])) if kind is sre.BRANCH else ""

    def _of(self, choices: Any) -> str:
        listed: set[str] = set()
        for kind, value in choices:
            if kind is sre.LITERAL:
                listed.add(chr(value))
            elif kind is sre.RANGE:
                listed |= {chr(code) for code in range(value[0], min(value[1], 0x7E) + 1)}
            elif kind is sre.CATEGORY:
                listed |= set((_CLASSES | _ELSE).get(value, ""))
        if choices[0][0] is sre.NEGATE:
            return self._dice.choice([each for each in "a1b2-x " if each not in listed] or ["~"])
        return self._dice.choice(sorted(each for each in listed if each.isprintable()) or ["a"])
