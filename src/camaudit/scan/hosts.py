"""The hosts of a scan: each asked once, from the first knock to its line in the coverage.

In go addresses, out come observations and how each host ended.
"""

from __future__ import annotations

import asyncio
import logging

from camaudit.errors import StoreError
from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import Gate, Reach
from camaudit.net.interfaces import Neighbourhood
from camaudit.net.limits import ASKED_AT_ONCE
from camaudit.net.wire import Stopped
from camaudit.probes.record import Now
from camaudit.scan.describing import described
from camaudit.scan.interview import Interview
from camaudit.scan.listening import Listening
from camaudit.scan.logins import Logins
from camaudit.scan.options import ScanOptions, ScanWatcher, Sink
from camaudit.scan.ports import DOUBTFUL, FIRST_KNOCKS

_MOST_MUTE = 512

log = logging.getLogger(__name__)


class Hosts:
    """``macs`` and ``reached`` are what a sweep learnt of an address before it is asked."""

    def __init__(
        self, gate: Gate, sink: Sink, options: ScanOptions, listening: Listening, now: Now, watcher: ScanWatcher
    ) -> None:
        self.macs: dict[str, str] = {}
        self.reached: dict[str, dict[int, Reach]] = {}
        self.begun: set[str] = set()
        self.answered = 0
        self._mute: dict[str, dict[int, Reach]] = {}
        self._described: dict[str, tuple[str, tuple[str, ...]]] = {}
        """How those ended whose descriptions are read at the end."""
        self._gate = gate
        self._sink = sink
        self._options = options
        self._listening = listening
        self._now = now
        self._watcher = watcher
        self._neighbourhood = Neighbourhood()
        self._logins = Logins(gate, sink, options.accounts, now) if options.accounts else None
        self._asking = asyncio.Semaphore(ASKED_AT_ONCE)

    async def ask(self, address: str, *, known: bool) -> bool:
        """Ask one address; return whether anything at all is there. ``known``: that it is there was seen."""
        if address in self.begun:
            return True
        if known or self._listening.knows(address):
            self.begun.add(address)
        await self._gate.pace.quiet.over(lead=True)
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
            communities=self._options.communities,
        )
        interview.knocking.reached.update(self.reached.pop(address, {}))
        try:
            return await self._conduct(interview, known=known)
        except StoreError:
            raise
        except Exception as error:
            # One host's surprise must not end the audit of all the others; it is logged and shown in coverage.
            log.exception("asking %s failed", address)
            self._sink.host(address, "error", (f"camaudit failed here: {type(error).__name__}",))
            return True
        finally:
            host.close()
            if address not in self._mute and address not in self._described:
                self._gate.forget(address)

    async def _conduct(self, interview: Interview, *, known: bool) -> bool:
        address = interview.host.address
        first = tuple(port for port in FIRST_KNOCKS if port in interview.ports) or tuple(interview.ports)[:3]
        if known:
            first += tuple(DOUBTFUL & interview.ports.keys())
        there = await interview.knock(first)
        mac = self.macs.get(address) or self._neighbourhood.mac_of(address, answered=there)
        if not there and not self._listening.knows(address) and mac is None:
            return False
        self.begun.add(address)
        if mac is not None:
            found = {"mac.address": (mac,)}
            seen = Observation(Target(address), "mac", Outcome.ANSWERED, found, self._now())
            interview.seen.append(seen)
            self._sink.observation(seen)
        interview.told = self._listening.of(address)
        notes: tuple[str, ...] = ()
        async with self._asking:
            await interview.ask()
            if self._logins is not None:
                notes = await self._logins.read(address, (*interview.told.items, *interview.seen))
        if interview.is_mute:
            self._mute[address] = dict(interview.knocking.reached)
        outcome = "answered" if interview.spoke else ("refused" if there else "silent")
        self.answered += interview.spoke
        if interview.spoke:
            self._watcher.found(address)
        self._sink.host(address, outcome, notes, interview.host.tally.load())
        if self._is_described(address):
            self._described[address] = outcome, notes
        return outcome != "silent"

    async def ask_again(self) -> None:
        """Ask once more, when all else is done, whoever has open ports and said nothing.

        The network or the device may have been busy: silence under load is no answer. Those that stay mute cost a
        few seconds; a network full of them is a trap and gets no second try.
        """
        mute, self._mute = self._mute, {}
        if len(mute) > _MOST_MUTE:
            return
        for address in mute:
            self.begun.discard(address)
            self.answered -= 1
        self.reached.update(mute)
        await asyncio.gather(*(self.ask(address, known=True) for address in mute))

    async def describe(self, address: str) -> None:
        """Read the descriptions that SSDP named; its answers come up to a second late, so they are read last."""
        if not self._is_described(address):
            return
        await self._gate.pace.quiet.over(lead=True)
        host = self._gate.host(address)
        for observation in await described(host, self._listening.of(address).items, self._now):
            self._sink.observation(observation)
        host.close()
        if address in self._described:
            self._sink.host(address, *self._described[address], host.tally.load())

    def _is_described(self, address: str) -> bool:
        """Return whether SSDP told of a description that is worth reading."""
        told = self._listening.of(address).items
        return self._gate.manners.optional and any("ssdp.location" in item.fields for item in told)
