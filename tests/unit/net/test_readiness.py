"""Waiting on our own epoll: what is ready is told, what is not ends in time, and lateness is nobody's silence."""

from __future__ import annotations

import asyncio
import socket
import time

from camaudit.net.readiness import READ, WRITE, ready


async def _until(seconds: float) -> float:
    return asyncio.get_running_loop().time() + seconds


def test_a_socket_that_gets_ready_is_told() -> None:
    async def run() -> tuple[bool, bool]:
        one, other = socket.socketpair()
        with one, other:
            one.setblocking(False)
            writable = await ready(one, WRITE, await _until(5))
            asyncio.get_running_loop().call_later(0.01, other.send, b"x")
            return writable, await ready(one, READ, await _until(5))

    assert asyncio.run(run()) == (True, True)


def test_a_socket_that_stays_silent_ends_at_its_time() -> None:
    async def run() -> bool:
        one, other = socket.socketpair()
        with one, other:
            return await ready(one, READ, await _until(0.05))

    assert asyncio.run(run()) is False


def test_what_came_while_we_were_late_counts_as_come() -> None:
    """The loop stands still past the deadline; the byte that came meanwhile must not be called silence."""

    async def run() -> bool:
        one, other = socket.socketpair()
        with one, other:
            waiting = ready(one, READ, await _until(0.05))
            other.send(b"x")
            time.sleep(0.2)  # noqa: ASYNC251 - a blocked loop is what is tested
            return await waiting

    assert asyncio.run(run()) is True


def test_a_number_that_comes_again_for_another_socket_is_waited_for_anew() -> None:
    async def run() -> list[bool]:
        told = []
        for _ in range(5):
            one, other = socket.socketpair()
            with one, other:
                other.send(b"x")
                told.append(await ready(one, READ, await _until(5)))
        return told

    assert asyncio.run(run()) == [True] * 5


def test_many_wait_at_once_and_each_gets_its_own() -> None:
    async def run() -> list[bool]:
        pairs = [socket.socketpair() for _ in range(64)]
        waits = [ready(one, READ, await _until(0.2)) for one, _ in pairs]
        for _, other in pairs[::2]:
            other.send(b"x")
        told = await asyncio.gather(*waits)
        for one, other in pairs:
            one.close()
            other.close()
        return told

    assert asyncio.run(run()) == [True, False] * 32
