"""Knocking: how often a silent port is tried again follows from what the host has shown."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from camaudit.net.gate import Reach
from camaudit.net.limits import CONNECTIONS_AT_ONCE
from camaudit.net.manners import USUAL, Manners
from camaudit.net.pace import Urgency
from camaudit.scan.knocking import Knocking

Answer = Callable[[int, int], Reach]
"""Port and how often it was tried before, to what it does."""


@dataclass
class Host:
    """Stands in for the gate's host: answers from a rule and counts."""

    answer: Answer
    tried: Counter[int] = field(default_factory=Counter)
    waits: list[int] = field(default_factory=list)
    urgencies: set[Urgency] = field(default_factory=set)
    now: int = 0
    most: int = 0
    manners: Manners = USUAL

    async def reach(self, port: int, *, wait: int, keep: bool, urgency: Urgency) -> Reach:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        reached = self.answer(port, self.tried[port])
        self.tried[port] += 1
        self.waits.append(wait)
        self.urgencies.add(urgency)
        return reached


PORTS = tuple(range(1, 13))


def knocked(answer: Answer, *rounds: tuple[int, ...]) -> tuple[Host, Knocking]:
    host = Host(answer)
    knocking = Knocking(host)  # type: ignore[arg-type]

    async def run() -> None:
        for ports in rounds or (PORTS,):
            await knocking.knock(ports)

    asyncio.run(run())
    return host, knocking


def test_a_dark_address_costs_two_tries_a_port() -> None:
    host, knocking = knocked(lambda _port, _before: Reach.SILENT, (80, 554, 443))
    assert set(host.tried.values()) == {2}
    assert not knocking.is_there


def test_a_port_lost_on_the_way_is_tried_up_to_four_times() -> None:
    host, knocking = knocked(lambda port, before: Reach.OPEN if port != 5 or before == 3 else Reach.SILENT)
    assert knocking.reached[5] is Reach.OPEN
    assert host.tried[5] == 4
    assert sum(host.tried.values()) == len(PORTS) + 3


def test_a_filter_is_not_taken_for_loss() -> None:
    host, knocking = knocked(lambda port, _before: Reach.OPEN if port == 1 else Reach.SILENT)
    assert knocking.open_ports() == [1]
    assert max(host.tried.values()) == 2


def test_never_more_than_four_at_once_and_two_beside_questions() -> None:
    host, _ = knocked(lambda _port, _before: Reach.OPEN)
    assert host.most == CONNECTIONS_AT_ONCE
    host, knocking = knocked(lambda _port, _before: Reach.OPEN, (1,))
    host.most = 0
    asyncio.run(knocking.knock(PORTS))
    assert host.most == 2
    assert Urgency.REST in host.urgencies


def test_what_was_tried_is_not_tried_again() -> None:
    host, _ = knocked(lambda _port, _before: Reach.REFUSED, PORTS[:3], PORTS)
    assert set(host.tried.values()) == {1}
