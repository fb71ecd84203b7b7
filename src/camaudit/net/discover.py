"""Multicast discovery: one question to a group on each interface, and everybody who answers within a window.

In go the packets of ``probes`` and the interfaces on the link, by IPv4 or by IPv6, out come (protocol, sender,
datagram). Answers of addresses out of scope come out too: they are recorded, and not followed.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from camaudit.net.interfaces import Interface
from camaudit.net.neighbours import Link6, zoned
from camaudit.net.pace import Pace, Urgency

_RECEIVE_BUFFER = 4 * 1024 * 1024
"""A burst of a thousand answers of 1.3 kB; the system may grant less."""

_MAX_ANSWERS = 65536
_ROUNDS = 2
_BETWEEN_ROUNDS_S = 0.15


@dataclass(frozen=True, slots=True)
class Question:
    """One discovery protocol: the group and port it is asked at, and the datagrams."""

    protocol: str
    group: str
    port: int
    datagrams: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One datagram that came back, and from whom."""

    protocol: str
    sender: str
    datagram: bytes


class _Collector(asyncio.DatagramProtocol):
    def __init__(self, protocol: str, interface: str, hear: Callable[[Answer], None]) -> None:
        self._protocol = protocol
        self._interface = interface
        self._hear = hear
        self._heard = 0

    def datagram_received(self, data: bytes, addr: tuple[str, int] | tuple[str, int, int, int]) -> None:
        self._heard += 1
        if self._heard <= _MAX_ANSWERS:
            # A link-local address means something on its interface only.
            sender = zoned(addr[0], self._interface) if ":" in addr[0] else addr[0]
            self._hear(Answer(self._protocol, sender, data[:65536]))


async def ask_groups(
    questions: tuple[Question, ...],
    interface: Interface | Link6,
    pace: Pace,
    hear: Callable[[Answer], None],
    *,
    window_s: float,
) -> tuple[str, ...]:
    """Ask every question on one interface and hand answers to ``hear`` as they come.

    Returns a line for each protocol that could not be asked, for the coverage page.
    """
    loop = asyncio.get_running_loop()
    limits: list[str] = []
    async with contextlib.AsyncExitStack() as stack:
        senders: list[tuple[Question, asyncio.DatagramTransport]] = []
        for question in questions:
            try:
                sockets = _sockets(question, interface)
            except OSError as error:
                reason = error.strerror or str(error)
                limits.append(f"{question.protocol}: multicast on {interface.name} not possible ({reason})")
                continue
            for index, sock in enumerate(sockets):
                collector = partial(_Collector, question.protocol, interface.name, hear)
                transport, _ = await loop.create_datagram_endpoint(collector, sock=sock)
                stack.callback(transport.close)
                if index == 0:
                    senders.append((question, transport))
        for number in range(_ROUNDS):
            if number:
                await asyncio.sleep(_BETWEEN_ROUNDS_S)
            for question, transport in senders:
                for datagram in question.datagrams:
                    await pace.take(urgency=Urgency.FINDING)
                    transport.sendto(datagram, _group(question, interface))
        await asyncio.sleep(window_s)
    return tuple(limits)


def _group(question: Question, interface: Interface | Link6) -> tuple[str, int] | tuple[str, int, int, int]:
    if isinstance(interface, Link6):
        return question.group, question.port, 0, interface.index
    return question.group, question.port


def _sockets(question: Question, interface: Interface | Link6) -> tuple[socket.socket, ...]:
    """Return the asking socket and, where it can be had, one that hears answers sent to the group itself."""
    if isinstance(interface, Link6):
        return (_asking6(interface),)
    asking = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        asking.bind((interface.address, 0))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface.address))
        asking.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
    except OSError:
        asking.close()
        raise
    hearing = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        hearing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        hearing.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        hearing.bind((question.group, question.port))
        member = struct.pack("4s4s", socket.inet_aton(question.group), socket.inet_aton(interface.address))
        hearing.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
    except OSError:
        # Another program holds the port for itself; unicast answers still come to the asking socket.
        hearing.close()
        return (asking,)
    return asking, hearing


def _asking6(link: Link6) -> socket.socket:
    """Return a socket that asks from an address of this kind: a device answers a link-local one from its own."""
    asking = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        asking.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, link.index)
        asking.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        asking.bind((link.address, 0, 0, link.index if ipaddress.IPv6Address(link.address).is_link_local else 0))
    except OSError:
        asking.close()
        raise
    return asking
