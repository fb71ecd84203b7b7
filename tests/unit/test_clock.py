"""A clock that is set during a scan: what was stored keeps its order, and it is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from camaudit.clock import RunClock

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@dataclass
class Machine:
    """A machine whose clock can be set; time passes for it as for all others."""

    wall: datetime = NOON
    passed_s: float = 100.0
    read: list[datetime] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.passed_s += seconds
        self.wall += timedelta(seconds=seconds)

    def clock(self, not_before: datetime | None = None) -> RunClock:
        return RunClock(not_before, wall=lambda: self.wall, passed_s=lambda: self.passed_s)


def test_without_a_jump_it_is_the_wall_clock_and_nothing_is_said() -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wait(90)
    assert clock.now() == machine.wall == NOON + timedelta(seconds=90)
    assert list(clock.limits()) == []


@pytest.mark.parametrize(
    ("jump", "said"), [(timedelta(hours=5), "forward by 5 hours"), (timedelta(days=-9), "back by 9 days")]
)
def test_a_jump_changes_no_time_and_is_said(jump: timedelta, said: str) -> None:
    machine = Machine()
    clock = machine.clock()
    machine.wait(10)
    machine.wall += jump
    machine.wait(10)
    assert clock.now() == NOON + timedelta(seconds=20)
    (limit,) = clock.limits()
    assert said in limit


def test_a_run_that_is_resumed_with_a_clock_set_back_counts_on() -> None:
    stored = NOON + timedelta(hours=3)
    machine = Machine()
    clock = machine.clock(not_before=stored)
    machine.wait(5)
    assert clock.now() == stored + timedelta(seconds=5)
    (limit,) = clock.limits()
    assert "3 hours behind" in limit


def test_a_run_that_is_resumed_later_has_the_time_of_then() -> None:
    machine = Machine()
    assert machine.clock(not_before=NOON - timedelta(days=2)).now() == NOON
