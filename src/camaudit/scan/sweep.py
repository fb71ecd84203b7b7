"""The sweep: in go the blocks of the scope, out come addresses that are asked, and how far each block is.

On our own link only who answers ARP is asked; behind routers a few ports say whether anybody is there.
"""

from __future__ import annotations

import asyncio

from camaudit.net.gate import Gate
from camaudit.net.limits import room_for_hosts
from camaudit.scan.blocks import Block, blocks_of
from camaudit.scan.done import Done
from camaudit.scan.hosts import Hosts
from camaudit.scan.link import LinkSweep
from camaudit.scan.listening import Listening
from camaudit.scan.options import ScanWatcher, Sink

_LEAST_AT_ONCE = 16
_LATE_S = 0.02


class Sweep:
    """Asks every address of the scope, so many at once."""

    def __init__(
        self, gate: Gate, hosts: Hosts, link: LinkSweep, listening: Listening, sink: Sink, watcher: ScanWatcher
    ) -> None:
        self._gate = gate
        self._hosts = hosts
        self._link = link
        self._listening = listening
        self._sink = sink
        self._watcher = watcher
        self._most = room_for_hosts()
        self._places = asyncio.Semaphore(self._most)
        self._shrunk = 0

    async def run(self, done: Done) -> None:
        """Ask every address, so many at once; on our own link only those that answer ARP."""
        neighbours: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as asking:

            def hear(address: str, mac: str) -> None:
                if address not in self._hosts.macs:
                    self._hosts.macs[address] = mac
                    neighbours[address] = asking.create_task(self.neighbour(address))

            # Who was begun before is known to be there, and is asked the rest with those that multicast told of.
            known = done.hosts | done.begun.keys()
            link = asking.create_task(self._link.run(known, self._listening.knows, hear, self._room))
            # What lies behind routers is asked while our own link is swept; one that is partly ours comes after.
            for ours in (False, True):
                if ours:
                    await link
                for block in blocks_of(self._gate.scope):
                    if block.ends in done.blocks:
                        self._watcher.swept(0 if ours else len(block.addresses))
                    elif self._link.touches(block.addresses) is ours:
                        await self._sweep_block(block, neighbours, asking, done)

    async def _sweep_block(
        self, block: Block, neighbours: dict[str, asyncio.Task[None]], asking: asyncio.TaskGroup, done: Done
    ) -> None:
        for address in block.addresses:
            if self._link.covers(address):
                if address in neighbours:
                    asking.create_task(self._after(neighbours[address], block))
                else:
                    self.count(block, there=address in done.hosts or address in done.begun)
                continue
            await self._places.acquire()
            asking.create_task(self._one(address, block, done))
            await self._ease()

    async def _room(self) -> None:
        """Wait while as many hosts are being asked as may be: found ones would only pile up."""
        if self._places.locked():
            async with self._places:
                pass

    async def _after(self, neighbour: asyncio.Task[None], block: Block) -> None:
        await asyncio.wait([neighbour])
        self.count(block, there=True)

    async def neighbour(self, address: str) -> None:
        """Ask an address that is known to be there, when a place is free."""
        async with self._places:
            await self._hosts.ask(address, known=True)

    async def in_turn(self, address: str, block: Block, done: Done) -> None:
        """Ask an address of ``block`` when a place is free."""
        await self._places.acquire()
        await self._one(address, block, done)

    async def _one(self, address: str, block: Block, done: Done) -> None:
        try:
            there = address in done.hosts or await self._hosts.ask(address, known=False)
        finally:
            self._places.release()
        self.count(block, there=there)

    def count(self, block: Block, *, there: bool) -> None:
        """Count one address of ``block`` as done."""
        block.left -= 1
        block.silent += not there
        self._watcher.swept(1)
        if not block.left:
            self._sink.swept(*block.ends, len(block.addresses), block.silent)

    async def _ease(self) -> None:
        """Ask fewer hosts at once while this machine runs late: our lateness must not look like their silence."""
        lag_s = self._gate.lag.lag_s
        if lag_s > _LATE_S and self._shrunk < self._most - _LEAST_AT_ONCE:
            self._shrunk += 1
            await self._places.acquire()
        elif lag_s < _LATE_S / 4 and self._shrunk:
            self._shrunk -= 1
            self._places.release()
