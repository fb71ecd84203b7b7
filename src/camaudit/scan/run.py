"""The whole scan: multicast, sweep and interviews overlapping, nothing waiting for a phase to end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from camaudit.errors import StoreError
from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.interfaces import Neighbourhood
from camaudit.net.pace import Pace
from camaudit.net.scope import Scope
from camaudit.net.wire import Stopped
from camaudit.scan.blocks import Block, Done, blocks_of
from camaudit.scan.interview import Interview, Now
from camaudit.scan.link import LinkSweep
from camaudit.scan.listening import Listening
from camaudit.scan.nmapped import Engine, NmapSweep
from camaudit.scan.ports import FIRST_KNOCKS, PORTS, Speaks

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 192
_LEAST_AT_ONCE = 16
_LATE_S = 0.02


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. ``rate`` is packets a second."""

    rate: float = 1000.0
    ports: Mapping[int, Speaks] = field(default_factory=lambda: PORTS)
    interfaces: tuple[str, ...] = ()
    multicast: bool = True
    engine: Engine = Engine.AUTO


class Sink(Protocol):
    """Where everything goes as it arrives (the store's ``RunWriter``)."""

    def observation(self, observation: Observation) -> None:
        """Take one observation."""

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = ()) -> None:
        """Take the end of one host."""

    def swept(self, first: str, last: str, addresses: int, silent: int) -> None:
        """Take the end of a block of addresses."""


class ScanWatcher(Protocol):
    """Who wants to see progress; the scan itself knows no console."""

    def began(self, addresses: int) -> None:
        """The scan begins over so many addresses."""

    def swept(self, addresses: int) -> None:
        """So many more addresses are done."""

    def found(self, address: str) -> None:
        """A host answered."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan came to; the rest is in the store."""

    answered: int
    limits: tuple[str, ...]


