"""A pattern as an automaton: in goes a regular expression, out come its places and the ways between them.

A place is one character of the pattern that a match can stand at. How many ways lead from place to place counts
too: a matcher that goes back tries each of them. Where something cannot be told exactly more ways are taken than
there are, never fewer, so that what holds for the automaton holds for the matcher of ``re``. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from re import _constants as sre  # type: ignore[attr-defined]  # the parser of re itself: a second one would differ
from re import _parser as parser  # type: ignore[attr-defined]  # as above: re's own
from typing import Any

from camaudit.signatures.letters import START, letters_of, letters_of_words, taken

MANY = 2
"""Ways are counted up to here: two are as bad as a hundred."""

_MOST_PLACES = 2000


class TooLarge(ValueError):
    """The pattern has more places than are worth looking at."""


class RefersBack(ValueError):
    """The pattern matches what a group matched before, which no automaton can."""


@dataclass(slots=True)
class Part:
    """A part of the pattern: its first and last places with the ways to them, and the ways through with nothing.

    ``before`` holds for each first place which letters may stand before it, ``empty_before`` the same for nothing.
    """

    first: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    last: dict[int, int] = field(default_factory=dict)
    empty: int = 0
    empty_before: int = -1


@dataclass(slots=True)
class Automaton:
    """``takes`` are the letters of each place as bits; ``follow`` the places after it with the number of ways.

    ``final`` are places after which the match is complete, ``firsts`` those where it begins and the letters that
    may stand before each.
    """

    letters: str
    takes: list[int] = field(default_factory=list)
    follow: list[dict[int, int]] = field(default_factory=list)
    final: set[int] = field(default_factory=set)
    firsts: dict[int, int] = field(default_factory=dict)

    def place(self, takes: int) -> int:
        """Add a place; one that takes nothing stands for a condition that may fail."""
        if len(self.takes) >= _MOST_PLACES:
            raise TooLarge
        self.takes.append(takes)
        self.follow.append({})
        return len(self.takes) - 1


def automaton_of(pattern: str | bytes, flags: int = 0, *, unrolled: int = 8) -> Automaton:
    """Return the automaton of a pattern that compiles; a repeat of at most ``unrolled`` times is written out.

    Raises ``RefersBack`` and ``TooLarge``.
    """
    tree = parser.parse(pattern, flags)
    made = Automaton(letters_of(tree))
    flags = tree.state.flags | (0 if isinstance(pattern, str) else re.ASCII)
    whole = _Builder(made, unrolled).sequence(tree, flags)
    made.final |= set(whole.last)
    made.firsts = {place: whole.before[place] for place in whole.first}
    return made


class _Builder:
    """Puts the parts of a pattern together, from the inside out."""

    def __init__(self, made: Automaton, unrolled: int) -> None:
        self._made = made
        self._unrolled = unrolled

    def sequence(self, items: Iterable[Any], flags: int) -> Part:
        """Return parts that follow each other."""
        whole = Part(empty=1)
        # From the end, because what an edge of a word means is told by what follows it.
        for item in reversed(tuple(items)):
            if item == (sre.AT, sre.AT_BOUNDARY):
                whole = self._edge(whole)
            else:
                whole = self._joined(self._item(item, flags), whole)
        return whole

    def _edge(self, after: Part) -> Part:
        """Return what follows an edge of a word: before a letter of words no other may stand."""
        words = letters_of_words(self._made.letters)
        others = (1 << len(self._made.letters)) - 1 & ~words
        for place in after.first:
            takes = self._made.takes[place]
            if takes and not takes & ~words:
                after.before[place] &= START | others
            elif takes and not takes & words:
                after.before[place] &= words
        may_fail = self._condition(-1)
        return Part(
            after.first | may_fail.first,
            after.before | may_fail.before,
            after.last,
            after.empty,
            after.empty_before,
        )

    def _item(self, item: Any, flags: int) -> Part:
        kind, value = item
        if kind in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY):
            return self._one(taken(self._made.letters, item, flags))
        if kind is sre.SUBPATTERN:
            _, more, less, inner = value
            return self.sequence(inner, (flags | more) & ~less)
        if kind is sre.ATOMIC_GROUP:
            return self.sequence(value, flags)
        if kind is sre.BRANCH:
            return _either(*(self.sequence(each, flags) for each in value[1]))
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            least, most, inner = value
            return self._repeat(least, most, inner, flags)
        if kind in (sre.ASSERT, sre.ASSERT_NOT):
            direction, inner = value
            return self._look(inner, flags, wanted=kind is sre.ASSERT, ahead=direction > 0)
        if kind is sre.AT:
            return self._at(value, flags)
        if kind is sre.GROUPREF_EXISTS:
            _, yes, no = value
            return _either(self.sequence(yes, flags), self.sequence(no or (), flags))
        raise RefersBack

    def _one(self, takes: int) -> Part:
        place = self._made.place(takes)
        return Part({place: 1}, {place: -1}, {place: 1})

    def _joined(self, one: Part, other: Part) -> Part:
        self._lead(one.last, other)
        first, before = dict(one.first), dict(one.before)
        if one.empty:
            for place, ways in other.first.items():
                first[place] = min(MANY, first.get(place, 0) + one.empty * ways)
                before[place] = before.get(place, 0) | (one.empty_before & other.before[place])
        last = dict(other.last)
        for place, ways in one.last.items():
            if other.empty:
                last[place] = min(MANY, last.get(place, 0) + other.empty * ways)
        empty = min(MANY, one.empty * other.empty)
        return Part(first, before, last, empty, one.empty_before & other.empty_before)

    def _lead(self, last: dict[int, int], part: Part) -> None:
        for place, ways in last.items():
            follow = self._made.follow[place]
            for then, more in part.first.items():
                if part.before[then] & self._made.takes[place]:
                    follow[then] = min(MANY, follow.get(then, 0) + ways * more)

    def _repeat(self, least: int, most: int, inner: Any, flags: int) -> Part:
        if most is not sre.MAXREPEAT and most <= self._unrolled:
            whole = Part(empty=1)
            for _ in range(most - least):
                whole = _either(self._joined(self.sequence(inner, flags), whole), Part(empty=1))
            for _ in range(least):
                whole = self._joined(self.sequence(inner, flags), whole)
            return whole
        part = self.sequence(inner, flags)
        self._lead(part.last, part)
        return part if least and not part.empty else Part(part.first, part.before, part.last, 1)

    def _look(self, inner: Any, flags: int, *, wanted: bool, ahead: bool) -> Part:
        """Look ahead: a side way that leads nowhere else. Look behind: a condition on the letter before."""
        if not ahead:
            # What is looked at behind has a fixed width, so it costs the same wherever the match stands.
            known = len(inner) == 1 and inner[0][0] in (sre.LITERAL, sre.NOT_LITERAL, sre.IN, sre.ANY)
            takes = taken(self._made.letters, inner[0], flags) if known else -1
            return self._condition(takes if wanted or not known else ~takes)
        side = self.sequence(inner, flags)
        self._made.final |= set(side.last)
        may_fail = self._condition(-1)
        return Part(side.first | may_fail.first, side.before | may_fail.before, {}, 1)

    def _condition(self, before: int) -> Part:
        """Return a condition that may fail, which holds only after a letter of ``before``."""
        place = self._made.place(0)
        return Part({place: 1}, {place: -1}, {}, 1, before)

    def _at(self, kind: Any, flags: int) -> Part:
        letters = self._made.letters
        if kind is sre.AT_BEGINNING_STRING or (kind is sre.AT_BEGINNING and not flags & re.MULTILINE):
            return self._condition(START)
        if kind is sre.AT_BEGINNING:
            return self._condition(START | 1 << letters.index("\n"))
        # An end, or an edge of a word: what must stand before depends on what follows, so anything may.
        return self._condition(-1)


def _either(*parts: Part) -> Part:
    whole = Part(empty_before=0)
    for part in parts:
        for mine, theirs in ((whole.first, part.first), (whole.last, part.last)):
            for place, ways in theirs.items():
                mine[place] = min(MANY, mine.get(place, 0) + ways)
        for place, before in part.before.items():
            whole.before[place] = whole.before.get(place, 0) | before
        if part.empty:
            whole.empty = min(MANY, whole.empty + part.empty)
            whole.empty_before |= part.empty_before
    return whole
