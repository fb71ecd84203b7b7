"""The hosts of a scan: each asked once, from the first knock to its line in the coverage.

In go addresses, out come observations and how each host ended.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass, field

from camaudit.errors import InterfaceLost, StoreError
from camaudit.model import Load, Observation, Outcome, Target
from camaudit.net.gate import Gate, Reach
from camaudit.net.interfaces import Neighbourhood
from camaudit.net.limits import ASKED_AT_ONCE, room_for_hosts
from camaudit.net.wire import Stopped
from camaudit.probes.record import Now
from camaudit.scan.describing import described
from camaudit.scan.done import Done
from camaudit.scan.footing import Footing
from camaudit.scan.interview import Interview
from camaudit.scan.listening import Listening
from camaudit.scan.logins import Logins
from camaudit.scan.options import ScanOptions, ScanWatcher, Sink
from camaudit.scan.ports import DOUBTFUL, FIRST_KNOCKS
from camaudit.scan.recall import Recall

_MOST_AGAIN = 512
_BACK_S = 10.0
"""How long a host that went away is left alone: a recorder that has crashed must come up again first."""

_CAME_BACK = "it went away while it was asked, came back, and was asked the rest then"
_STAYED_AWAY = "it stopped answering while it was asked: what it had not told by then is missing"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Again:
    """A host that is looked at once more: what is known of it, and since when it is away (None: only mute)."""

    end: tuple[str, tuple[str, ...]]
    reached: dict[int, Reach]
    recall: Recall = field(default_factory=Recall)
    away_s: float | None = None


class Hosts:
    """``macs`` and ``reached`` are what a sweep learnt of an address before it is asked."""

    def __init__(
        self,
        gate: Gate,
        sink: Sink,
        options: ScanOptions,
        listening: Listening,
        now: Now,
        watcher: ScanWatcher,
        *,
        done: Done,
        footing: Footing,
    ) -> None:
        self.macs: dict[str, str] = {}
        self.reached: dict[str, dict[int, Reach]] = {}
        self.begun: set[str] = set()
        self.answered = done.answered
        self._again: dict[str, _Again] = {}
        self._looked_again: dict[str, _Again] = {}
        self._described: dict[str, tuple[str, tuple[str, ...]]] = {}
        """How those ended whose descriptions are read at the end."""
        self._done = done
        self._footing = footing
        self._gate = gate
        self._sink = sink
        self._options = options
        self._listening = listening
        self._now = now
        self._watcher = watcher
        self._neighbourhood = Neighbourhood()
        self._logins = Logins(gate, sink, options.accounts, now) if options.accounts else None
        self._asking = asyncio.Semaphore(min(ASKED_AT_ONCE, room_for_hosts()))

    async def ask(self, address: str, *, known: bool) -> bool:
        """Ask one address; return whether anything at all is there. ``known``: that it is there was seen."""
        if address in self.begun:
            return True
        known = known or address in self._done.begun
        if known or self._listening.knows(address):
            self.begun.add(address)
        await self._gate.pace.quiet.over(lead=True)
        try:
            host = self._gate.host(address, doubtful=DOUBTFUL)
        except Stopped as stopped:
            self._sink.host(address, "excluded", (stopped.note,))
            return True
        again = self._looked_again.get(address)
        interview = Interview(
            host,
            self._options.ports,
            self._now,
            self._sink.observation,
            settled=self._listening.settled,
            group_asked=self._listening.reaches(address),
            communities=self._options.communities,
            are_apart=self._options.are_apart,
            recall=again.recall if again else Recall(self._done.begun.get(address, ())),
        )
        interview.knocking.reached.update(self.reached.pop(address, {}))
        try:
            return await self._conduct(interview, known=known)
        except (StoreError, InterfaceLost):
            raise
        except Exception as error:
            # One host's surprise must not end the audit of all the others; it is logged and shown in coverage.
            log.exception("asking %s failed", address)
            notes = (f"camaudit failed here: {type(error).__name__}",)
            self._sink.host(address, "error", notes, self._load(address))
            return True
        finally:
            host.close()
            self._forget(address)

    def _forget(self, address: str) -> None:
        """Forget what was done to a host, unless it is asked once more."""
        if address not in self._again and address not in self._described:
            self._gate.forget(address)

    async def _conduct(self, interview: Interview, *, known: bool) -> bool:
        address = interview.host.address
        first = tuple(port for port in FIRST_KNOCKS if port in interview.ports) or tuple(interview.ports)[:3]
        if known:
            first += tuple(DOUBTFUL & interview.ports.keys())
        there = await interview.knock(first)
        if Reach.UNREACHABLE in interview.knocking.reached.values():
            self._footing.check()
        mac = self.macs.get(address) or self._neighbourhood.mac_of(address, answered=there)
        if not there and not self._listening.knows(address) and mac is None and not interview.recall:
            return False
        self.begun.add(address)
        self._note_mac(interview, mac)
        interview.told = self._listening.of(address)
        notes: tuple[str, ...] = ()
        async with self._asking:
            await interview.ask()
            if self._logins is not None:
                everything = (*interview.told.items, *interview.seen)
                known_login = interview.recall.anywhere("login")
                notes = await self._logins.read(address, everything, known_login)
        outcome = "answered" if interview.spoke else ("refused" if there else "silent")
        self.answered += interview.spoke
        if interview.spoke:
            self._watcher.found(address)
        self._end(interview, outcome, notes)
        return outcome != "silent"

    def _note_mac(self, interview: Interview, mac: str | None) -> None:
        stored = interview.recall.anywhere("mac")
        if stored:
            interview.note_all(stored)
        elif mac is not None:
            found = {"mac.address": (mac,)}
            at = Target(interview.host.address)
            interview.note_all((Observation(at, "mac", Outcome.ANSWERED, found, self._now()),))

    def _end(self, interview: Interview, outcome: str, notes: tuple[str, ...]) -> None:
        """Store that a host is finished, unless it is worth a second look at the end."""
        address = interview.host.address
        earlier = self._looked_again.get(address)
        gave_out = interview.gave_out()
        spent = interview.host.dealings.temper.is_spent
        if earlier is not None:
            if earlier.away_s is not None:
                notes = (*notes, _STAYED_AWAY if gave_out or spent else _CAME_BACK)
            self._finish(address, outcome, notes)
            return
        # Only when it was looked at again is it finished: a scan that ends before must not leave it out.
        end = (outcome, (*notes, _STAYED_AWAY) if gave_out else notes)
        reached = dict(interview.knocking.reached)
        if spent or not self._gate.manners.optional:
            # Whoever is in trouble, or is to be asked gently, is not troubled twice.
            self._finish(address, *end)
        elif gave_out:
            lost = {id(item) for item in gave_out}
            told = Recall(item for item in interview.seen if id(item) not in lost)
            self._again[address] = _Again(end, reached, told, time.monotonic())
        elif interview.is_mute:
            self._again[address] = _Again(end, reached)
        else:
            self._finish(address, *end)

    def _finish(self, address: str, outcome: str, notes: tuple[str, ...]) -> None:
        self._sink.host(address, outcome, notes, self._load(address))
        if self._is_described(address):
            self._described[address] = outcome, notes

    def _load(self, address: str) -> Load:
        """Return what asking a host has cost it so far, by everybody in this scan who asked it."""
        return self._gate.dealings(address).tally.load()

    async def ask_again(self) -> None:
        """Ask once more, when all else is done, whoever has open ports and said nothing, or went away meanwhile.

        The network or the device may have been busy: silence under load is no answer. Those that stay mute cost a
        few seconds; a network full of them is a trap and gets no second try.
        """
        again, self._again = self._again, {}
        if len(again) > _MOST_AGAIN:
            for address, each in again.items():
                self._finish(address, *each.end)
                self._forget(address)
            return
        self._looked_again = again
        await asyncio.gather(*(self._ask_again(address, each) for address, each in again.items()))

    async def _ask_again(self, address: str, again: _Again) -> None:
        if again.away_s is not None:
            await asyncio.sleep(again.away_s + _BACK_S - time.monotonic())
        self.begun.discard(address)
        self.answered -= again.end[0] == "answered"
        self.reached[address] = again.reached
        await self.ask(address, known=True)

    async def describe(self, address: str) -> None:
        """Read the descriptions that SSDP named; its answers come up to a second late, so they are read last."""
        if not self._is_described(address):
            return
        async with self._asking:
            await self._gate.pace.quiet.over(lead=True)
            host = self._gate.host(address)
            for observation in await described(host, self._listening.of(address).items, self._now):
                self._sink.observation(observation)
            host.close()
        if address in self._described:
            self._sink.host(address, *self._described[address], self._load(address))

    def _is_described(self, address: str) -> bool:
        """Return whether SSDP told of a description that is worth reading."""
        told = self._listening.of(address).items
        new = address not in self._done.described and self._gate.manners.optional
        return new and any("ssdp.location" in item.fields for item in told)
