"""IPv6 neighbours in a scan: who is met on the scope's links, in scope to be asked, else recorded only.

In go the scope and its interfaces, out come addresses of the scope with their MAC. Without IPv6 in the scope
nobody is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import Gate
from camaudit.net.neighbours import Link6, check_zone, echo_all_nodes, known_neighbours, links_in
from camaudit.probes.record import Now
from camaudit.scan.done import Done
from camaudit.scan.interview import Sink

_WINDOW_S = 1.0
_MOST_MET = 4096
_MOST_STRANGERS = 256
_PROBE = "neighbour"
_NOTE = "an IPv6 neighbour outside the scope; not asked"


class Neighbours:
    """``macs`` maps each address of the scope that was met to its MAC; ``limits`` says what was not possible.

    Raises NetworkUnavailable where the scope names an interface that this machine does not have.
    """

    def __init__(self, gate: Gate, sink: Sink, now: Now, names: Iterable[str] = ()) -> None:
        self.macs: dict[str, str] = {}
        self.limits: list[str] = []
        self._gate = gate
        self._sink = sink
        self._now = now
        self._met: dict[str, None] = {}
        self._recorded: set[str] = set()
        self.begun = asyncio.Event()
        """Set when no more privilege is needed: what needed one runs, or nothing does."""
        spans = [span for span in gate.scope.spans if span.first.version == 6]
        for zone in {span.zone for span in spans if span.zone}:
            check_zone(zone)
        self._links = links_in(gate.scope, names)
        if gate.scope.met and not self._links:
            self.limits.append(
                "IPv6 neighbours were not asked for: no interface of this machine is in the scope's IPv6 network"
            )

    def go_on(self, done: Done) -> None:
        """Record nobody again whom an earlier part of the run has recorded."""
        self._recorded = {address for address, protocol in done.strangers if protocol == _PROBE}

    async def run(self) -> tuple[str, ...]:
        """Ask every link once; return the addresses of the scope that were met."""
        self._to_begin = len(self._links)
        if not self._links:
            self.begun.set()
            return ()
        await asyncio.gather(*(self._echo(link) for link in self._links))
        known = known_neighbours(self._links)
        for address in (*self._met, *known):
            self._hear(address)
        own = {link.address for link in self._links}
        inside = [address for address in self._met if self._gate.scope.contains(address)]
        self._record_strangers(address for address in self._met if not self._gate.scope.contains(address))
        self.macs = {address: known[address] for address in inside if address in known}
        return tuple(address for address in inside if address.partition("%")[0] not in own)

    async def _echo(self, link: Link6) -> None:
        try:
            await echo_all_nodes(link, self._gate.pace, self._hear, window_s=_WINDOW_S, began=self._one_began)
        except OSError as error:
            self._one_began()
            reason = error.strerror or str(error)
            self.limits.append(
                f"{link.name}: all IPv6 nodes could not be asked for an echo ({reason}); "
                "only neighbours that this machine knew already were found"
            )

    def _one_began(self) -> None:
        self._to_begin -= 1
        if self._to_begin <= 0:
            self.begun.set()

    def _hear(self, address: str) -> None:
        if len(self._met) < _MOST_MET:
            self._met[address] = None

    def _record_strangers(self, addresses: Iterable[str]) -> None:
        for address, _ in zip(addresses, range(_MOST_STRANGERS), strict=False):
            if address in self._recorded:
                continue
            target = Target(address)
            self._sink(Observation(target, _PROBE, Outcome.OUT_OF_SCOPE, {}, self._now(), _NOTE))
