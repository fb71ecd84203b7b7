"""Who is asked again, and when: in go what was sent and what came back, out come the addresses that are due.

Opens nothing and sends nothing; time comes from a clock that tests can replace.
"""

from __future__ import annotations

import heapq
import ipaddress
import time
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable
from typing import Any

from camaudit.net.interfaces import Interface
from camaudit.net.timing import RoundTrip

KNOWN_ROUNDS = 4
"""How often an address is asked that is known to live: at 2 % loss each way two rounds miss hosts."""

_PATIENCE = (1, 2, 2, 4)
_MAX_WAIT_S = 2.0
_LATE_S = 2.0
"""How long a late answer is still heard after the last question."""


class Rounds:
    """The addresses of one sweep that were asked and did not answer yet."""

    def __init__(
        self,
        interface: Interface,
        hear: Callable[[str, str], None],
        *,
        rounds: int,
        round_trip: RoundTrip,
        known: Callable[[str], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.interface = interface
        self._hear = hear
        self._rounds = rounds
        self._round_trip = round_trip
        self._known = known
        self._clock = clock
        self._asked: dict[str, int] = {}
        self._answers: dict[str, set[str]] = {}
        self._due: list[tuple[float, str]] = []
        self._leaving: deque[tuple[float, str]] = deque()

    def sent(self, targets: Iterable[str]) -> None:
        """Take into account that these were asked just now."""
        now_s = self._clock()
        for target in targets:
            times = self._asked[target] = self._asked.get(target, 0) + 1
            patience = _PATIENCE[min(times, len(_PATIENCE)) - 1]
            heapq.heappush(self._due, (now_s + min(_MAX_WAIT_S, self._round_trip.timeout_s() * patience), target))

    @property
    def waiting(self) -> int:
        """How many addresses may still be asked again."""
        return len(self._due)

    def is_known(self, target: str) -> bool:
        """Return whether an address is known to live though it has not answered here."""
        return self._known(target)

    def due(self, most: int) -> list[str]:
        """Return up to ``most`` addresses that have been silent for long enough to be asked again."""
        now_s = self._clock()
        self._forget(now_s)
        found: list[str] = []
        while self._due and self._due[0][0] <= now_s and len(found) < most:
            _, target = heapq.heappop(self._due)
            if target in self._answers:
                continue
            allowed = max(self._rounds, KNOWN_ROUNDS) if self._known(target) else self._rounds
            if self._asked[target] < allowed:
                found.append(target)
            else:
                self._leaving.append((now_s + _LATE_S, target))
        return found

    def _forget(self, now_s: float) -> None:
        """Let go of who stayed silent: a network of nothing must cost no memory."""
        while self._leaving and self._leaving[0][0] <= now_s:
            _, target = self._leaving.popleft()
            if target not in self._answers:
                self._asked.pop(target, None)

    def wait_s(self) -> float | None:
        """Return how long to wait for the next that may be due, or None when all are done with."""
        return max(0.0, self._due[0][0] - self._clock()) if self._due else None

    def heard(self, said: dict[str, Any]) -> None:
        """Take one reply as the helper tells it; each MAC of an address is handed on once."""
        address, mac, round_trip_s = (said.get(key) for key in ("address", "mac", "round_trip_s"))
        if said.get("interface") != self.interface.name or not isinstance(mac, str) or address not in self._asked:
            return
        macs = self._answers.setdefault(address, set())
        # After a second request nobody knows which of the two was answered (Karn's rule).
        if not macs and self._asked[address] == 1 and isinstance(round_trip_s, float):
            self._round_trip.add(round_trip_s)
        if mac not in macs:
            macs.add(mac)
            self._hear(address, mac)


async def neighbours_of(interface: Interface, addresses: AsyncIterable[str] | Iterable[str]) -> AsyncIterator[str]:
    """Yield those of ``addresses`` that another host on the interface's network can have."""
    network = interface.network
    ends = () if network.prefixlen > 30 else (network.network_address, network.broadcast_address)
    async for text in _each(addresses):
        try:
            address = ipaddress.IPv4Address(text)
        except ValueError:
            continue
        if address in network and address not in ends and text != interface.address:
            yield text


async def _each(addresses: AsyncIterable[str] | Iterable[str]) -> AsyncIterator[str]:
    if isinstance(addresses, AsyncIterable):
        async for address in addresses:
            yield address
    else:
        for address in addresses:
            yield address
