"""Whether a pattern runs in linear time on any text: in goes a pattern, out comes what stalls it, if anything.

``re`` goes back and tries every way through a pattern. The work is linear where at each letter of a text only so
many ways can be under way as the pattern is long, whatever the text. Two things break that (Weber and Seidl, On
the degree of ambiguity of finite automata, 1991): a place that leads to itself by two ways over one text, which
doubles the work with each round; and two places that each lead to themselves over a text that also leads from the
first to the second, where the work grows with the square. A search begins anew at every letter: that is a first
place which takes anything. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from camaudit.signatures.automaton import MANY, Automaton, RefersBack, TooLarge, automaton_of
from camaudit.signatures.letters import START
from camaudit.signatures.walks import cycles, reached, text_to

_UNROLLED = (8, 64)
"""Repeats up to so often are written out: few at first, more where that does not suffice."""

_MOST_WAYS = 1000
"""Ways under way at one letter; more is slow whatever the growth."""


@dataclass(frozen=True, slots=True)
class Stall:
    """Why a pattern may stall: what grows, and ``text``, which does it when it is repeated."""

    growth: str
    text: str


@lru_cache(maxsize=4096)
def stalls(pattern: str | bytes, flags: int = 0, *, search: bool = True) -> Stall | None:
    """Return how a pattern that compiles can be stalled; ``None`` where its work is proven to be linear.

    ``search`` looks for it anywhere in a text, else it is tried at one place only.
    """
    found: Stall | None = None
    for unrolled in _UNROLLED:
        try:
            graph = _Graph(automaton_of(pattern, flags, unrolled=unrolled), search=search)
        except RefersBack:
            return Stall("without any limit that can be proven, since it refers back to a group", "")
        except TooLarge:
            break
        found = graph.doubling() or graph.square() or graph.crowd()
        if found is None:
            return None
    return found or Stall("in ways too many to be looked at; it is too long", "")


class _Graph:
    """The places of a pattern that may stand under way, letters of one kind taken together."""

    def __init__(self, made: Automaton, *, search: bool) -> None:
        self._made = made
        self._takes = list(made.takes)
        self._follow = [dict(each) for each in made.follow]
        self._begins = [place for place, before in made.firsts.items() if before & START or not search]
        if search:
            self._search_anywhere()
        certain = self._certain()
        live = reached(self._begins, self._next) - certain
        self._begins = [place for place in self._begins if place in live]
        self._follow = [
            {then: ways for then, ways in follow.items() if then in live} if place in live else {}
            for place, follow in enumerate(self._follow)
        ]
        self._kinds = self._kinds_of_letters()
        self._group = cycles(range(len(self._takes)), self._next)

    def _search_anywhere(self) -> None:
        """Put a place before all others that takes anything, and lead from it to where a match may begin."""
        all_letters = (1 << len(self._made.letters)) - 1
        start = self._add(all_letters)
        self._follow[start][start] = 1
        relays: dict[int, int] = {}
        for place, before in self._made.firsts.items():
            after = before & all_letters
            if after == all_letters:
                self._follow[start][place] = 1
            elif after:
                # One more letter of the text is taken on the way: the one that must stand before.
                relay = relays.get(after)
                if relay is None:
                    relay = relays[after] = self._add(after)
                    self._follow[start][relay] = 1
                self._follow[relay][place] = 1
        self._begins = [start, *relays.values(), *self._begins]

    def _add(self, takes: int) -> int:
        self._takes.append(takes)
        self._follow.append({})
        return len(self._takes) - 1

    def _next(self, place: int) -> Iterator[int]:
        return iter(self._follow[place])

    def _certain(self) -> set[int]:
        """Return the places from which the match is complete whatever follows: nothing is tried after them."""
        final = self._made.final
        fails = {place for place in range(len(self._takes)) if place not in final}
        before: list[list[int]] = [[] for _ in self._takes]
        for place, follow in enumerate(self._follow):
            for then in follow:
                before[then].append(place)
        return set(range(len(self._takes))) - reached(fails, lambda place: iter(before[place]))

    def _kinds_of_letters(self) -> list[tuple[str, frozenset[int]]]:
        """Return one letter for each set of places that take the same letters."""
        found: dict[frozenset[int], str] = {}
        letters = self._made.letters
        # Letters that can be read come first, so that the text that is shown can be.
        for at in sorted(
            range(len(letters)), key=lambda at: not (letters[at].isascii() and letters[at].isprintable())
        ):
            takers = frozenset(place for place, takes in enumerate(self._takes) if takes >> at & 1)
            found.setdefault(takers, letters[at])
        return [(letter, takers) for takers, letter in found.items()]

    def _step(self, place: int, takers: frozenset[int]) -> Iterator[int]:
        return (then for then in self._follow[place] if then in takers)

    def _steps(self, place: int) -> Iterator[tuple[str, int]]:
        return ((letter, then) for letter, takers in self._kinds for then in self._step(place, takers))

    def doubling(self) -> Stall | None:
        """Find a place that leads to itself by two ways over one text."""
        for group in set(map(frozenset, self._group.values())):
            for place in group:
                for then, ways in self._follow[place].items():
                    if ways >= MANY and then in group:
                        back = "" if then == place else text_to(then, place, self._steps)
                        return Stall("by doubling", self._letter_of(then) + (back or ""))
            found = self._two_ways(group)
            if found is not None:
                return Stall("by doubling", found)
        return None

    def _two_ways(self, group: frozenset[int]) -> str | None:
        def pairs(pair: tuple[int, int]) -> Iterator[tuple[str, tuple[int, int]]]:
            for letter, takers in self._kinds:
                for one in self._step(pair[0], takers):
                    if one in group:
                        yield from (
                            (letter, (one, other)) for other in self._step(pair[1], takers) if other in group
                        )

        for place in group:
            text = text_to((place, place), (place, place), pairs, by=lambda pair: pair[0] != pair[1])
            if text is not None:
                return text
        return None

    def square(self) -> Stall | None:
        """Find two places that lead to themselves over a text that also leads from the one to the other."""
        for one, group in self._group.items():
            for other in reached([one], self._next):
                if other == one or other not in self._group:
                    continue
                text = self._three_ways(one, other, group, self._group[other])
                if text is not None:
                    return Stall("with the square of its length, or more", text)
        return None

    def _three_ways(self, one: int, other: int, first: Iterable[int], last: Iterable[int]) -> str | None:
        mine, theirs = frozenset(first), frozenset(last)
        Triple = tuple[int, int, int]

        def triples(at: Triple) -> Iterator[tuple[str, Triple]]:
            for letter, takers in self._kinds:
                stays = [place for place in self._step(at[0], takers) if place in mine]
                ends = [place for place in self._step(at[2], takers) if place in theirs]
                if stays and ends:
                    moves = list(self._step(at[1], takers))
                    yield from ((letter, (a, b, c)) for a in stays for b in moves for c in ends)

        return text_to((one, one, other), (one, other, other), triples)

    def crowd(self) -> Stall | None:
        """Find a text on which very many ways are under way at once, though their number has an end."""
        ways = dict.fromkeys(self._begins, 1)
        text = ""
        for _ in range(2 * len(self._takes)):
            ahead: dict[int, int] = {}
            for place, number in ways.items():
                for following, more in self._follow[place].items():
                    ahead[following] = ahead.get(following, 0) + number * more
            options = []
            for letter, takers in self._kinds:
                then = {place: number for place, number in ahead.items() if place in takers}
                options.append((sum(then.values()), letter, then))
            most, letter, ways = max(options, key=lambda option: option[0], default=(0, "", {}))
            text += letter
            if most > _MOST_WAYS:
                return Stall(f"to more than {_MOST_WAYS} ways at a time", text)
        return None

    def _letter_of(self, place: int) -> str:
        return next((letter for letter, takers in self._kinds if place in takers), "")
