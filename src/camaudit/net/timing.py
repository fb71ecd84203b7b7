"""Round-trip times, the timeouts that follow from them, and the guard against our own lateness."""

from __future__ import annotations

import asyncio
import time

FIRST_TIMEOUT_S = 0.5
MIN_TIMEOUT_S, MAX_TIMEOUT_S = 0.1, 1.0


class RoundTrip:
    """A smoothed round-trip time in seconds (RFC 6298, with eight deviations because cameras stutter)."""

    def __init__(self) -> None:
        self._mean_s: float | None = None
        self._deviation_s = 0.0

    @property
    def known(self) -> bool:
        """Whether anything was measured yet."""
        return self._mean_s is not None

    def add(self, seconds: float) -> None:
        """Take one measured round trip into account."""
        if self._mean_s is None:
            self._mean_s, self._deviation_s = seconds, seconds / 2
        else:
            self._deviation_s += (abs(self._mean_s - seconds) - self._deviation_s) / 4
            self._mean_s += (seconds - self._mean_s) / 8

    def timeout_s(self) -> float:
        """Return how long to wait for an answer."""
        if self._mean_s is None:
            return FIRST_TIMEOUT_S
        return min(MAX_TIMEOUT_S, max(MIN_TIMEOUT_S, self.open_timeout_s()))

    def open_timeout_s(self) -> float:
        """Return the mean and eight deviations in seconds, without floor or ceiling."""
        return (self._mean_s or 0.0) + 8 * self._deviation_s


class LagMeter:
    """Measures how late the event loop runs; a timeout that fired late says nothing about the network.

    Measured on a fleet of 1,024: with 512 hosts in flight the loop's own lag looked like silence and cameras
    went missing.
    """

    _BEAT_S = 0.02

    def __init__(self) -> None:
        self.lag_s = 0.0
        self._late_until = 0.0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to measure on the running loop."""
        self._task = asyncio.get_running_loop().create_task(self._beat())

    def stop(self) -> None:
        """Stop measuring."""
        if self._task is not None:
            self._task.cancel()

    def was_late(self, since_s: float) -> bool:
        """Return whether the loop ran more than 50 ms late at any time since ``since_s`` (monotonic)."""
        return self._late_until >= since_s

    async def _beat(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(self._BEAT_S)
            now = time.monotonic()
            late_s = max(0.0, now - before - self._BEAT_S)
            self.lag_s += (late_s - self.lag_s) / 4
            if late_s > 0.05:
                self._late_until = now
