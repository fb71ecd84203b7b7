"""Quiet hours: what is understood, when they hold (midnight, zones, summer time), and that nothing is sent."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from camaudit.errors import UsageError
from camaudit.net.pace import Pace
from camaudit.net.quiet import QuietHours, parse_quiet


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment", "quiet"),
    [
        ("08:00-16:00 UTC", "2026-11-30T07:59:59", False),
        ("08:00-16:00 UTC", "2026-11-30T08:00:00", True),
        ("08:00-16:00 UTC", "2026-11-30T15:59:59", True),
        ("08:00-16:00 UTC", "2026-11-30T16:00:00", False),
        ("22:00-06:00 UTC", "2026-11-30T23:30:00", True),
        ("22:00-06:00 UTC", "2026-11-30T00:00:00", True),
        ("22:00-06:00 UTC", "2026-11-30T05:59:59", True),
        ("22:00-06:00 UTC", "2026-11-30T06:00:00", False),
        ("20:00-24:00 UTC", "2026-11-30T23:59:59", True),
        ("20:00-24:00 UTC", "2026-11-30T00:00:00", False),
        ("08:00-16:00 Europe/London", "2026-07-01T07:30:00", True),  # half past eight there
        ("08:00-16:00 Europe/London", "2026-12-01T07:30:00", False),
        ("08:00-16:00 America/New_York", "2026-12-01T13:00:00", True),
        ("01:00-03:00 Europe/London", "2026-10-25T00:30:00", True),  # clocks go back: 01:30, the first time
        ("01:00-03:00 Europe/London", "2026-10-25T01:30:00", True),  # and the second
    ],
)
def test_when_they_hold(written: str, moment: str, quiet: bool) -> None:
    hours = QuietHours(parse_quiet([written]), clock=lambda: at(moment))
    assert hours.are_now is quiet


@pytest.mark.parametrize(
    "written",
    [
        "",
        "8-16",
        "25:00-03:00",
        "08:60-10:00",
        "08:00",
        "08:00-08:00",
        "24:30-02:00",
        "08:00-16:00 Nowhere/At_All",
    ],
)
def test_what_is_not_understood_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(UsageError, match="write"):
        parse_quiet([written])


def test_a_day_that_is_quiet_as_a_whole_is_refused() -> None:
    with pytest.raises(UsageError, match="whole day"):
        parse_quiet(["00:00-12:00 UTC", "12:00-24:00 UTC"])


def test_no_host_is_begun_shortly_before() -> None:
    hours = QuietHours(parse_quiet(["08:00-16:00 UTC"]), clock=lambda: at("2026-11-30T07:59:00"), lead_s=90)
    assert not hours.are_now
    assert hours.are_near


def hurried(written: str, begin: str, said: list[str]) -> QuietHours:
    """Return quiet hours on a clock that runs twenty thousand times as fast."""
    loop = asyncio.get_running_loop()
    began_s = loop.time()
    began = at(begin)
    return QuietHours(
        parse_quiet([written]),
        clock=lambda: began + timedelta(seconds=(loop.time() - began_s) * 20_000),
        tell=said.append,
    )


def test_a_packet_waits_until_they_are_over_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever waits looks at the clock again and again, here as much sooner as the clock is faster
    monkeypatch.setattr("camaudit.net.quiet._LOOK_AGAIN_S", 0.02)

    async def run() -> None:
        said: list[str] = []
        hours = hurried("08:00-16:00 UTC", "2026-11-30T14:00:00", said)
        pace = Pace(1000, quiet=hours)
        took = asyncio.gather(*(pace.take() for _ in range(20)))
        await asyncio.sleep(0.01)
        assert pace.sent == 0
        async with asyncio.timeout(30):
            await took
        assert pace.sent == 20
        assert not hours.are_now
        assert said == [
            "quiet hours (08:00-16:00 UTC): nothing is sent until 16:00",
            "quiet hours are over: the scan goes on",
        ]
        ((began, ended),) = hours.waited
        assert began.hour == 14
        assert ended >= at("2026-11-30T16:00:00")

    asyncio.run(run())


def test_packets_that_wait_for_their_turn_wait_on_when_quiet_hours_begin() -> None:
    async def run() -> None:
        quiet = [False]
        hours = QuietHours(parse_quiet(["08:00-16:00 UTC"]))
        hours.clock = lambda: at("2026-11-30T09:00:00") if quiet[0] else at("2026-11-30T20:00:00")
        pace = Pace(50, quiet=hours)
        takes = [asyncio.create_task(pace.take()) for _ in range(30)]
        await asyncio.sleep(0.1)
        quiet[0] = True
        await asyncio.sleep(0.05)
        sent = pace.sent
        await asyncio.sleep(0.3)
        assert 0 < sent < 30
        assert pace.sent == sent
        for task in takes:
            task.cancel()
        await asyncio.gather(*takes, return_exceptions=True)

    asyncio.run(run())
