"""One UDP question to one host: in goes a datagram, out come that host's answers.

Answers come to the port that asked, or to one that the protocol sets, which all who ask share.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from functools import partial

from camaudit.model import Outcome
from camaudit.net.connect import patient, socket_address
from camaudit.net.interfaces import interfaces, mac_of
from camaudit.net.readiness import READ, ready
from camaudit.net.replies import ReplyPorts
from camaudit.net.wire import Sender, Stopped

MOST_ANSWERS = 8
"""Answers to one question that are kept; a device that floods is cut off here."""

_DRAINED_AT_ONCE = 64
_MORE_S = 0.15
"""Seconds between two datagrams of one answer; Dahua sends up to three."""


async def ask_once(address: str, port: int, payload: bytes, *, wait_s: float) -> tuple[bytes, ...]:
    """Send ``payload`` and return what ``address`` sent back within ``wait_s`` seconds.

    Raises ``Stopped``: refused where the port is closed, silent where nothing came.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    plain = address.partition("%")[0]
    answers: list[bytes] = []
    with await patient(partial(socket.socket, family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)) as sock:
        _hear_refusals(sock)
        clock = asyncio.get_running_loop().time
        end_s = clock() + wait_s
        try:
            # Not connected: some devices answer from an ephemeral port. Only this host's answers are kept.
            sock.sendto(payload, socket_address(address, port))
            while len(answers) < MOST_ANSWERS and await ready(sock, READ, end_s):
                answers += _waiting(sock, plain, MOST_ANSWERS - len(answers))
                if answers:
                    # What else it has to say comes right behind.
                    end_s = min(end_s, clock() + _MORE_S)
        except ConnectionRefusedError:
            raise Stopped(Outcome.REFUSED, "the UDP port is closed") from None
        except OSError as error:
            raise Stopped(Outcome.SILENT, f"could not be sent: {error.strerror or error}") from None
    if not answers:
        raise Stopped(Outcome.SILENT, "no answer in time")
    return tuple(answers)


async def ask_from(
    replies: ReplyPorts, reply_port: int, address: str, port: int, payload: bytes, *, wait_s: float
) -> tuple[bytes, ...]:
    """Do as ``ask_once`` from ``reply_port``, to which this protocol's answers come."""
    answers: list[bytes] = []
    more = asyncio.Event()

    def hear(sender: str, _: int, datagram: bytes) -> None:
        if sender == address and datagram != payload and len(answers) < MOST_ANSWERS:
            answers.append(datagram)
            more.set()

    with replies.at(reply_port, sender_to(address).address) as opened:
        opened.hears.add(hear)
        try:
            opened.send(payload, (address, port))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(more.wait(), wait_s)
                await asyncio.sleep(_MORE_S)
        except OSError as error:
            raise Stopped(Outcome.SILENT, f"could not be sent: {error.strerror or error}") from None
        finally:
            opened.hears.discard(hear)
    if not answers:
        raise Stopped(Outcome.SILENT, "no answer in time")
    return tuple(answers)


def sender_to(address: str) -> Sender:
    """Return this machine as ``address`` sees it; nothing is sent to find that out."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.connect((address, 9))
            own = str(sock.getsockname()[0])
    except OSError:
        return Sender()
    return Sender(own, next((mac_of(each.name) for each in interfaces() if each.address == own), ""))


def _waiting(sock: socket.socket, address: str, most: int) -> list[bytes]:
    """Return the datagrams of ``address`` that have come; other senders' are read and dropped."""
    found: list[bytes] = []
    for _ in range(_DRAINED_AT_ONCE):
        try:
            data, sender = sock.recvfrom(65536)
        except BlockingIOError:
            break
        if sender[0] == address and len(found) < most:
            found.append(data)
    return found


def _hear_refusals(sock: socket.socket) -> None:
    """Let an unconnected UDP socket learn of closed ports, instead of waiting for an answer that cannot come."""
    level, option = (socket.IPPROTO_IPV6, 25) if sock.family == socket.AF_INET6 else (socket.IPPROTO_IP, 11)
    with contextlib.suppress(OSError):
        # IP_RECVERR and IPV6_RECVERR of Linux; the socket module has no names for them.
        sock.setsockopt(level, option, 1)
