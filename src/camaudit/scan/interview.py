"""One host asked from its first port to its last answer.

In goes a host behind the gate and what multicast already told of it, out come observations. Ports first, then the
probes that its open ports call for; discovery by unicast only for what multicast did not tell.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from camaudit.model import Observation, Outcome, Target
from camaudit.net.gate import HostGate, Reach
from camaudit.probes import DISCOVERIES, dahua, http, isapi, onvif, rtsp
from camaudit.scan.describing import described, description_ports
from camaudit.scan.ports import Speaks

Now = Callable[[], datetime]
Sink = Callable[[Observation], None]

_SURE_TRIES, _UNSURE_TRIES = 3, 2
_ONLY_PRIVATE = "discovery by UDP is asked in private networks only"
_EXTRA_PORTS = 4
"""Ports beyond the list that a device itself may name (HttpPort, XAddrs); more would be a lie or a trap."""


@dataclass(slots=True)
class Interview:
    """The asking of one host. ``told`` holds what multicast heard of it, which is stored already."""

    host: HostGate
    ports: Mapping[int, Speaks]
    now: Now
    sink: Sink
    told: list[Observation] = field(default_factory=list)
    reached: dict[int, Reach] = field(default_factory=dict)
    _speaks: dict[int, Speaks] = field(default_factory=dict)
    _answered: set[str] = field(default_factory=set)

    async def knock(self, ports: tuple[int, ...], *, sure: bool) -> bool:
        """Try ports that were not tried yet; return whether the host is there at all."""
        untried = [port for port in ports if port not in self.reached]
        tries = _SURE_TRIES if sure else _UNSURE_TRIES
        for port, reach in zip(
            untried, await asyncio.gather(*(self._reach(port, tries) for port in untried)), strict=True
        ):
            self.reached[port] = reach
        return any(reach in (Reach.OPEN, Reach.REFUSED) for reach in self.reached.values())

    async def _reach(self, port: int, tries: int) -> Reach:
        keep = self.ports.get(port, Speaks.HTTP) is not Speaks.NOTHING
        return await self.host.reach(port, tries=tries, keep=keep)

    async def ask(self) -> None:
        """Ask everything that this host calls for; observations go to the sink as they come."""
        self._answered.update(item.probe for item in self.told)
        named = self._named_ports()
        await self.knock((*self.ports, *named), sure=True)
        opened = sorted(port for port, reach in self.reached.items() if reach is Reach.OPEN)
        self._note_ports(opened)
        jobs = [self._ask_web(opened), self._ask_streams(opened), self._ask_datagrams()]
        jobs.append(self._ask_descriptions())
        await asyncio.gather(*jobs)
        self.host.close()

    def _note(self, observation: Observation) -> None:
        if observation.outcome is Outcome.ANSWERED:
            self._answered.add(observation.probe)
        self.sink(observation)

    def _note_ports(self, opened: list[int]) -> None:
        if opened:
            found = {"port.open": tuple(str(port) for port in opened)}
            self._note(Observation(Target(self.host.address), "port", Outcome.ANSWERED, found, self.now()))
            return
        refused = Reach.REFUSED in self.reached.values()
        outcome = Outcome.REFUSED if refused else Outcome.SILENT
        note = "every port asked is closed" if refused else "no port answered"
        self._note(Observation(Target(self.host.address), "port", outcome, {}, self.now(), note))

    def _named_ports(self) -> tuple[int, ...]:
        """Return the web ports that discovery answers name at this very host."""
        named: list[int] = []
        for observation in self.told:
            for name in ("sadp.http_port", "dhip.http_port"):
                named += [int(text) for text in observation.fields.get(name, ()) if text.isdigit()]
            for xaddr in observation.fields.get("wsd.xaddr", ()):
                named += _ports_at(self.host.address, xaddr)
            named += description_ports(self.host.address, observation)
        fresh = [port for port in dict.fromkeys(named) if 0 < port < 65536 and port not in self.ports]
        return tuple(fresh[:_EXTRA_PORTS])

    async def _ask_web(self, opened: list[int]) -> None:
        order = [port for port in self.reached if port in opened]
        web = [port for port in order if self._role(port) in (Speaks.HTTP, Speaks.HTTPS)]
        spoken: list[int] = []
        while web and not spoken:
            pair, web = web[:2], web[2:]
            spoken = await self._front_pages(pair)
        if spoken:
            # A port that keeps silent (an SDK's, often) must not hold up the questions to one that speaks.
            _, _, others = await asyncio.gather(
                self._ask_edges(spoken), self._ask_onvif(spoken), self._front_pages(web)
            )
            await self._ask_onvif(others)

    async def _front_pages(self, ports: list[int]) -> list[int]:
        """Ask for the front page of each port; return those that gave one."""
        answered = await asyncio.gather(*(self._front_page(port) for port in ports))
        return [port for port, gave in zip(ports, answered, strict=True) if gave]

    def _role(self, port: int) -> Speaks:
        return self._speaks.get(port, self.ports.get(port, Speaks.HTTP))

    async def _front_page(self, port: int) -> bool:
        secure = self._role(port) is Speaks.HTTPS
        seen = await http.front_page(self.host, port, tls=secure, now=self.now)
        page = next((item for item in seen if item.probe == "http"), None)
        turned = _turned_out(page) if page is not None else ""
        if turned == "tls" and not secure:
            self._speaks[port] = Speaks.HTTPS
            return await self._front_page(port)
        for observation in seen:
            self._note(observation)
        if turned == "rtsp":
            self._speaks[port] = Speaks.RTSP
            await self._stream(port)
        return page is not None and page.outcome is Outcome.ANSWERED

    async def _ask_edges(self, spoken: list[int]) -> None:
        """Ask the makers' own web edges once a device, on its likeliest port: each may count as a failed login."""
        plain = [port for port in spoken if self._role(port) is Speaks.HTTP]
        port = (plain or spoken)[0]
        secure = self._role(port) is Speaks.HTTPS
        if "dhip" not in self._answered:
            for observation in await isapi.edges(
                self.host, port, tls=secure, now=self.now, told="sadp" in self._answered
            ):
                self._note(observation)
        if "sadp" not in self._answered and "isapi" not in self._answered:
            for observation in await dahua.edges(self.host, port, tls=secure, now=self.now):
                self._note(observation)

    async def _ask_onvif(self, spoken: list[int]) -> None:
        told = [
            port
            for item in self.told
            for x in item.fields.get("wsd.xaddr", ())
            for port in _ports_at(self.host.address, x)
        ]
        for port in dict.fromkeys([p for p in told if p in spoken] + spoken):
            if "onvif" in self._answered:
                return
            secure = self._role(port) is Speaks.HTTPS
            seen = await onvif.service(self.host, port, tls=secure, now=self.now, told=bool(told))
            for observation in seen:
                self._note(observation)

    async def _ask_streams(self, opened: list[int]) -> None:
        await asyncio.gather(*(self._stream(port) for port in opened if self._role(port) is Speaks.RTSP))

    async def _stream(self, port: int) -> None:
        for observation in await rtsp.stream(self.host, port, now=self.now):
            self._note(observation)

    async def _ask_datagrams(self) -> None:
        if is_public(self.host.address):
            for probe in (item for item in DISCOVERIES if item.ask is not None):
                target = Target(self.host.address, probe.port)
                self._note(Observation(target, probe.probe, Outcome.NOT_ASKED, {}, self.now(), _ONLY_PRIVATE))
            return
        asked = [item.ask for item in DISCOVERIES if item.ask is not None and item.probe not in self._answered]
        for answers in await asyncio.gather(*(ask(self.host, self.now) for ask in asked)):
            for observation in answers:
                self._note(observation)

    async def _ask_descriptions(self) -> None:
        for observation in await described(self.host, self.told, self.now):
            self._note(observation)

    @property
    def spoke(self) -> bool:
        """Whether anything on this host answered: an open port or a discovery reply."""
        return Reach.OPEN in self.reached.values() or bool(self._answered - {"port", "mac"})


def is_public(address: str) -> bool:
    """Return whether an address is reachable from anywhere: discovery is for private networks only.

    One byte draws some 800 from a Dahua unit; across the internet that is a weapon, and none of ours.
    """
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def _turned_out(page: Observation) -> str:
    """Return what a port speaks that was asked for a page: ``rtsp``, ``tls``, or nothing worth another try."""
    if page.outcome is Outcome.MALFORMED:
        return next((name for name in ("rtsp", "tls") if f"with {name.upper()}" in page.note), "")
    # nginx and its kin answer plain HTTP on a TLS port with a page that says so.
    refused = "400" in page.fields.get("http.status", ())
    return "tls" if refused and any("HTTPS" in body for body in page.fields.get("http.body", ())) else ""


def _ports_at(address: str, xaddr: str) -> tuple[int, ...]:
    """Return the port of a service address, if it is at the host that gave it."""
    try:
        parts = urlsplit(xaddr)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ()
    return (port,) if parts.hostname == address else ()
