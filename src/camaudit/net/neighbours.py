"""Who is on our own link by IPv6: one echo request to all nodes, and what the kernel knows already.

In go interfaces, out come addresses with their interface; nobody is asked anything else here. A sweep is no way in
IPv6: a link has room for more addresses than a scan has time.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import os
import socket
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ifaddr

from camaudit.errors import NetworkUnavailable
from camaudit.net.pace import Pace
from camaudit.net.raw.neighbours6 import neighbours6
from camaudit.net.scope import Scope
from camaudit.net.span import Span

ALL_NODES = "ff02::1"
_ECHO_REQUEST, _ECHO_REPLY = 128, 129
_ROUNDS = 2
_BETWEEN_S = 0.25
_MOST_REPLIES = 16384


@dataclass(frozen=True, slots=True)
class Link6:
    """One IPv6 address of one interface, and the network it is in."""

    name: str
    index: int
    address: str
    network: ipaddress.IPv6Network


def links6(names: Iterable[str] = ()) -> tuple[Link6, ...]:
    """Return every IPv6 address of this machine, or of the interfaces named, but for loopback."""
    wanted = frozenset(names)
    found = []
    for adapter in ifaddr.get_adapters():
        if adapter.index is None or (wanted and adapter.name not in wanted):
            continue
        for ip in adapter.ips:
            if isinstance(ip.ip, tuple) and ip.ip[0] != "::1":
                network = ipaddress.IPv6Network(f"{ip.ip[0]}/{ip.network_prefix}", strict=False)
                found.append(Link6(adapter.name, adapter.index, ip.ip[0], network))
    return tuple(found)


def links_in(scope: Scope, names: Iterable[str] = ()) -> tuple[Link6, ...]:
    """Return the links that hold some of a scope's IPv6 addresses, of the interfaces named where any are."""
    spans = [span for span in scope.spans if span.first.version == 6]
    wanted = frozenset(names)
    return tuple(
        link
        for link in links6()
        if any(link.name == span.zone or (not span.zone and _overlaps(link, span)) for span in spans)
        and (not wanted or link.name in wanted)
    )


def _overlaps(link: Link6, span: Span) -> bool:
    first, last = int(span.first), int(span.last)
    return first <= int(link.network.broadcast_address) and last >= int(link.network.network_address)


def check_zone(zone: str) -> None:
    """Raise NetworkUnavailable where a scope names an interface that this machine does not have."""
    try:
        socket.if_nametoindex(zone)
    except OSError:
        known = ", ".join(sorted(name for _, name in socket.if_nameindex())) or "none"
        raise NetworkUnavailable(f"no interface {zone} here; there are: {known}") from None


def known_neighbours(links: Iterable[Link6]) -> dict[str, str]:
    """Return what the kernel knows on these links: address (a link-local one with its interface) to MAC."""
    names = {link.name for link in links}
    return {zoned(row.address, row.interface): row.mac for row in neighbours6() if row.interface in names}


def zoned(address: str, interface: str) -> str:
    """Return an address as it can be connected to: a link-local one carries its interface."""
    plain = address.partition("%")[0]
    return f"{plain}%{interface}" if ipaddress.IPv6Address(plain).is_link_local else plain


async def echo_all_nodes(link: Link6, pace: Pace, hear: Callable[[str], None], *, window_s: float) -> None:
    """Ask all nodes of a link for an echo (RFC 4443 section 4.1) and hand each address that answers to ``hear``.

    Replies come from addresses of the same kind as ``link.address``. Raises OSError where no socket can be had.
    """
    loop = asyncio.get_running_loop()
    with _echo_socket(link) as sock:
        until_s = loop.time() + window_s + _BETWEEN_S * (_ROUNDS - 1)
        listening = asyncio.create_task(_hear_echoes(sock, link, hear))
        try:
            for number in range(_ROUNDS):
                if number:
                    await asyncio.sleep(_BETWEEN_S)
                await pace.take()
                # Checksum, and with an unprivileged socket the identifier too, are the kernel's.
                echo = struct.pack(">BBHHH", _ECHO_REQUEST, 0, 0, os.getpid() & 0xFFFF, number)
                sock.sendto(echo, (ALL_NODES, 0, 0, link.index))
            await asyncio.sleep(max(0.0, until_s - loop.time()))
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await listening


async def _hear_echoes(sock: socket.socket, link: Link6, hear: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(_MOST_REPLIES):
        data, sender = await loop.sock_recvfrom(sock, 2048)
        if data[:1] == bytes([_ECHO_REPLY]) and sender[0].partition("%")[0] != link.address:
            hear(zoned(sender[0], link.name))


def _echo_socket(link: Link6) -> socket.socket:
    try:
        sock = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMPV6)
    except OSError:
        # Most systems let no group use the unprivileged kind (net.ipv4.ping_group_range).
        sock = socket.socket(socket.AF_INET6, socket.SOCK_RAW | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMPV6)
    try:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, link.index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        sock.bind((link.address, 0, 0, link.index if ipaddress.IPv6Address(link.address).is_link_local else 0))
    except OSError:
        sock.close()
        raise
    return sock
