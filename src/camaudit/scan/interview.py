"""One host asked from its first port to its last answer.

In goes a host behind the gate and what multicast tells of it, out come observations. Its likeliest ports are
knocked at first, and what is open there is asked while the others are tried; discovery by unicast only for what
multicast did not tell.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import CLOSED, NO_CONNECTION, HostGate, Reach
from camaudit.net.patience import TRAP_PORTS
from camaudit.probes import favicon, http, onvif, rtsp
from camaudit.probes.record import Now
from camaudit.scan import searching
from camaudit.scan.edges import ask_edges
from camaudit.scan.knocking import Knocking
from camaudit.scan.options import Apart, never_apart
from camaudit.scan.ports import DOUBTFUL, Speaks, secure_waits
from camaudit.scan.recall import NO_WAY, Recall
from camaudit.scan.told import Told, passes_on, turned_out

Sink = Callable[[Observation], None]


async def _at_once() -> None:
    """Wait for nothing: no multicast was asked of this host's network."""


@dataclass(slots=True)
class Interview:
    """The asking of one host.

    ``told`` is what multicast heard of it, which is stored already and may still grow; ``settled`` waits until it
    has most likely come. ``seen`` is every other observation so far; what ``recall`` holds is not asked again.
    """

    host: HostGate
    ports: Mapping[int, Speaks]
    now: Now
    sink: Sink
    told: Told = field(default_factory=Told)
    settled: Callable[[], Awaitable[None]] = _at_once
    group_asked: bool = False
    """Whether this host was within reach of a multicast search."""
    communities: tuple[str, ...] = field(default=(), repr=False)
    """Read communities of SNMP that the operator gave."""
    recall: Recall = field(default_factory=Recall)
    knocking: Knocking = field(init=False)
    seen: list[Observation] = field(default_factory=list)
    _speaks: dict[int, Speaks] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)
    _asked: set[int] = field(default_factory=set)
    _pending: set[int] = field(default_factory=set)
    _spoken: dict[int, Observation] = field(default_factory=dict)
    _passing: set[int] = field(default_factory=set)
    """Plain ports that only send everybody to an encrypted one, which is asked in their stead."""
    edges_asked: list[Observation] = field(default_factory=list)
    """The page of each unit at this address whose edges were asked."""
    are_apart: Apart = never_apart
    """Says whether two pages are plainly two makers'."""
    _icon_asked: bool = False
    _onvif_asked: set[int] = field(default_factory=set)
    _makers_turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        keep = frozenset(port for port, speaks in self.ports.items() if speaks is not Speaks.NOTHING)
        self.knocking = Knocking(self.host, keep=keep - DOUBTFUL)
        self.knocking.reached.update(self.recall.reached(self.ports.keys()))

    async def knock(self, ports: tuple[int, ...]) -> bool:
        """Try ports; return whether the host is there at all."""
        return await self.knocking.knock(ports)

    async def ask(self) -> None:
        """Ask everything that this host calls for; observations go to the sink as they come."""
        await asyncio.gather(self._ask_ports(), searching.ask_datagrams(self), searching.ask_snmp(self))
        await searching.ask_in_person(self)
        await searching.read_descriptions(self)
        self.host.close()

    async def _ask_ports(self) -> None:
        first = self.knocking.open_ports()
        await asyncio.gather(self._ask_open(first), self._knock_at_rest())
        opened = self.knocking.open_ports()
        self._note_ports(opened)
        await self._ask_open(opened)
        await self._ask_what_is_left()
        await searching.ask_hinted(self, opened)

    async def _knock_at_rest(self) -> None:
        if self.recall.ports is None:
            await self.knocking.knock((*self.ports, *self.told.web_ports(self.host.address)))

    async def _ask_open(self, opened: list[int]) -> None:
        """Ask each open port what it says of itself."""
        # The likeliest first: it is asked what only one port needs to be asked. Silence comes last.
        listed = [port for port in self.ports if port in opened] + [p for p in opened if p not in self.ports]
        order = [port for port in listed if port not in self._asked]
        self._asked.update(order)
        web = [port for port in order if self._role(port) in (Speaks.HTTP, Speaks.HTTPS)]
        self._pending.update(web)
        streams = [port for port in order if self._role(port) is Speaks.RTSP]
        certain = [self._front_page(port) for port in web if port not in DOUBTFUL]
        doubtful = [self._front_page(port) for port in web if port in DOUBTFUL]
        await asyncio.gather(*certain, *map(self._stream, streams), *doubtful)

    def _note(self, observation: Observation) -> None:
        if observation.outcome is Outcome.ANSWERED:
            self._answered.add(observation.probe)
        self.seen.append(observation)
        if not self.recall.holds(observation):
            self.sink(observation)

    def has(self, probe: str) -> bool:
        """Return whether a protocol has answered, be it by multicast."""
        return probe in self._answered or probe in self.told.probes()

    def _note_ports(self, opened: list[int]) -> None:
        if self.recall.ports is not None:
            self._note(self.recall.ports)
        elif opened:
            found = {"port.open": tuple(str(port) for port in opened)}
            self._note(Observation(Target(self.host.address), "port", Outcome.ANSWERED, found, self.now()))
        else:
            self._note_closed()

    def _note_closed(self) -> None:
        refused = Reach.REFUSED in self.knocking.reached.values()
        outcome = Outcome.REFUSED if refused else Outcome.SILENT
        note = "every port asked is closed" if refused else "no port answered"
        if set(self.knocking.reached.values()) == {Reach.UNREACHABLE}:
            note = NO_WAY
        self._note(Observation(Target(self.host.address), "port", outcome, {}, self.now(), note))

    def _role(self, port: int) -> Speaks:
        return self._speaks.get(port, self.ports.get(port, Speaks.HTTP))

    async def _front_page(self, port: int) -> None:
        """Ask for a front page, and where one comes ask on that port what only some makers answer."""
        known = self.recall.at(port, "http", "tls")
        if len(known) > 1:
            self._speaks[port] = Speaks.HTTPS
        secure = self.is_secure(port)
        seen = known or await http.front_page(self.host, port, tls=secure, now=self.now)
        page = next((item for item in seen if item.probe == "http"), None)
        turned = turned_out(page) if page is not None else ""
        if turned == "tls" and not secure:
            self._speaks[port] = Speaks.HTTPS
            await self._front_page(port)
            return
        self.note_all(seen)
        self._pending.discard(port)
        if turned == "rtsp":
            self._speaks[port] = Speaks.RTSP
            await self._stream(port)
        if page is not None and page.outcome is Outcome.ANSWERED:
            self._spoken[port] = page
            await self._ask_makers(page)

    async def _ask_makers(self, page: Observation) -> None:
        port = page.target.port or 0
        await self.settled()
        if secure_waits(self._role(port), [self._role(other) for other in self._pending]):
            return
        if passes_on(page) and Speaks.HTTPS in map(self._role, self._asked):
            self._passing.add(port)
            return
        async with self._makers_turn:
            await ask_edges(self, page)
            told = self.told.service_ports(self.host.address)
            if not told or port in told:
                await self._ask_onvif(port)
            await self._ask_icon(page)

    async def _ask_what_is_left(self) -> None:
        """Ask a maker's edges and ONVIF where the likeliest port did not answer, or answered last."""
        for port in sorted(self._spoken, key=self._passing.__contains__):
            await ask_edges(self, self._spoken[port])
            await self._ask_onvif(port)

    def is_secure(self, port: int) -> bool:
        """Say whether a port speaks HTTP by TLS."""
        return self._role(port) is Speaks.HTTPS

    async def _ask_icon(self, page: Observation) -> None:
        """Ask for the icon, once a device, where no search of its maker has named it: it may only support."""
        told = self.has("sadp") or self.has("dhip")
        if self._icon_asked or told or not self.host.manners.optional:
            return
        self._icon_asked = True
        port, texts = page.target.port or 0, page.fields.get("http.body", ())
        secure = self.is_secure(port)
        known = self.recall.anywhere("favicon")
        self.note_all(known or await favicon.icon(self.host, port, tls=secure, now=self.now, pages=texts))

    async def _ask_onvif(self, port: int) -> None:
        if self.has("onvif") or port in self._onvif_asked:
            return
        self._onvif_asked.add(port)
        secure = self.is_secure(port)
        told = bool(self.told.service_ports(self.host.address))
        known = self.recall.at(port, "onvif")
        self.note_all(known or await onvif.service(self.host, port, tls=secure, now=self.now, told=told))

    async def _stream(self, port: int) -> None:
        self.note_all(self.recall.at(port, "rtsp") or await rtsp.stream(self.host, port, now=self.now))

    def note_all(self, observations: Iterable[Observation]) -> None:
        """Keep observations, and store those that are not stored yet."""
        for observation in observations:
            self._note(observation)

    @property
    def is_mute(self) -> bool:
        """Whether ports of it are open and none has said a word, though it does not look like a trap."""
        opened = len(self.knocking.open_ports())
        return 0 < opened < TRAP_PORTS and not (self._answered | self.told.probes()) - {"port", "mac"}

    def gave_out(self) -> tuple[Observation, ...]:
        """Return the questions that found nobody at a port which had been open when it was knocked at."""
        reached = self.knocking.reached
        return tuple(
            item
            for item in self.seen
            if item.note.startswith((CLOSED, NO_CONNECTION)) and reached.get(item.target.port or 0) is Reach.OPEN
        )

    @property
    def spoke(self) -> bool:
        """Whether anything on this host answered: an open port or a discovery reply."""
        told = self._answered | self.told.probes()
        return Reach.OPEN in self.knocking.reached.values() or bool(told - {"port", "mac"})
