"""Reply ports are shared, given back, and not taken from another program; a call to everybody is made once."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from typing import TypeVar

import pytest

from camaudit.model import Outcome
from camaudit.net.broadcast import Call, ask_everybody
from camaudit.net.discover import Answer
from camaudit.net.gate import Gate
from camaudit.net.interfaces import interfaces
from camaudit.net.pace import Pace
from camaudit.net.replies import ReplyPorts
from camaudit.net.scope import parse_scope
from camaudit.net.wire import Stopped

T = TypeVar("T")
ASKED = b"who are you"


def run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(asyncio.wait_for(work, 10))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("", 0))
        return int(sock.getsockname()[1])


class Device:
    """Answers what it is asked to a port that it sets, wherever the question came from: one, or everybody."""

    def __init__(self, address: str, port: int, reply_port: int, *, heard_at: str = "", to: str = "") -> None:
        self.asked: list[bytes] = []
        self._address, self._reply_port, self._to = address, reply_port, to
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        self._sock.bind((heard_at or address, port))
        asyncio.get_running_loop().add_reader(self._sock, self._answer)

    def _answer(self) -> None:
        data, asker = self._sock.recvfrom(1024)
        self.asked.append(data)
        to = (self._to or asker[0], self._reply_port or asker[1])
        way = struct.pack("@i4s4s", socket.if_nametoindex("lo"), socket.inet_aton(self._address), bytes(4))
        self._sock.sendmsg([f"I am {self._address}".encode()], [(socket.IPPROTO_IP, 8, way)], 0, to)

    def close(self) -> None:
        self._sock.close()


@pytest.fixture
def device() -> Iterator[Callable[..., Device]]:
    """What makes devices, all of which are closed at the end."""
    made: list[Device] = []

    def make(*about: object, **more: str) -> Device:
        made.append(Device(*about, **more))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_several_hosts_answer_to_one_port_and_each_is_heard(device: Callable[..., Device]) -> None:
    port, reply = free_port(), free_port()
    hosts = [f"127.77.9.{number}" for number in range(1, 6)]

    async def work() -> list[tuple[bytes, ...]]:
        for host in hosts:
            device(host, port, reply)
        gate = Gate(parse_scope(["127.77.9.0/29"]), Pace(1000))
        asked = [gate.host(host).datagram(port, ASKED, wait_s=1.0, reply_port=reply) for host in hosts]
        found = await asyncio.gather(*asked)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
            again.bind(("", reply))  # it was given back
        return found

    assert run(work()) == [(f"I am {host}".encode(),) for host in hosts]


def test_silence_at_a_shared_port_is_silence() -> None:
    async def work() -> None:
        gate = Gate(parse_scope(["127.77.9.0/29"]), Pace(1000))
        with pytest.raises(Stopped) as stopped:
            await gate.host("127.77.9.1").datagram(free_port(), ASKED, wait_s=0.1, reply_port=free_port())
        assert stopped.value.outcome is Outcome.SILENT

    run(work())


def test_a_port_that_another_program_holds_is_left_to_it_and_said() -> None:
    reply = free_port()

    async def work() -> None:
        gate = Gate(parse_scope(["127.77.9.0/29"]), Pace(1000))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            # Even where the other program would share it: only one of the two would hear an answer.
            other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            other.bind(("", reply))
            for _ in range(2):
                with pytest.raises(Stopped) as stopped:
                    await gate.host("127.77.9.1").datagram(7701, ASKED, wait_s=0.1, reply_port=reply)
        assert stopped.value.outcome is Outcome.NOT_ASKED
        assert "another program holds it" in stopped.value.note
        assert gate.replies.limits == [stopped.value.note]

    run(work())


def test_where_only_another_address_is_taken_our_own_is_used(device: Callable[..., Device]) -> None:
    port, reply = free_port(), free_port()

    async def work() -> tuple[bytes, ...]:
        device("127.77.9.1", port, reply)
        gate = Gate(parse_scope(["127.77.9.0/29"]), Pace(1000))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("127.77.9.6", reply))
            return await gate.host("127.77.9.1").datagram(port, ASKED, wait_s=1.0, reply_port=reply)

    assert run(work()) == (b"I am 127.77.9.1",)


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("to", ["", "255.255.255.255"])
def test_everybody_is_called_once_and_who_answers_is_heard(
    device: Callable[..., Device], fixed: bool, to: str
) -> None:
    port, reply = free_port(), free_port() if fixed else 0
    loopback = next(each for each in interfaces() if each.network.is_loopback)
    heard: list[Answer] = []

    async def work() -> tuple[Device, tuple[str, ...], int]:
        made = device("127.0.0.1", port, reply, heard_at="255.255.255.255", to=to)
        pace = Pace(1000)
        calls = (Call("bosch", port, reply, ASKED),)
        limits = await ask_everybody(calls, loopback, pace, ReplyPorts(), heard.append, window_s=0.3)
        return made, limits, pace.sent

    made, limits, sent = run(work())
    assert (made.asked, limits, sent) == ([ASKED], (), 1)
    assert [(answer.protocol, answer.datagram) for answer in heard] == [("bosch", b"I am 127.0.0.1")]


def test_a_call_that_finds_its_port_taken_leaves_the_others_be(device: Callable[..., Device]) -> None:
    port, taken = free_port(), free_port()
    loopback = next(each for each in interfaces() if each.network.is_loopback)

    async def work() -> tuple[Device, list[str]]:
        made = device("127.0.0.1", port, 0, heard_at="255.255.255.255")
        replies = ReplyPorts()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.bind(("", taken))
            calls = (Call("hanwha", port, taken, b"1"), Call("sony", port, 0, b"2"))
            await ask_everybody(calls, loopback, Pace(1000), replies, lambda _: None, window_s=0.1)
        return made, replies.limits

    made, limits = run(work())
    assert made.asked == [b"2"]
    assert len(limits) == 1
    assert str(taken) in limits[0]


def test_an_interface_that_is_gone_or_carries_no_broadcast_gives_one_line() -> None:
    gone = replace(next(each for each in interfaces() if each.network.is_loopback), name="gone0")
    calls = (Call("hanwha", 7701, 0, b"1"), Call("sony", 2380, 0, b"2"))
    limits = run(ask_everybody(calls, gone, Pace(1000), ReplyPorts(), lambda _: None, window_s=0.0))
    assert len(limits) == 1
    assert limits[0].startswith("hanwha, sony: broadcast on gone0 not possible")


def test_a_second_address_of_a_card_is_called_from_too(device: Callable[..., Device]) -> None:
    port = free_port()
    card = next(each for each in interfaces() if each.network.is_loopback)
    second = replace(card, name=f"{card.name}:1", address="127.0.0.9")

    async def work() -> list[Answer]:
        device("127.0.0.1", port, 0, heard_at="255.255.255.255")
        heard: list[Answer] = []
        calls = (Call("sony", port, 0, ASKED),)
        assert await ask_everybody(calls, second, Pace(1000), ReplyPorts(), heard.append, window_s=0.3) == ()
        return heard

    assert [answer.sender for answer in run(work())] == ["127.0.0.1"]
