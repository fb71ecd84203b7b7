"""What devices tell by multicast, kept by address: stored as it comes, and spared when each host is asked.

In go the scope and the interfaces on its link, out come observations; who answers from outside the scope is
recorded and not asked.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import Counter

from camaudit.model import OF_A_GROUP, Observation, Outcome, Target
from camaudit.net.broadcast import Call, ask_everybody
from camaudit.net.discover import Answer, Question, ask_groups
from camaudit.net.interfaces import Interface, mac_of, on_link
from camaudit.net.neighbours import links_in
from camaudit.net.pace import Pace
from camaudit.net.replies import ReplyPorts
from camaudit.net.scope import Scope
from camaudit.net.wire import Sender
from camaudit.probes import DISCOVERIES, HINTED, SEARCHES
from camaudit.probes.record import Now
from camaudit.probes.text import bounded
from camaudit.scan.done import Done
from camaudit.scan.interview import Sink
from camaudit.scan.told import Told

_WINDOW_S = 1.1
"""How long answers are waited for after the last question; SSDP's MX of one second and the way."""

_SETTLED_S = 0.55
"""By then most have answered the first question: WS-Discovery waits up to 0.5 s (APP_MAX_DELAY)."""

_CALLED_AFTER_S = 0.25
"""By then both rounds of questions to groups have left."""

_MOST_STRANGERS = 4096
_MOST_A_HOST = 8
"""Different answers that are kept of one host by each protocol: a chatty one must not crowd out the others."""

_MOST_DATAGRAMS = 64
"""Datagrams of one host that are read for each protocol; a flood must not keep us from hearing the others."""

_PARSERS = {search.probe: search.parse for search in SEARCHES}


class Listening:
    """``told`` maps an address to what it said of itself; ``limits`` says what could not be asked."""

    def __init__(self, scope: Scope, sink: Sink, pace: Pace, now: Now, replies: ReplyPorts | None = None) -> None:
        self.told: dict[str, Told] = {}
        self.limits: list[str] = []
        self._scope = scope
        self._sink = sink
        self._pace = pace
        self._now = now
        self._replies = replies or ReplyPorts()
        self._strangers: set[str] = set()
        self._links: tuple[Interface, ...] = ()
        self._settled = asyncio.Event()
        self._datagrams: Counter[tuple[str, str]] = Counter()

    def go_on(self, done: Done) -> None:
        """Know what was heard in an earlier part of the run; who has told something is not stored again."""
        self.told = {address: Told(list(items)) for address, items in done.told.items()}
        self._strangers = {address for address, protocol in done.strangers if protocol in _PARSERS}

    def leave_to_earlier(self, limits: tuple[str, ...], names: tuple[str, ...]) -> None:
        """Ask no group: an earlier part of the run has, and these were its limits."""
        self._links = on_link(self._scope, names)
        self.limits.extend(limits)
        self._settled.set()

    async def settled(self) -> None:
        """Wait for the first answers: what a device told by itself need not be asked again."""
        await self._settled.wait()

    def note_silence(self, hosts: int) -> None:
        """Say in ``limits`` that nobody answered, where ``hosts`` are there: that often is the switch's doing."""
        if self._links and hosts and not any(told.items for told in self.told.values()):
            names = ", ".join(dict.fromkeys(link.name for link in self._links))
            self.limits.append(
                f"no device answered a multicast search on {names}, though hosts are there: the switch may drop "
                "multicast, or discovery is turned off; cameras were looked for address by address"
            )

    def leave_out(self) -> None:
        """Ask nobody by multicast."""
        self._settled.set()

    def reaches(self, address: str) -> bool:
        """Return whether an address is in a network that was asked by multicast."""
        if ":" in address:
            return False
        parsed = ipaddress.IPv4Address(address)
        return any(parsed in link.network for link in self._links)

    def of(self, address: str) -> Told:
        """Return what an address has told and will tell."""
        return self.told.setdefault(address, Told())

    def knows(self, address: str) -> bool:
        """Return whether an address has told anything yet."""
        return address in self.told and bool(self.told[address].items)

    async def ask_groups(self, names: tuple[str, ...]) -> None:
        """Ask every discovery protocol on each interface of the scope's link, or on those named.

        So are the makers' own searches, by broadcast, where the maker's own tool does so.
        """
        links = self._links = on_link(self._scope, names)
        links6 = links_in(self._scope, names)
        asyncio.get_running_loop().call_later(_SETTLED_S if links or links6 else 0.0, self._settled.set)
        if not links and not links6:
            self.limits.append(
                "multicast discovery was not possible: no interface of this machine is in the scope's network; "
                "cameras that answer only multicast may be missing"
            )
        questions = tuple(
            Question(probe.probe, group, probe.port, probe.requests())
            for probe in DISCOVERIES
            for group in probe.groups
        )
        questions6 = tuple(
            Question(probe.probe, group, probe.port, (probe.requests6 or probe.requests)())
            for probe in DISCOVERIES
            for group in probe.groups6
        )
        where = [(questions, link) for link in links] + [(questions6, link) for link in links6]
        asked = [ask_groups(found, link, self._pace, self._hear, window_s=_WINDOW_S) for found, link in where]
        called = [self._call_everybody(link) for link in links]
        for limits in await asyncio.gather(*asked, *called):
            self.limits.extend(limits)

    async def _call_everybody(self, link: Interface) -> tuple[str, ...]:
        # The groups' questions go first: who answers those is spared a question in person.
        await asyncio.sleep(_CALLED_AFTER_S)
        sender = Sender(link.address, mac_of(link.name))
        calls = tuple(
            Call(search.probe, search.port, search.reply_port, search.call(sender))
            for search in HINTED
            if search.call is not None
        )
        return await ask_everybody(calls, link, self._pace, self._replies, self._hear, window_s=_WINDOW_S)

    def _hear(self, answer: Answer) -> None:
        if not self._scope.contains(answer.sender):
            self._hear_stranger(answer)
            return
        known = self.of(answer.sender).items
        self._datagrams[answer.sender, answer.protocol] += 1
        if (
            self._datagrams[answer.sender, answer.protocol] > _MOST_DATAGRAMS
            or sum(item.probe == answer.protocol for item in known) >= _MOST_A_HOST
        ):
            return
        read = _PARSERS[answer.protocol](answer.datagram)
        fields = bounded(read) if read is not None else None
        if fields is not None and all(dict(item.fields) != fields for item in known):
            told = Observation(
                Target(answer.sender), answer.protocol, Outcome.ANSWERED, fields, self._now(), OF_A_GROUP
            )
            known.append(told)
            self._sink(told)

    def _hear_stranger(self, answer: Answer) -> None:
        if answer.sender not in self._strangers and len(self._strangers) < _MOST_STRANGERS:
            self._strangers.add(answer.sender)
            note = f"answered {answer.protocol} discovery from outside the scope; not asked"
            target = Target(answer.sender)
            self._sink(Observation(target, answer.protocol, Outcome.OUT_OF_SCOPE, {}, self._now(), note))
