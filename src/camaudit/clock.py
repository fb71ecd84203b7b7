"""The clock of one run: the wall clock when it begins, and from then on what has passed.

A clock that is set while a scan runs would put the end before the beginning, and answers before questions. What
was stored keeps its order; that the clock was set is said.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

_WORTH_SAYING = timedelta(seconds=5)


def wall() -> datetime:
    """Return what this machine's clock says, in UTC."""
    return datetime.now(UTC)


def passed_s() -> float:
    """Return seconds that only go forward, also while the machine sleeps where the system counts that."""
    # CLOCK_BOOTTIME is Linux's; the monotonic clock stands still while a laptop is shut.
    number = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if number is None else time.clock_gettime(number)


class RunClock:
    """``not_before`` is the last time that an earlier part of the run has stored."""

    def __init__(
        self,
        not_before: datetime | None = None,
        *,
        wall: Callable[[], datetime] = wall,
        passed_s: Callable[[], float] = passed_s,
    ) -> None:
        self._wall = wall
        self._passed_s = passed_s
        self._began_s = passed_s()
        self._by_wall = wall()
        self._began = max(self._by_wall, not_before or self._by_wall)

    def now(self) -> datetime:
        """Return the time in UTC; it never goes back."""
        return self._began + self._passed()

    def _passed(self) -> timedelta:
        return timedelta(seconds=self._passed_s() - self._began_s)

    def limits(self) -> Iterator[str]:
        """Yield what has to be said of the times of this run."""
        behind = self._began - self._by_wall
        if behind > _WORTH_SAYING:
            yield (
                f"this machine's clock was {_spoken(behind)} behind what this run had stored when it was resumed: "
                "the times of the rest count on from there"
            )
        moved = self._wall() - (self._by_wall + self._passed())
        if abs(moved) > _WORTH_SAYING:
            way = "forward" if moved > timedelta() else "back"
            yield (
                f"this machine's clock was set {way} by {_spoken(abs(moved))} during the scan: the times in this "
                "run count from when it began"
            )


def _spoken(span: timedelta) -> str:
    seconds = round(span.total_seconds())
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds // size} {name}"
    return f"{seconds} seconds"
