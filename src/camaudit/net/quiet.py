"""Quiet hours: times of day in which nothing is sent. In: what the operator wrote. Out: whether it is now.

``08:00-16:00`` and ``22:00-06:00`` are times of this machine's clock; ``08:00-16:00 Europe/London`` are those of a
place. Whoever waits looks at the clock again and again: a changed clock and the end of summer time are heeded.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from camaudit.errors import UsageError

_WRITTEN = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})(?:\s+([\w+/-]{1,60}))?")
_LOOK_AGAIN_S = 20.0
_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """One span of the day, ``begin`` included and ``end`` not; without a zone it is this machine's time."""

    begin: time
    end: time
    zone: ZoneInfo | None = None

    def holds(self, moment: datetime) -> bool:
        """Return whether a moment (with its zone) lies within."""
        at = moment.astimezone(self.zone).time()
        if self.begin < self.end:
            return self.begin <= at < self.end
        return at >= self.begin or at < self.end

    def __str__(self) -> str:
        zone = f" {self.zone.key}" if self.zone else ""
        return f"{self.begin:%H:%M}-{self.end:%H:%M}{zone}"


def parse_quiet(texts: Iterable[str]) -> tuple[Quiet, ...]:
    """Read quiet hours as the operator writes them; raises UsageError that says what to write."""
    found = tuple(_span(text) for text in texts)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    if found and all(any(each.holds(begin + n * _STEP) for each in found) for n in range(24 * 60)):
        raise UsageError("quiet hours: together they are the whole day, so nothing could ever be sent")
    return found


def _span(text: str) -> Quiet:
    written = _WRITTEN.fullmatch(text.strip())
    try:
        if written is None:
            raise ValueError
        begin, end = time(int(written[1]), int(written[2])), time(int(written[3]) % 24, int(written[4]))
        if int(written[3]) > 24 or (int(written[3]) == 24 and end.minute):
            raise ValueError
    except ValueError:
        raise UsageError(
            f"quiet hours {text[:80]!r}: not a span of the day; write 08:00-16:00, or 08:00-16:00 Europe/London"
        ) from None
    if begin == end:
        raise UsageError(f"quiet hours {text[:80]!r}: begin and end are the same; write two times of the day")
    return Quiet(begin, end, _zone(written[5], text))


def _zone(name: str | None, text: str) -> ZoneInfo | None:
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"quiet hours {text[:80]!r}: {name[:60]} is no time zone; write one such as Europe/London"
        ) from None


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(slots=True)
class QuietHours:
    """The operator's quiet hours against a clock. ``waited`` holds each time that a scan waited."""

    spans: tuple[Quiet, ...] = ()
    clock: Callable[[], datetime] = _utc_now
    tell: Callable[[str], None] = lambda _text: None
    """Is told, in words, when a scan begins to wait and when it goes on."""
    lead_s: float = 90.0
    """So long before quiet hours no new host is begun: those under way are done by then."""
    waited: list[tuple[datetime, datetime]] = field(default_factory=list)
    _over: asyncio.Task[None] | None = None

    @property
    def are_now(self) -> bool:
        """Whether nothing may be sent now."""
        return bool(self.spans) and self._hold(self.clock())

    @property
    def are_near(self) -> bool:
        """Whether they are now, or begin before a host that is begun now would be done."""
        return self.are_now or (bool(self.spans) and self._hold(self.clock() + timedelta(seconds=self.lead_s)))

    def _hold(self, moment: datetime) -> bool:
        return any(span.holds(moment) for span in self.spans)

    async def over(self, *, lead: bool = False) -> None:
        """Wait until something may be sent; with ``lead`` also where quiet hours are about to begin."""
        while self.are_near if lead else self.are_now:
            if self._over is None or self._over.done():
                self._over = asyncio.get_running_loop().create_task(self._wait())
            # Many wait for the one: that one of them is given up must not end it for the others.
            await asyncio.shield(self._over)

    async def _wait(self) -> None:
        began = self.clock()
        self.tell(f"quiet hours ({self}): nothing is sent until {self._end(began):%H:%M}")
        while self.are_near:
            left_s = (self._end(self.clock()) - self.clock()).total_seconds()
            await asyncio.sleep(min(_LOOK_AGAIN_S, max(0.05, left_s)))
        self.waited.append((began, self.clock()))
        self.tell("quiet hours are over: the scan goes on")

    def _end(self, since: datetime) -> datetime:
        """Return when the quiet hours that hold at ``since``, or begin soon, are over, in their own zone."""
        zone: tzinfo | None = next((span.zone for span in self.spans if span.zone), None)
        moment = since.replace(second=0, microsecond=0)
        soon = since + timedelta(seconds=self.lead_s)
        while (moment <= soon or self._hold(moment)) and moment < since + timedelta(days=2):
            moment += _STEP
        return moment.astimezone(zone)

    def __str__(self) -> str:
        return ", ".join(map(str, self.spans))
