"""The sweep by nmap: in go the blocks of the scope, out come hosts whose ports are known before they are asked.

nmap and the interviews take turns, block by block: both at once would send twice the rate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Protocol

from camaudit.net.gate import Gate, Reach
from camaudit.net.nmap import Found, Nmap, find_nmap
from camaudit.scan.blocks import Block, blocks_of
from camaudit.scan.done import Done
from camaudit.scan.hosts import Hosts
from camaudit.scan.options import Engine
from camaudit.scan.ports import FIRST_KNOCKS

_LOOK_AGAIN_S = 1.0
"""How often the clock is looked at while nmap runs."""

Ask = Callable[[str, Block, Done], Awaitable[None]]


class Count(Protocol):
    """Whoever counts how far a block is."""

    def __call__(self, block: Block, *, there: bool) -> None:
        """Count one address of ``block`` as done."""


def check_engine(engine: Engine) -> None:
    """Raise NetworkUnavailable, with what to do, where this machine does not have what the engine needs."""
    if engine is Engine.NMAP:
        find_nmap()


class NmapSweep:
    """Tells ``hosts`` the ports and MACs of those that nmap found; ``limits`` says that it was nmap."""

    def __init__(self, gate: Gate, ports: Collection[int], knows: Callable[[str], bool], hosts: Hosts) -> None:
        self.limits: list[str] = []
        self._gate = gate
        # nmap pings the first three of them, which are to be those that we would knock at.
        self._ports = sorted(ports, key=lambda port: port not in FIRST_KNOCKS)
        self._knows = knows
        self._hosts = hosts
        self._nmap: Nmap | None = None

    async def run(self, done: Done, ask: Ask, count: Count, skipped: Callable[[int], None]) -> None:
        """Sweep every block that is not ``done``; ``ask`` gets each host that is there, and each excluded one."""
        for block in blocks_of(self._gate.scope):
            if block.ends in done.blocks:
                skipped(len(block.addresses))
                continue
            known = done.hosts | done.begun.keys()
            unasked = [a for a in block.addresses if a not in known and self._gate.scope.contains(a)]
            await self.look([a for a in unasked if not self._knows(a)], there=False)
            await self.look([a for a in unasked if self._knows(a)], there=True)
            absent = {address for address in unasked if address not in self._hosts.reached}
            async with asyncio.TaskGroup() as asking:
                for address in block.addresses:
                    if address in absent:
                        count(block, there=False)
                    else:
                        asking.create_task(self._ask(ask, address, block, done))

    @staticmethod
    async def _ask(ask: Ask, address: str, block: Block, done: Done) -> None:
        await ask(address, block, done)

    async def look(self, addresses: Collection[str], *, there: bool) -> None:
        """Let nmap look for these; those that something else told to be ``there`` are found in any case."""
        if not addresses:
            return
        if self._nmap is None:
            self._nmap = await asyncio.to_thread(find_nmap)
            self.limits.append(_how(self._nmap, self._ports))
        if there:
            self._hosts.reached.update({a: dict.fromkeys(self._ports, Reach.SILENT) for a in addresses})
        for host in await self._outside_quiet_hours(self._nmap, addresses, there=there):
            self._hosts.reached[host.address] = dict(host.ports)
            if host.mac is not None:
                self._hosts.macs[host.address] = host.mac

    async def _outside_quiet_hours(
        self, nmap: Nmap, addresses: Collection[str], *, there: bool
    ) -> tuple[Found, ...]:
        """Let nmap look; it knows no quiet hours, so it is ended where they begin and looks anew after them."""
        quiet = self._gate.pace.quiet
        while True:
            await quiet.over(lead=True)
            looking = asyncio.ensure_future(nmap.look(self._gate, addresses, self._ports, there=there))
            try:
                while not looking.done() and not quiet.are_now:
                    await asyncio.wait({looking}, timeout=_LOOK_AGAIN_S)
                if looking.done():
                    return looking.result()
            finally:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)


def _how(nmap: Nmap, ports: Collection[int]) -> str:
    way = "SYN scan, ARP on its own subnet" if nmap.raw else "connect scan: raw sockets are not allowed here"
    first = ", ".join(map(str, tuple(ports)[:3]))
    return (
        f"hosts and open ports were found by nmap {nmap.version} ({way}); who answered neither its knock at ports "
        f"{first} nor multicast discovery was not asked further"
    )
