"""The pace: one bucket for every packet that camaudit originates, so that ``--rate`` is true in any second."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable


class Pace:
    """A token bucket over asyncio. ``rate`` is packets a second; the burst is a hundredth of it, at least one.

    The sum over any one-second window stays at or under ``rate``: the bucket is refilled at ``rate`` less its
    own burst.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self.sent = 0
        self._clock = clock
        self._burst = max(1.0, rate * 0.01)
        # Two packets a second are left for the wake-ups that come a little early.
        self._interval = 1.0 / max(rate - self._burst - 2.0, rate * 0.5)
        self._next = clock()
        self._turn = asyncio.Lock()

    async def take(self, packets: int = 1) -> None:
        """Wait until ``packets`` may leave, in the order of asking."""
        async with self._turn:
            delay = self._next - self._clock()
            if delay > 0.001:
                await asyncio.sleep(delay)
            # What a late wake-up missed is not caught up beyond the burst: that would break the rate.
            earliest = self._clock() - self._burst * self._interval
            self._next = max(self._next, earliest) + packets * self._interval
            self.sent += packets