class Scan:
    """One scan in progress."""

    def __init__(self, scope: Scope, sink: Sink, options: ScanOptions, now: Now, watcher: ScanWatcher) -> None:
        self._scope = scope
        self._sink = sink
        self._options = options
        self._now = now
        self._watcher = watcher
        self._gate = Gate(scope, Pace(options.rate))
        self._neighbourhood = Neighbourhood()
        self._listening = Listening(scope, sink.observation, self._gate.pace, now)
        self._link = LinkSweep(self._gate, options.interfaces, raw=options.engine is Engine.AUTO)
        self._macs: dict[str, str] = {}
        self._nmap = NmapSweep(self._gate, options.ports, self._listening.told, self._macs)
        self._begun: set[str] = set()
        self._answered = 0
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)
        self._shrunk = 0

    async def run(self, done: Done) -> ScanResult:
        """Scan what an earlier part of this run has not ``done``."""
        self._watcher.began(self._scope.size())
        self._gate.lag.start()
        multicast = asyncio.create_task(self._ask_groups())
        try:
            if self._options.multicast:
                await self._listening.head_start()
            by_nmap = self._options.engine is Engine.NMAP
            if by_nmap:
                await multicast
                await self._nmap.run(done, self._in_turn, self._count, self._watcher.swept)
            else:
                await self._sweep(done)
            await multicast
            heard = [a for a in self._listening.told if a not in self._begun and a not in done.hosts]
            if by_nmap:
                await self._nmap.look(heard, there=True)
            await asyncio.gather(*(self._interview(address, known=True) for address in heard))
        finally:
            multicast.cancel()
            self._gate.lag.stop()
        return ScanResult(self._answered, (*self._nmap.limits, *self._listening.limits, *self._link.limits))

    async def _ask_groups(self) -> None:
        if self._options.multicast:
            await self._listening.ask_groups(self._options.interfaces)

    async def _sweep(self, done: Done) -> None:
        """Ask every address, so many at once; on our own link only those that answer ARP."""
        neighbours: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as asking:

            def hear(address: str, mac: str) -> None:
                if address not in self._macs:
                    self._macs[address] = mac
                    neighbours[address] = asking.create_task(self._neighbour(address))

            await self._link.run(done.hosts, self._listening.told.__contains__, hear)
            for block in blocks_of(self._scope):
                if block.ends in done.blocks:
                    self._watcher.swept(len(block.addresses))
                    continue
                for address in block.addresses:
                    if self._link.covers(address):
                        if address in neighbours:
                            asking.create_task(self._after(neighbours[address], block))
                        else:
                            self._count(block, there=address in done.hosts)
                        continue
                    await self._places.acquire()
                    asking.create_task(self._one(address, block, done))
                    await self._ease()

    async def _after(self, neighbour: asyncio.Task[None], block: Block) -> None:
        await asyncio.wait([neighbour])
        self._count(block, there=True)

    async def _neighbour(self, address: str) -> None:
        async with self._places:
            await self._interview(address, known=True)

    async def _in_turn(self, address: str, block: Block, done: Done) -> None:
        await self._places.acquire()
        await self._one(address, block, done)

    async def _one(self, address: str, block: Block, done: Done) -> None:
        try:
            there = address in done.hosts or await self._interview(address, known=False)
        finally:
            self._places.release()
        self._count(block, there=there)

    def _count(self, block: Block, *, there: bool) -> None:
        block.left -= 1
        block.silent += not there
        self._watcher.swept(1)
        if not block.left:
            self._sink.swept(*block.ends, len(block.addresses), block.silent)

    async def _ease(self) -> None:
        """Ask fewer hosts at once while this machine runs late: our lateness must not look like their silence."""
        lag_s = self._gate.lag.lag_s
        if lag_s > _LATE_S and self._shrunk < _MOST_AT_ONCE - _LEAST_AT_ONCE:
            self._shrunk += 1
            await self._places.acquire()
        elif lag_s < _LATE_S / 4 and self._shrunk:
            self._shrunk -= 1
            self._places.release()

    async def _interview(self, address: str, *, known: bool) -> bool:
        """Ask one address; return whether anything at all is there."""
        if address in self._begun:
            return True
        if known or address in self._listening.told:
            self._begun.add(address)
        try:
            host = self._gate.host(address)
        except Stopped as stopped:
            self._sink.host(address, "excluded", (stopped.note,))
            return True
        interview = Interview(host, self._options.ports, self._now, self._sink.observation)
        interview.reached.update(self._nmap.reached.pop(address, {}))
        try:
            return await self._conduct(interview, known)
        except StoreError:
            raise
        except Exception as error:
            # One host's surprise must not end the audit of all the others; it is logged and shown in coverage.
            log.exception("asking %s failed", address)
            self._sink.host(address, "error", (f"camaudit failed here: {type(error).__name__}",))
            return True
        finally:
            host.close()

    async def _conduct(self, interview: Interview, known: bool) -> bool:
        address = interview.host.address
        first = tuple(port for port in FIRST_KNOCKS if port in interview.ports) or tuple(interview.ports)[:3]
        there = await interview.knock(first, sure=known)
        mac = self._macs.get(address) or self._neighbourhood.mac_of(address, answered=there)
        if not there and address not in self._listening.told and mac is None:
            return False
        self._begun.add(address)
        if mac is not None:
            found = {"mac.address": (mac,)}
            self._sink.observation(Observation(Target(address), "mac", Outcome.ANSWERED, found, self._now()))
        interview.told = list(self._listening.told.get(address, ()))
        await interview.ask()
        outcome = "answered" if interview.spoke else ("refused" if there else "silent")
        self._answered += interview.spoke
        if interview.spoke:
            self._watcher.found(address)
        self._sink.host(address, outcome)
        return outcome != "silent"


async def scan(
    scope: Scope,
    sink: Sink,
    options: ScanOptions,
    *,
    now: Now,
    watcher: ScanWatcher,
    done: Done | None = None,
) -> ScanResult:
    """Scan ``scope`` and hand everything to ``sink`` as it arrives.

    Raises StoreError when the sink can take no more; what it took before is kept. ``now`` is asked for the time
    of each observation (UTC).
    """
    return await Scan(scope, sink, options, now, watcher).run(done or Done())
