"""Knocking at the ports of one host: in go ports, out comes what each did.

Everything is tried once before anything is tried again, so that a host that answers is known after one round trip.
How often a silent port is tried again follows from what the host has shown: loss takes a port here and there, a
filter takes nearly all, and a dark address all.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from camaudit.net.gate import HostGate, Reach
from camaudit.net.limits import CONNECTIONS_AT_ONCE
from camaudit.net.pace import Urgency

_WAITS = (1, 2, 2, 4)
"""How long each try waits, as multiples of what an answer takes here (RFC 6298 doubles too)."""

_TRIES_ALIVE, _TRIES_FILTERED, _TRIES_UNKNOWN = 4, 2, 2
_FEW_SILENT = 1 / 3
"""Up to this share of silent ports it may be loss; above it is a filter that drops what is closed."""


@dataclass(slots=True)
class Knocking:
    """The ports of one host. ``reached`` grows as they answer."""

    host: HostGate
    reached: dict[int, Reach] = field(default_factory=dict)
    keep: frozenset[int] = frozenset()
    """Ports whose connection is worth keeping open for a question."""

    async def knock(self, ports: Iterable[int]) -> bool:
        """Try ports that were not tried yet; return whether the host is there at all.

        Where earlier ones are open, these are the rest: they wait for whatever else is to be sent, and leave two
        of the host's connections to the questions that are being asked.
        """
        left = [port for port in dict.fromkeys(ports) if port not in self.reached]
        is_rest = self.is_there
        tried = 0
        while left and tried < self._tries():
            await self._round(left, self._wait(tried), is_rest=is_rest)
            tried += 1
            left = [port for port in left if self.reached[port] is Reach.SILENT]
        return self.is_there

    @property
    def is_there(self) -> bool:
        """Whether any port has answered, be it with a refusal."""
        return Reach.OPEN in self.reached.values() or Reach.REFUSED in self.reached.values()

    def open_ports(self) -> list[int]:
        """Return the open ports in rising order."""
        return sorted(port for port, reach in self.reached.items() if reach is Reach.OPEN)

    def _tries(self) -> int:
        if not self.is_there:
            return _TRIES_UNKNOWN
        silent = sum(reach is Reach.SILENT for reach in self.reached.values())
        few = silent <= max(1, len(self.reached) * _FEW_SILENT)
        return _TRIES_ALIVE if few else _TRIES_FILTERED

    def _wait(self, tried: int) -> int:
        # A host whose likeliest ports stayed silent twice has had its long wait.
        has_waited = not self.is_there and len(self.reached) > CONNECTIONS_AT_ONCE
        return 1 if has_waited else _WAITS[tried]

    async def _round(self, ports: list[int], wait: int, *, is_rest: bool) -> None:
        waiting = deque(ports)
        urgency = Urgency.REST if is_rest else Urgency.ASKING
        manners = self.host.manners
        at_once = max(1, manners.connections - manners.talks * is_rest)

        async def work() -> None:
            while waiting:
                port = waiting.popleft()
                keep = port in self.keep
                self.reached[port] = await self.host.reach(port, wait=wait, keep=keep, urgency=urgency)

        if len(ports) == 1:
            await work()
        else:
            await asyncio.gather(*(work() for _ in range(min(at_once, len(ports)))))
