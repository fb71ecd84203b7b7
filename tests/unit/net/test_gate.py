"""The gate against servers that behave badly: scope, limits, deadlines and byte ceilings hold."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import struct
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from camaudit.model import Outcome
from camaudit.net import gate as gates
from camaudit.net.gate import Gate, HostGate, Reach
from camaudit.net.limits import Tally
from camaudit.net.manners import USUAL
from camaudit.net.pace import Pace, Urgency
from camaudit.net.scope import parse_scope
from camaudit.net.wire import Stopped

ADDRESS = "127.81.0.1"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def serving(serve: Serve, count: int = 1) -> AsyncIterator[list[int]]:
    servers = [await asyncio.start_server(serve, ADDRESS, 0) for _ in range(count)]
    try:
        yield [server.sockets[0].getsockname()[1] for server in servers]
    finally:
        for server in servers:
            server.close()


def host(answer_s: float = 0.3, rate: float = 5000) -> HostGate:
    return Gate(parse_scope([ADDRESS]), Pace(rate), answer_s=answer_s).host(ADDRESS)


async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)
    writer.close()


async def drip(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.05)


async def flood(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"y" * 65536)
            await writer.drain()


def test_an_address_out_of_scope_is_not_asked() -> None:
    gate = Gate(parse_scope([ADDRESS]), Pace(1000))
    with pytest.raises(Stopped) as stopped:
        gate.host("198.51.100.9")
    assert stopped.value.outcome is Outcome.OUT_OF_SCOPE


async def _reach(serve: Serve) -> tuple[Reach, Reach]:
    async with serving(serve) as (port,):
        unit = host()
        return await unit.reach(port), await unit.reach(1)


def test_open_and_closed_ports_are_told_apart() -> None:
    assert asyncio.run(_reach(silent)) == (Reach.OPEN, Reach.REFUSED)


def test_a_drip_cannot_reset_the_deadline() -> None:
    async def run() -> tuple[bytes, float]:
        async with serving(drip) as (port,):
            began = time.monotonic()
            async with host().talk(port) as talk:
                got = await talk.ask(b"?", lambda data: b"\n" in data)
            return got, time.monotonic() - began

    got, seconds = asyncio.run(run())
    assert set(got) == {ord("x")}
    assert seconds < 2


def test_a_flood_ends_at_the_limit() -> None:
    async def run() -> bytes:
        async with serving(flood) as (port,), host(answer_s=5).talk(port) as talk:
            return await talk.ask(b"?", lambda _: False, limit=10_000)

    assert len(asyncio.run(run())) == 10_000


def test_two_silent_ports_make_a_tarpit_that_costs_no_more() -> None:
    async def run() -> tuple[bool, int]:
        async with serving(silent, 3) as ports:
            unit = host()
            for port in ports[:2]:
                with pytest.raises(Stopped):
                    async with unit.talk(port) as talk:
                        await talk.ask(b"?", lambda _: False)
            before = unit.tally.connections
            with pytest.raises(Stopped):
                async with unit.talk(ports[2]):
                    pass
            return unit.is_tarpit, unit.tally.connections - before

    assert asyncio.run(run()) == (True, 0)


def test_never_more_than_four_connections_at_once() -> None:
    most = 0
    now = 0

    async def count(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.05)
        now -= 1
        writer.close()

    async def run() -> int:
        async with serving(count, 12) as ports:
            unit = host()
            await asyncio.gather(*(unit.reach(port, keep=True) for port in ports))
            await asyncio.sleep(0.6)  # the kernel holds its bare ACK back for 0.2 s
            unit.close()
            return unit.tally.at_once

    assert asyncio.run(run()) <= gates.CONNECTIONS_AT_ONCE
    assert most >= 1


def test_a_closed_udp_port_is_refused_and_not_waited_for() -> None:
    async def run() -> tuple[Outcome, float]:
        began = time.monotonic()
        with pytest.raises(Stopped) as stopped:
            await host().datagram(9, b"?", wait_s=3)
        return stopped.value.outcome, time.monotonic() - began

    outcome, seconds = asyncio.run(run())
    assert outcome is Outcome.REFUSED
    assert seconds < 1


@pytest.mark.parametrize("rate", [200, 1000, 5000])
def test_the_rate_is_true_in_any_second(rate: int) -> None:
    """Driven by a clock of our own, so that the test is exact on any machine."""
    now = [0.0]
    sent: list[float] = []

    async def sleep(seconds: float) -> None:
        # Wake late, as a busy loop does.
        now[0] += seconds + 0.003

    async def run() -> None:
        pace = Pace(rate, clock=lambda: now[0])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio, "sleep", sleep)
            for number in range(rate * 3):
                if number == rate:
                    now[0] += 0.7  # the whole machine stood still
                await pace.take()
                sent.append(now[0])

    asyncio.run(run())
    assert max(_in_window(sent, begin) for begin in sent[:: max(1, rate // 50)]) <= rate


def _in_window(sent: list[float], begin: float) -> int:
    return sum(begin <= at < begin + 1.0 for at in sent)


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(100):
            writer.write(data)


def test_a_connection_is_used_again_and_never_holds_up_another() -> None:
    async def run() -> tuple[int, int]:
        async with serving(echo, 8) as ports, asyncio.timeout(20):
            unit = host(answer_s=3)
            await asyncio.gather(*(unit.reach(port, keep=True) for port in ports[:3]))

            async def talk(port: int) -> None:
                async with unit.talk(port) as stream:
                    await stream.ask(b"?", bool)

            # Given three connections that wait for their question, others must still find a place
            await asyncio.gather(*map(talk, ports[3:]))
            before = unit.tally.connections
            await asyncio.gather(*map(talk, ports[:3]))
            await talk(ports[0])
            unit.close()
            return before, unit.tally.connections

    before, after = asyncio.run(run())
    assert before == 3 + 5
    assert after == before


def test_what_finds_hosts_goes_before_what_only_adds() -> None:
    async def run() -> list[str]:
        pace = Pace(200)
        order: list[str] = []

        async def send(name: str, urgency: Urgency) -> None:
            await pace.take(urgency=urgency)
            order.append(name)

        await pace.take(2)  # the burst is used up: whoever comes now waits
        kinds = [("rest", Urgency.REST), ("ask", Urgency.ASKING), ("find", Urgency.FINDING)] * 3
        await asyncio.gather(*(send(name, urgency) for name, urgency in kinds))
        return order

    assert asyncio.run(run()) == ["find"] * 3 + ["ask"] * 3 + ["rest"] * 3


def test_knocks_go_on_while_talks_are_silent_and_others_are_kept() -> None:
    async def run() -> list[Reach]:
        async with serving(silent, 8) as ports, asyncio.timeout(20):
            unit = host(answer_s=4)
            await asyncio.gather(*(unit.reach(port, keep=True) for port in ports[:3]))

            async def talk(port: int) -> None:
                with contextlib.suppress(Stopped):
                    async with unit.talk(port) as stream:
                        await stream.ask(b"?", bool)

            talking = [asyncio.create_task(talk(port)) for port in ports[:2]]
            await asyncio.sleep(0.1)
            # The two talks wait for seconds; no knock may wait for them
            async with asyncio.timeout(2):
                reached = await asyncio.gather(*(unit.reach(port, keep=True) for port in ports[3:]))
            for task in talking:
                task.cancel()
            await asyncio.gather(*talking, return_exceptions=True)
            unit.close()
            return reached

    assert asyncio.run(run()) == [Reach.OPEN] * 5


async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(100)
    lingering = struct.pack("ii", 1, 0)
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
    writer.transport.abort()


def test_one_that_breaks_off_each_connection_is_asked_more_and_more_rarely_and_then_left_alone() -> None:
    asked_at: list[float] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked_at.append(time.monotonic())
        await reset(reader, writer)

    async def run() -> list[Outcome]:
        found = []
        async with serving(serve) as (port,):
            asked = host()
            for _ in range(8):
                try:
                    async with asked.talk(port) as conversation:
                        await conversation.ask(b"GET / HTTP/1.1\r\n\r\n", bool)
                except Stopped as stopped:
                    found.append(stopped.outcome)
            asked.close()
        return found

    found = asyncio.run(run())
    assert found == [Outcome.REFUSED] * 5 + [Outcome.NOT_ASKED] * 3
    gaps = [after - before for before, after in itertools.pairwise(asked_at)]
    # The connection is there before its question may be asked: the gaps are those between connections.
    assert gaps[-1] > 2 * gaps[0]


def test_what_is_asked_over_both_talks_of_a_host_is_counted_together() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while await reader.read(100):
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")

    async def run() -> tuple[list[float], Tally]:
        asked = host()
        at = []

        async def ask(port: int) -> None:
            async with asked.talk(port) as conversation:
                for _ in range(7):
                    await conversation.ask(b"x" * 10, bool)
                    at.append(time.monotonic())

        async with serving(serve, 2) as ports:
            await asyncio.gather(*map(ask, ports))
            asked.close()
        return at, asked.tally

    at, tally = asyncio.run(run())
    most = max(sum(begin <= moment < begin + 1 for moment in at) for begin in at)
    assert most <= USUAL.at_first + USUAL.a_second + 1
    assert (tally.requests, tally.bytes_out, tally.connections, tally.at_once) == (14, 140, 2, 2)
    assert tally.bytes_in == 14 * len(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


def test_the_same_device_handed_out_again_is_the_same_device() -> None:
    gate = Gate(parse_scope([ADDRESS]), Pace(1000))
    first = gate.host(ADDRESS)
    first.tally.requests = 3
    assert gate.host(ADDRESS).tally.requests == 3
    gate.forget(ADDRESS)
    assert gate.host(ADDRESS).tally.requests == 0
