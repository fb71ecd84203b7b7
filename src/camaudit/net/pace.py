"""The pace: one bucket for every packet that camaudit originates, so that ``--rate`` is true in any second.

In quiet hours it lets nobody through.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from collections.abc import Callable
from enum import IntEnum

from camaudit.net.quiet import QuietHours


class Urgency(IntEnum):
    """Who goes first when packets wait: what finds hosts, then what talks to them, then what only adds to it."""

    FINDING = 0
    ASKING = 1
    REST = 2


class Pace:
    """A token bucket over asyncio. ``rate`` is packets a second; the burst is a hundredth of it, at least one.

    The sum over any one-second window stays at or under ``rate``: the bucket is refilled at ``rate`` less its
    own burst.
    """

    def __init__(
        self, rate: float, clock: Callable[[], float] = time.monotonic, quiet: QuietHours | None = None
    ) -> None:
        self.rate = rate
        self.quiet = quiet or QuietHours()
        self.sent = 0
        self._clock = clock
        self._burst = max(1.0, rate * 0.01)
        # Some are left for wake-ups that come a little early, and for what the kernel sends by itself: it asks for
        # a neighbour, and repeats a SYN that nobody answered (17 in a second of 1,000 were seen).
        spare = self._burst + 2.0 + rate * 0.02
        self._interval = 1.0 / max(rate - spare, rate * 0.5)
        self._next = clock()
        self._waiting: list[tuple[int, int, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._releasing: asyncio.Task[None] | None = None

    async def take(self, packets: int = 1, urgency: Urgency = Urgency.ASKING) -> None:
        """Wait until ``packets`` may leave: the more urgent first, else in the order of asking."""
        await self.quiet.over()
        if not self._waiting and self._next - self._clock() <= 0.001:
            self._account(packets)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._number), packets, turn))
        if self._releasing is None or self._releasing.done():
            self._releasing = asyncio.create_task(self._release())
        await turn

    async def _release(self) -> None:
        while self._waiting:
            delay_s = self._next - self._clock()
            if delay_s > 0.001:
                await asyncio.sleep(delay_s)
            await self.quiet.over()
            _, _, packets, turn = heapq.heappop(self._waiting)
            # Who was cancelled meanwhile sends nothing.
            if not turn.done():
                self._account(packets)
                turn.set_result(None)

    def _account(self, packets: int) -> None:
        # What a late wake-up missed is not caught up beyond the burst: that would break the rate.
        earliest = self._clock() - self._burst * self._interval
        self._next = max(self._next, earliest) + packets * self._interval
        self.sent += packets
