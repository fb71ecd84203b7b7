"""Knocking at one TCP port: in goes an address, out comes whether it is open, and the socket where it is."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import struct
from collections.abc import Callable
from enum import StrEnum

from camaudit.net.readiness import WRITE, ready

_LINGER_NOTHING = struct.pack("ii", 1, 0)
_FULL_TRIES, _FULL_WAIT_S = 100, 0.1
_NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN)
_UNDER_WAY = (errno.EINPROGRESS, errno.EAGAIN, errno.EINTR)


class Reach(StrEnum):
    """What a port did when knocked at."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


def new_socket(address: str) -> socket.socket:
    """Return a non-blocking TCP socket that leaves nothing behind when closed (RST instead of TIME_WAIT)."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOTHING)
    if hasattr(socket, "TCP_QUICKACK"):
        # The kernel's bare ACK of the handshake waits for our request and rides on it: a frame less each time,
        # and a port that is only knocked at sees no connection to accept.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
    return sock


async def patient(make: Callable[[], socket.socket]) -> socket.socket:
    """Make a socket; where no file can be opened just now, wait up to ten seconds until another is closed."""
    for _ in range(_FULL_TRIES):
        try:
            return make()
        except OSError as error:
            if error.errno not in (errno.EMFILE, errno.ENFILE):
                raise
        await asyncio.sleep(_FULL_WAIT_S)
    return make()


def socket_address(address: str, port: int) -> tuple[str, int] | tuple[str, int, int, int]:
    """Return an address as sockets take it; a link-local one (``fe80::1%eth0``) with its interface's number.

    Raises OSError where this machine has no such interface.
    """
    plain, _, zone = address.partition("%")
    return (plain, port, 0, socket.if_nametoindex(zone)) if zone else (plain, port)


async def connect(sock: socket.socket, address: str, port: int, *, timeout_s: float) -> tuple[Reach, str]:
    """Connect ``sock``; return what the port did, and the system's words where that is no plain answer."""
    try:
        error = sock.connect_ex(socket_address(address, port))
        if error in _UNDER_WAY:
            loop = asyncio.get_running_loop()
            if not await ready(sock, WRITE, loop.time() + timeout_s):
                return Reach.SILENT, ""
            error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    except OSError as refused:
        error = refused.errno or errno.EIO
    if not error:
        return Reach.OPEN, ""
    if error == errno.ECONNREFUSED:
        return Reach.REFUSED, ""
    return (Reach.UNREACHABLE if error in _NO_ROUTE else Reach.REFUSED), os.strerror(error).lower()
