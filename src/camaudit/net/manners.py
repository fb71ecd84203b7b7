"""How gently one device is asked: how much at once, how often, and how much less of it when it has trouble.

In go how its answers came, out comes how long to wait before the next question. No socket here; the figures and
where they come from are in docs/gentleness.md.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

_OVERLOADED = re.compile(rb"(?:HTTP|RTSP)/\d\.\d[ \t]+(?:429|453|503)(?!\d)")
"""Too many requests, not enough bandwidth (RFC 2326), service unavailable."""

_RESTS_FROM_S, _LONGEST_REST_S = 0.05, 0.5
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 4.0
_SLOWED, _SLOWED_S = 4, 1.0
"""An answer shows trouble that takes four times as long as the quickest did, and more than a second."""

_MOST_TROUBLE = 5


@dataclass(frozen=True, slots=True)
class Manners:
    """What one device is asked at most."""

    connections: int = 4
    """TCP connections at once, those that are still being opened among them."""
    talks: int = 2
    """Connections over which something is asked at once."""
    kept: int = 3
    """Connections of the port stage that wait for their question, instead of being opened twice."""
    at_first: int = 5
    """Questions that may follow each other at once; after them ``a_second``."""
    a_second: float = 5.0
    """Questions a second: so there are never more than ``at_first`` and ``a_second`` within one."""
    deadline_s: float = 30.0
    optional: bool = True
    """Whether questions are asked whose answers only support others."""


USUAL = Manners()
GENTLE = Manners(connections=1, talks=1, kept=0, at_first=1, a_second=2.0, deadline_s=120.0, optional=False)


def is_overloaded(answer: bytes) -> bool:
    """Return whether an answer says that the device has too much to do."""
    return _OVERLOADED.match(answer) is not None


class Temper:
    """The condition of one device, as its answers show it. Times are seconds of ``clock``."""

    def __init__(self, manners: Manners, clock: Callable[[], float] = time.monotonic) -> None:
        self._manners = manners
        self._clock = clock
        self._due_s = float("-inf")
        self._rests_until_s = float("-inf")
        self._pause_s = 0.0
        self._best_s = float("inf")
        self._troubles = 0

    @property
    def is_troubled(self) -> bool:
        """Whether its last answers showed that it has too much to do."""
        return self._pause_s > 0

    @property
    def is_spent(self) -> bool:
        """Whether it had trouble so often in a row that it is better left alone."""
        return self._troubles >= _MOST_TROUBLE

    def turn_s(self) -> float:
        """Take the next turn to ask; return how long to wait for it."""
        now_s = self._clock()
        interval_s = 1.0 / self._manners.a_second
        due_s = max(self._due_s, now_s)
        at_s = max(now_s, due_s - (self._manners.at_first - 1) * interval_s, self._rests_until_s)
        self._due_s = max(due_s, at_s) + interval_s
        if self._pause_s:
            # Whoever asks beside this one waits behind it.
            self._rests_until_s = at_s + self._pause_s
        return at_s - now_s

    def answered(self, seconds: float, *, overloaded: bool = False) -> None:
        """An answer began after so many seconds."""
        slowed = seconds > max(_SLOWED_S, _SLOWED * self._best_s)
        self._best_s = min(self._best_s, seconds)
        if overloaded or slowed:
            # One that slows down is spared, but it still answers: only refusals are counted.
            self._spare(counts=overloaded)
            return
        self._troubles = 0
        self._pause_s = self._pause_s / 2 if self._pause_s > _FIRST_PAUSE_S else 0.0
        if seconds >= _RESTS_FROM_S:
            # It rests for as long as it worked, so that it has half of its time for what it is there for.
            self._rests_until_s = self._clock() + min(_LONGEST_REST_S, seconds)

    def failed(self) -> None:
        """It broke the connection off, or an answer did not come in time."""
        self._spare(counts=True)

    def _spare(self, *, counts: bool) -> None:
        self._troubles += counts
        self._pause_s = min(_LONGEST_PAUSE_S, max(_FIRST_PAUSE_S, self._pause_s * 2))
        self._rests_until_s = max(self._rests_until_s, self._clock() + self._pause_s)
