"""The window: as many talks at once as come back in time."""

from __future__ import annotations

import asyncio

from camaudit.net.window import FIRST, LEAST, MOST, Window


async def _most_at_once(window: Window, talks: int) -> int:
    now = most = 0

    async def talk() -> None:
        nonlocal now, most
        async with window:
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(talk() for _ in range(talks)))
    return most


def test_no_more_than_fit_are_let_in_and_all_get_their_turn() -> None:
    assert asyncio.run(_most_at_once(Window(), FIRST * 5)) == FIRST


def test_quick_answers_widen_it_up_to_its_most() -> None:
    window = Window()
    for _ in range(MOST * MOST):
        window.answered(0.01, 0.0)
    assert window.size == MOST


def test_answers_that_get_slow_narrow_it_down_to_its_least() -> None:
    window = Window()
    for _ in range(50):
        window.answered(0.01, 0.0)
    for _ in range(500):
        window.answered(2.0, 0.0)
    assert window.size == LEAST


def test_our_own_lateness_narrows_it() -> None:
    window = Window()
    window.answered(0.01, 0.5)
    assert window.size < FIRST


def test_devices_that_were_always_slow_do_not_narrow_it() -> None:
    window = Window()
    for _ in range(100):
        window.answered(0.5, 0.0)
    assert window.size > FIRST


def test_whoever_is_cancelled_while_waiting_takes_no_place() -> None:
    async def run() -> int:
        window = Window()
        window.size = 1
        async with window:
            waiting = asyncio.create_task(_most_at_once(window, 1))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        return await asyncio.wait_for(_most_at_once(window, 3), 5)

    assert asyncio.run(run()) == 1
