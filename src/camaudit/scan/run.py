"""The whole scan: multicast, sweep and interviews overlapping, nothing waiting for a phase to end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
from collections.abc import Iterator

from camaudit.errors import StoreError
from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.interfaces import Neighbourhood
from camaudit.net.pace import Pace
from camaudit.net.scope import Scope
from camaudit.net.wire import Stopped
from camaudit.probes.record import Now
from camaudit.scan.blocks import Block, Done, blocks_of
from camaudit.scan.describing import described
from camaudit.scan.interview import Interview
from camaudit.scan.link import LinkSweep
from camaudit.scan.listening import Listening
from camaudit.scan.neighbours import Neighbours
from camaudit.scan.options import ScanOptions, ScanResult, ScanWatcher, Sink
from camaudit.scan.ports import DOUBTFUL, FIRST_KNOCKS

log = logging.getLogger(__name__)

_MOST_AT_ONCE = 192
_LEAST_AT_ONCE = 16
_LATE_S = 0.02
_COLLECT_EVERY = 20_000


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
        self._link = LinkSweep(self._gate, options.interfaces)
        self._neighbours = Neighbours(self._gate, sink.observation, now, options.interfaces)
        self._macs: dict[str, str] = {}
        self._begun: set[str] = set()
        self._answered = 0
        self._places = asyncio.Semaphore(_MOST_AT_ONCE)
        self._shrunk = 0

    async def run(self, done: Done) -> ScanResult:
        """Scan what an earlier part of this run has not ``done``."""
        self._watcher.began(self._scope.size())
        self._gate.lag.start()
        multicast = asyncio.create_task(self._ask_groups())
        neighbours = asyncio.create_task(self._neighbours.run())
        try:
            await self._sweep(done)
            await multicast
            heard = [a for a in self._listening.told if a not in self._begun and a not in done.hosts]
            await asyncio.gather(*(self._interview(address, known=True) for address in heard))
            await self._ask_neighbours(await neighbours, done)
            await asyncio.gather(*(self._describe(address) for address in self._listening.told))
        finally:
            multicast.cancel()
            neighbours.cancel()
            self._gate.lag.stop()
        return ScanResult(self._answered, (*self._listening.limits, *self._link.limits, *self._neighbours.limits))

    async def _ask_neighbours(self, met: tuple[str, ...], done: Done) -> None:
        """Ask the IPv6 neighbours of the scope that no sweep and no multicast told of."""
        self._macs.update(self._neighbours.macs)
        left = [address for address in met if address not in self._begun and address not in done.hosts]
        await asyncio.gather(*(self._neighbour(address) for address in left))

    async def _describe(self, address: str) -> None:
        """Read the descriptions that SSDP named; its answers come up to a second late, so they are read last."""
        told = self._listening.told[address].items
        if any("ssdp.location" in item.fields for item in told):
            host = self._gate.host(address)
            for observation in await described(host, told, self._now):
                self._sink.observation(observation)
            host.close()

    async def _ask_groups(self) -> None:
        if self._options.multicast:
            await self._listening.ask_groups(self._options.interfaces)
        else:
            self._listening.leave_out()

    async def _sweep(self, done: Done) -> None:
        """Ask every address, so many at once; on our own link only those that answer ARP."""
        neighbours: dict[str, asyncio.Task[None]] = {}
        async with asyncio.TaskGroup() as asking:

            def hear(address: str, mac: str) -> None:
                if address not in self._macs:
                    self._macs[address] = mac
                    neighbours[address] = asking.create_task(self._neighbour(address))

            link = asking.create_task(
                self._link.run(done.hosts, self._listening.knows, hear, self._room_for_neighbours)
            )
            # What lies behind routers is asked while our own link is swept; one that is partly ours comes after.
            for ours in (False, True):
                if ours:
                    await link
                for block in blocks_of(self._scope):
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
                    self._count(block, there=address in done.hosts)
                continue
            await self._places.acquire()
            asking.create_task(self._one(address, block, done))
            await self._ease()

    async def _room_for_neighbours(self) -> None:
        """Wait while as many hosts are being asked as may be: found ones would only pile up."""
        if self._places.locked():
            async with self._places:
                pass

    async def _after(self, neighbour: asyncio.Task[None], block: Block) -> None:
        await asyncio.wait([neighbour])
        self._count(block, there=True)

    async def _neighbour(self, address: str) -> None:
        async with self._places:
            await self._interview(address, known=True)

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
        if known or self._listening.knows(address):
            self._begun.add(address)
        try:
            host = self._gate.host(address, doubtful=DOUBTFUL)
        except Stopped as stopped:
            self._sink.host(address, "excluded", (stopped.note,))
            return True
        interview = Interview(
            host,
            self._options.ports,
            self._now,
            self._sink.observation,
            settled=self._listening.settled,
            group_asked=self._listening.reaches(address),
        )
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
        if known:
            first += tuple(DOUBTFUL & interview.ports.keys())
        there = await interview.knock(first)
        mac = self._macs.get(address) or self._neighbourhood.mac_of(address, answered=there)
        if not there and not self._listening.knows(address) and mac is None:
            return False
        self._begun.add(address)
        if mac is not None:
            found = {"mac.address": (mac,)}
            self._sink.observation(Observation(Target(address), "mac", Outcome.ANSWERED, found, self._now()))
        interview.told = self._listening.of(address)
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
    with _rare_collections():
        return await Scan(scope, sink, options, now, watcher).run(done or Done())


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage in cycles seldom: a scan makes many short-lived objects and hardly a cycle (a tenth of
    its processor time went there)."""
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
