"""How gently one device is asked, on a clock of our own: turns, rests, and less of it when it has trouble."""

from __future__ import annotations

import asyncio

import pytest

from camaudit.model import Outcome
from camaudit.net.dealings import Dealings
from camaudit.net.manners import GENTLE, USUAL, Manners, Temper, is_overloaded
from camaudit.net.quiet import QuietHours, parse_quiet
from camaudit.net.window import Window
from camaudit.net.wire import Stopped


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


def asked_at(temper: Temper, clock: Clock, times: int, answer_s: float = 0.01) -> list[float]:
    """Ask so often, as quickly as the turns allow; return when."""
    found = []
    for _ in range(times):
        clock.now_s += temper.turn_s()
        found.append(clock.now_s)
        clock.now_s += answer_s
        temper.answered(answer_s)
    return found


def most_within_a_second(times: list[float]) -> int:
    return max(sum(begin <= at < begin + 1 for at in times) for begin in times)


@pytest.mark.parametrize("manners", [USUAL, GENTLE, Manners(at_first=3, a_second=7)])
def test_never_more_within_a_second_than_the_manners_say(manners: Manners) -> None:
    clock = Clock()
    times = asked_at(Temper(manners, clock), clock, 60)
    assert most_within_a_second(times) <= manners.at_first + manners.a_second


def test_turns_that_are_taken_side_by_side_are_counted_too() -> None:
    clock = Clock()
    temper = Temper(USUAL, clock)
    due = [clock.now_s + temper.turn_s() for _ in range(40)]
    assert due == sorted(due)
    assert most_within_a_second(due) <= USUAL.at_first + USUAL.a_second
    assert due[4] == pytest.approx(clock.now_s), "the first few need not wait"


def test_it_rests_for_as_long_as_it_worked() -> None:
    clock = Clock()
    temper = Temper(Manners(at_first=100, a_second=100), clock)
    times = asked_at(temper, clock, 5, answer_s=0.2)
    assert times[1] - times[0] == pytest.approx(0.4)
    quick = asked_at(Temper(Manners(at_first=100, a_second=100), clock), clock, 5, answer_s=0.02)
    assert quick[1] - quick[0] == pytest.approx(0.02)


def test_pauses_grow_with_each_trouble_and_go_when_it_answers_again() -> None:
    clock = Clock()
    temper = Temper(USUAL, clock)
    waits = []
    for _ in range(5):
        temper.failed()
        waits.append(temper.turn_s())
        clock.now_s += waits[-1]
    assert waits == sorted(waits)
    assert waits[0] >= 0.5
    assert waits[-1] >= 4.0
    assert temper.is_troubled
    for _ in range(4):
        clock.now_s += temper.turn_s() + 0.01
        temper.answered(0.01)
    assert not temper.is_troubled
    assert temper.turn_s() < 0.5


@pytest.mark.parametrize("overloaded", [True, False], ids=["overloaded", "failed"])
def test_one_that_has_nothing_but_trouble_is_left_alone(overloaded: bool) -> None:
    temper = Temper(USUAL, Clock())
    for _ in range(5):
        assert not temper.is_spent
        if overloaded:
            temper.answered(0.01, overloaded=True)
        else:
            temper.failed()
    assert temper.is_spent


def test_one_that_only_slows_down_is_spared_but_not_given_up() -> None:
    clock = Clock()
    temper = Temper(USUAL, clock)
    temper.answered(0.1)
    assert not temper.is_troubled
    for _ in range(10):
        temper.answered(2.0)
    assert temper.is_troubled
    assert not temper.is_spent


def test_one_that_was_slow_from_the_first_is_no_trouble() -> None:
    temper = Temper(USUAL, Clock())
    for _ in range(10):
        temper.answered(2.5)
    assert not temper.is_troubled


@pytest.mark.parametrize(
    ("answer", "is_it"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\n", True),
        (b"HTTP/1.0 429\r\n", True),
        (b"RTSP/1.0 453 Not Enough Bandwidth\r\n", True),
        (b"HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 503", False),
        (b"HTTP/1.1 5030 x", False),
        (b"503", False),
        (b"", False),
    ],
)
def test_what_counts_as_overloaded(answer: bytes, is_it: bool) -> None:
    assert is_overloaded(answer) is is_it


def test_a_turn_gives_the_place_in_the_window_to_others_while_it_waits() -> None:
    async def run() -> None:
        window = Window()
        window.size = 1.0
        dealings = Dealings(Manners(at_first=1, a_second=5), window, QuietHours())
        order = []

        async def ask(name: str, times: int) -> None:
            async with window:
                for _ in range(times):
                    await dealings.turn(10, deadline_s=float("inf"))
                    order.append(name)

        async def pass_by() -> None:
            async with window:
                order.append("other")

        await asyncio.gather(ask("one", 2), pass_by())
        assert order == ["one", "other", "one"]
        assert dealings.tally.requests == 2
        assert dealings.tally.bytes_out == 20

    asyncio.run(run())


def test_who_is_given_up_while_it_waits_leaves_the_window_as_it_was() -> None:
    async def run() -> None:
        window = Window()
        window.size = 1.0

        async def wait() -> None:
            async with window:
                await window.step_aside(60)

        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(1), window:
            second = asyncio.create_task(wait())
            await asyncio.sleep(0.01)
            assert not second.done()
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)

    asyncio.run(run())


def test_whoever_is_to_be_left_alone_gets_no_turn() -> None:
    async def turn(dealings: Dealings, deadline_s: float = float("inf")) -> Stopped:
        with pytest.raises(Stopped) as stopped:
            async with Window():
                await dealings.turn(1, deadline_s=deadline_s)
        return stopped.value

    spent = Dealings(USUAL, Window(), QuietHours())
    for _ in range(5):
        spent.temper.failed()
    said = asyncio.run(turn(spent))
    assert said.outcome is Outcome.NOT_ASKED
    assert "left alone" in said.note
    quiet = QuietHours(parse_quiet(["00:00-12:00", "12:00-23:59"]))
    said = asyncio.run(turn(Dealings(USUAL, Window(), quiet)))
    assert said.outcome is Outcome.NOT_ASKED
    assert "quiet hours" in said.note
    late = asyncio.run(turn(Dealings(USUAL, Window(), QuietHours()), deadline_s=0.0))
    assert late.outcome is Outcome.SILENT
