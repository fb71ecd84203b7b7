"""The whole scan: multicast, sweep and interviews overlapping, nothing waiting for a phase to end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import Iterator

from camaudit.net.gate import Gate
from camaudit.net.pace import Pace
from camaudit.net.quiet import QuietHours
from camaudit.net.raw.drop import drop_privilege
from camaudit.net.scope import Scope
from camaudit.probes.record import Now
from camaudit.scan.done import GROUPS, Done
from camaudit.scan.footing import Footing
from camaudit.scan.hosts import Hosts
from camaudit.scan.link import LinkSweep
from camaudit.scan.listening import Listening
from camaudit.scan.neighbours import Neighbours
from camaudit.scan.nmapped import NmapSweep
from camaudit.scan.options import Engine, Phase, ScanOptions, ScanResult, ScanWatcher, Sink
from camaudit.scan.sweep import Sweep

_COLLECT_EVERY = 20_000
_LINKS = "links"
"""The stage that says which networks of its own the scan began in."""
LEAD, LEAD_S = 2, 30.0
"""A host that is begun is asked and then logged in to, each with its deadline, and searched for by datagrams."""


class Scan:
    """One scan in progress."""

    def __init__(
        self, scope: Scope, sink: Sink, options: ScanOptions, now: Now, watcher: ScanWatcher, done: Done
    ) -> None:
        self._scope = scope
        self._sink = sink
        self._options = options
        self._now = now
        self._watcher = watcher
        self._done = done
        self._footing = Footing(scope, options.interfaces, done.stages.get(_LINKS, ()))
        quiet = QuietHours(options.quiet, tell=watcher.told, lead_s=LEAD * options.manners.deadline_s + LEAD_S)
        self._gate = gate = Gate(scope, Pace(options.rate, quiet=quiet), manners=options.manners)
        self._listening = Listening(scope, sink.observation, gate.pace, now, gate.replies)
        self._listening.go_on(done)
        self._link = LinkSweep(gate, options.interfaces, raw=options.engine is Engine.AUTO)
        self._neighbours = Neighbours(gate, sink.observation, now, options.interfaces)
        self._neighbours.go_on(done)
        self._hosts = Hosts(gate, sink, options, self._listening, now, watcher, done=done, footing=self._footing)
        self._nmap = NmapSweep(gate, options.ports, self._listening.knows, self._hosts)
        self._sweep = Sweep(gate, self._hosts, self._link, self._listening, sink, watcher)

    async def run(self) -> ScanResult:
        """Scan what an earlier part of this run has not done; raises InterfaceLost where there is no way left."""
        self._sink.stage(_LINKS, self._footing.networks, self._now())
        async with asyncio.TaskGroup() as group:
            beside = (group.create_task(self._footing.watch()), group.create_task(self._drop_privilege()))
            result = await self._scan(self._done)
            for task in beside:
                task.cancel()
        return result

    async def _drop_privilege(self) -> None:
        """Give up what privilege there is, once everything that needs it runs."""
        await self._link.begun.wait()
        await self._neighbours.begun.wait()
        drop_privilege()

    async def _scan(self, done: Done) -> ScanResult:
        self._watcher.began(self._scope.size())
        self._watcher.phase(Phase.SWEEP)
        self._gate.lag.start()
        multicast = asyncio.create_task(self._ask_groups())
        neighbours = asyncio.create_task(self._neighbours.run())
        try:
            if self._options.engine is Engine.NMAP:
                await multicast
                await self._nmap.run(done, self._sweep.in_turn, self._sweep.count, self._watcher.swept)
            else:
                await self._sweep.run(done)
            self._watcher.phase(Phase.MET)
            await multicast
            await self._ask_found((*self._listening.told, *done.begun), done)
            # The IPv6 neighbours of the scope that no sweep and no multicast told of.
            met = await neighbours
            self._hosts.macs.update(self._neighbours.macs)
            await self._ask_found(met, done)
            self._watcher.phase(Phase.AGAIN)
            await self._hosts.ask_again()
            await asyncio.gather(*map(self._hosts.describe, self._listening.told))
        finally:
            multicast.cancel()
            neighbours.cancel()
            self._gate.lag.stop()
        self._listening.note_silence(self._hosts.answered)
        parts = (self._nmap, self._listening, self._link, self._neighbours, self._gate.replies)
        limits = tuple(limit for part in parts for limit in part.limits)
        return ScanResult(self._hosts.answered, (*limits, *self._footing.changes(), *self._restraint()))

    def _restraint(self) -> Iterator[str]:
        """Say what was left out, and when nothing was sent, because the operator wished so."""
        if not self._options.manners.optional:
            ports = ", ".join(map(str, self._options.ports))
            yield (
                "asked gently: one connection at a time to a host, no icons and no descriptions, no second look "
                f"at hosts that said nothing or went away; ports tried: {ports}"
            )
        for began, ended in self._gate.pace.quiet.waited:
            yield f"nothing was sent in quiet hours, from {began:%Y-%m-%d %H:%M} to {ended:%Y-%m-%d %H:%M} UTC"

    async def _ask_groups(self) -> None:
        if not self._options.multicast:
            self._listening.leave_out()
        elif GROUPS in self._done.stages:
            self._listening.leave_to_earlier(self._done.stages[GROUPS], self._options.interfaces)
        else:
            await self._listening.ask_groups(self._options.interfaces)
            self._sink.stage(GROUPS, list(self._listening.limits), self._now())

    async def _ask_found(self, addresses: tuple[str, ...], done: Done) -> None:
        """Ask those that were found by something else than the sweep and that it has not asked."""
        wanted = dict.fromkeys(addresses)
        left = [a for a in wanted if a not in self._hosts.begun and a not in done.hosts]
        if self._options.engine is Engine.NMAP:
            await self._nmap.look([a for a in left if a not in done.begun], there=True)
        await asyncio.gather(*map(self._sweep.neighbour, left))


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

    Raises StoreError when the sink can take no more, and InterfaceLost; what it took before is kept. ``now`` is
    asked for the time of each observation (UTC).
    """
    with _rare_collections():
        try:
            return await Scan(scope, sink, options, now, watcher, done or Done()).run()
        except BaseExceptionGroup as group:
            # Many hosts are asked side by side: what ends the scan comes wrapped, several times if it hit several.
            raise _first(group) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


@contextlib.contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage in cycles seldom.

    A scan makes many short-lived objects and hardly a cycle; a tenth of its processor time went there.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
