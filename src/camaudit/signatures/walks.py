"""Walks through a graph: what can be reached, what leads back to itself, and by which text. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

State = TypeVar("State", bound=Hashable)


def reached(begins: Iterable[int], following: Callable[[int], Iterator[int]]) -> set[int]:
    """Return all places that can be reached, those to begin with included."""
    waiting = list(begins)
    found = set(waiting)
    while waiting:
        for then in following(waiting.pop()):
            if then not in found:
                found.add(then)
                waiting.append(then)
    return found


def cycles(places: Iterable[int], following: Callable[[int], Iterator[int]]) -> dict[int, set[int]]:
    """Return for each place that leads back to itself the places on its ways back."""
    ahead = {place: reached(following(place), following) for place in places}
    return {
        place: {other for other in found if place in ahead[other]}
        for place, found in ahead.items()
        if place in found
    }


def text_to(
    begin: State,
    goal: State,
    steps: Callable[[State], Iterator[tuple[str, State]]],
    *,
    by: Callable[[State], bool] = lambda _: True,
) -> str | None:
    """Return a text that leads from ``begin`` to ``goal`` over a state that ``by`` accepts; ``None`` for none."""
    seen: dict[tuple[State, bool], str] = {}
    waiting = deque([(begin, False, "")])
    while waiting:
        state, passed, text = waiting.popleft()
        for letter, then in steps(state):
            known = (then, passed or by(then))
            if known == (goal, True):
                return text + letter
            if known not in seen:
                seen[known] = text + letter
                waiting.append((*known, text + letter))
    return None
