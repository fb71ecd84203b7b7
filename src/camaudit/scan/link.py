"""Who is on our own link: ARP before anything else, so that a dark address costs two frames and a port none.

In go the interfaces of the scope's link, out come addresses with their MAC as they answer. With the raw-socket
privilege the helper process asks; without it, or where it is not wanted, the kernel is made to ask, by one empty
datagram each.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable

from camaudit.errors import NetworkUnavailable
from camaudit.net.gate import Gate
from camaudit.net.interfaces import Interface, on_link
from camaudit.net.raw.client import RawHelper
from camaudit.net.raw.unprivileged import Unprivileged

Hear = Callable[[str, str], None]


class LinkSweep:
    """The part of a scope that lies on our own link. ``limits`` says what was not possible, a line each."""

    def __init__(self, gate: Gate, names: tuple[str, ...], *, raw: bool = True) -> None:
        self.limits: list[str] = []
        self.begun = asyncio.Event()
        """Set when no more privilege is needed: what needed one runs, or nothing does."""
        self._gate = gate
        self._raw = raw
        self._links = tuple(link for link in on_link(gate.scope, names) if not link.network.is_loopback)
        self._all = self._links

    def covers(self, address: str) -> bool:
        """Return whether an address is found by ARP; our own is not, nor is one behind a router."""
        return self._link_of(address) is not None

    def touches(self, addresses: tuple[str, ...]) -> bool:
        """Return whether some of these lay on our own link when the sweep began, be it possible to ask or not."""
        first, last = addresses[0], addresses[-1]
        if not self._all or ":" in first or ":" in last:
            return False
        begin, end = ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)
        return any(begin <= link.network[-1] and end >= link.network[0] for link in self._all)

    def _link_of(self, address: str) -> Interface | None:
        if not self._links or ":" in address:
            return None
        parsed = ipaddress.IPv4Address(address)
        if any(address == link.address for link in self._links):
            return None
        return next((link for link in self._links if parsed in link.network), None)

    async def run(
        self, done: frozenset[str], known: Callable[[str], bool], hear: Hear, ease: Callable[[], Awaitable[None]]
    ) -> None:
        """Sweep every link; ``hear`` gets each address that answers, and its MAC.

        ``ease`` is awaited before each new address, so that no more hosts are found than can be asked. On a link
        where neither way works the addresses are left to the connect sweep (``covers`` then says no).
        """
        if not self._links:
            self.begun.set()
            return
        if not self._raw:
            self.begun.set()
            self.limits.append("ARP was left to the kernel: no raw socket was used, as --engine connect says")
            await self._by(Unprivileged(), done, known, hear, ease)
            return
        async with RawHelper() as raw:
            self.begun.set()
            if not raw.available:
                self.limits.append(raw.why)
            await self._by(raw if raw.available else Unprivileged(), done, known, hear, ease)

    async def _by(
        self,
        way: RawHelper | Unprivileged,
        done: frozenset[str],
        known: Callable[[str], bool],
        hear: Hear,
        ease: Callable[[], Awaitable[None]],
    ) -> None:
        for link in self._links:
            wanted = self._addresses_of(link, done, ease)
            try:
                await way.sweep(link, wanted, self._gate.pace, hear, round_trip=self._gate.network, known=known)
            except (NetworkUnavailable, OSError) as error:
                self.limits.append(f"{link.name}: neighbours could not be asked for ({error})")
                self._links = tuple(other for other in self._links if other is not link)

    async def _addresses_of(
        self, link: Interface, done: frozenset[str], ease: Callable[[], Awaitable[None]]
    ) -> AsyncIterator[str]:
        scope = self._gate.scope
        for address in scope.addresses():
            if address not in done and self._link_of(address) is link and scope.contains(address):
                await ease()
                yield address
