"""How many conversations are held at once over all hosts: as many as this machine and the network bear.

In go the times that answers took and how late our own loop runs, out comes a number of places. Measured on a fleet
of 1,024: asked all at once, devices (or our own loop) answered seconds late, and cameras looked silent.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import TracebackType

LEAST, FIRST, MOST = 8, 16, 256

_SLOW_S = 0.25
_SLOW_TIMES = 8
"""An answer is slow when it takes this many times as long as the quickest used to, and a quarter of a second."""

_LATE_S = 0.02
_SHRINK = 0.9


class Window:
    """A semaphore whose size follows what comes back (additive increase, multiplicative decrease)."""

    def __init__(self) -> None:
        self.size = float(FIRST)
        self._starting = True
        self._held = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._mean_s = 0.0
        self._best_s = float("inf")

    async def __aenter__(self) -> None:
        if self._held < self.size and not self._waiting:
            self._held += 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    async def step_aside(self, seconds: float) -> None:
        """Give one's place to others for so many seconds, and take it up again."""
        self._leave()
        try:
            await asyncio.sleep(seconds)
            await self.__aenter__()
        except BaseException:
            # Whoever holds the place gives it back once more on the way out.
            self._held += 1
            raise

    def _leave(self) -> None:
        self._held -= 1
        self._let_in()

    def _let_in(self) -> None:
        while self._waiting and self._held < self.size:
            turn = self._waiting.popleft()
            if not turn.done():
                self._held += 1
                turn.set_result(None)

    def answered(self, seconds: float, lag_s: float) -> None:
        """Take into account how long a first answer took, and how late our own loop runs (seconds)."""
        self._mean_s += (seconds - self._mean_s) / 8 if self._mean_s else seconds
        self._best_s = min(self._best_s, self._mean_s)
        slow = self._mean_s > max(_SLOW_S, _SLOW_TIMES * self._best_s)
        if slow or lag_s > _LATE_S:
            self._starting = False
            self.size = max(LEAST, self.size - self.size * (1 - _SHRINK) / 4)
        else:
            # As TCP begins: one more for each that comes back in time, until the first sign of too many.
            self.size = min(MOST, self.size + (1 if self._starting else 1 / self.size))
            self._let_in()
