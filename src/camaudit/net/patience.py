"""How long one host is waited for: long while it may still be slow, short once it has shown what it is.

In go the talks with a host and how each ended, out comes whether a wait is still worth while. A device that thinks
for seconds is waited for; two ports that accept and say nothing are a tarpit, and cost no more.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from camaudit.net.timing import RoundTrip

TARPIT_PORTS = 2
"""Silent ports after which an open host that has said nothing is taken for a tarpit."""

TRAP_PORTS = 6
"""Open ports from which on a host that has said nothing looks like a trap sooner; cameras have two to five."""

LOOK_AGAIN_S = 0.1
"""How often a wait is asked whether it is still worth while."""

_QUICKEST_S, _QUICKEST_DOUBTFUL_S = 1.0, 0.6
"""No first answer is given up sooner than this: a lost packet alone costs 0.2 to 0.6 s until it is sent again."""


class Patience:
    """The waits of one host; ``open_ports`` is how many of its ports were found open so far.

    ``usual`` is how long first answers take on this network, ``took`` is told of each one here (in seconds).
    """

    def __init__(
        self,
        usual: RoundTrip,
        most_s: float,
        took: Callable[[float], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._usual = usual
        self._most_s = most_s
        self._took = took
        self._clock = clock
        self.open_ports = 0
        self._silent = 0
        self._answered = 0
        self._waits: dict[int, float] = {}

    @property
    def is_tarpit(self) -> bool:
        """Whether so many open ports said nothing that asking on is no use."""
        return self._silent >= TARPIT_PORTS + bool(self._answered)

    def enough_s(self, *, doubtful: bool = False) -> float:
        """Return how long a silence must last on this network to mean something, in seconds."""
        if not self._usual.known:
            return self._most_s
        least_s = _QUICKEST_DOUBTFUL_S if doubtful else _QUICKEST_S
        return min(self._most_s, max(least_s, self._usual.open_timeout_s()))

    def begin(self, wait: int) -> None:
        """Begin to wait for the first byte on a connection; ``wait`` is any number of the caller's."""
        self._waits[wait] = self._clock()

    def worth_while(self, wait: int, *, doubtful: bool) -> bool:
        """Return whether to go on waiting. ``doubtful``: a port where silence is to be expected."""
        now_s = self._clock()
        waited_s = now_s - self._waits[wait]
        if self._answered:
            return not doubtful or waited_s < self.enough_s(doubtful=True)
        if self.open_ports < TRAP_PORTS:
            # A slow camera with its few ports looks the same so far; it is given all the time there is.
            return True
        enough_s = self.enough_s()
        if waited_s < enough_s:
            return True
        dumb = sum(now_s - began_s >= enough_s for began_s in self._waits.values())
        return self._silent + dumb < TARPIT_PORTS

    def heard(self, wait: int) -> None:
        """The first byte came."""
        began_s = self._waits.pop(wait, None)
        if began_s is not None:
            self._took(self._clock() - began_s)

    def end(self, wait: int) -> None:
        """The wait ended without a byte."""
        self._waits.pop(wait, None)

    def talked(self, *, answered: bool, stalled: bool, doubtful: bool) -> None:
        """Count a talk that is over."""
        self._silent += stalled and not doubtful
        self._answered += answered and not stalled
