"""One UDP question to one host: in goes a datagram, out come that host's answers."""

from __future__ import annotations

import asyncio
import contextlib
import socket

from camaudit.model import Outcome
from camaudit.net.wire import Stopped

MOST_ANSWERS = 8
"""Answers to one question that are kept; a device that floods is cut off here."""


async def ask_once(address: str, port: int, payload: bytes, *, wait_s: float) -> tuple[bytes, ...]:
    """Send ``payload`` and return what ``address`` sent back within ``wait_s`` seconds.

    Raises ``Stopped``: refused where the port is closed, silent where nothing came.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    plain, _, zone = address.partition("%")
    loop = asyncio.get_running_loop()
    answers: list[bytes] = []
    with socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sock:
        _hear_refusals(sock)
        try:
            # Not connected: some devices answer from an ephemeral port. Only this host's answers are kept.
            there = (plain, port, 0, socket.if_nametoindex(zone)) if zone else (plain, port)
            await loop.sock_sendto(sock, payload, there)
            async with asyncio.timeout(wait_s):
                while len(answers) < MOST_ANSWERS:
                    data, sender = await loop.sock_recvfrom(sock, 65536)
                    if sender[0] == plain:
                        answers.append(data)
        except TimeoutError:
            pass
        except ConnectionRefusedError:
            raise Stopped(Outcome.REFUSED, "the UDP port is closed") from None
        except OSError as error:
            raise Stopped(Outcome.SILENT, f"could not be sent: {error.strerror or error}") from None
    if not answers:
        raise Stopped(Outcome.SILENT, "no answer in time")
    return tuple(answers)


def _hear_refusals(sock: socket.socket) -> None:
    """Let an unconnected UDP socket learn of closed ports, instead of waiting for an answer that cannot come."""
    level, option = (socket.IPPROTO_IPV6, 25) if sock.family == socket.AF_INET6 else (socket.IPPROTO_IP, 11)
    with contextlib.suppress(OSError):
        # IP_RECVERR and IPV6_RECVERR of Linux; the socket module has no names for them.
        sock.setsockopt(level, option, 1)
