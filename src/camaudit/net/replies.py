"""The UDP ports of this machine to which devices answer: some makers' searches set the port for their answers.

In go port numbers, out come sockets that are shared by all who ask and closed when nobody asks any more. A port
that another program holds is not shared with it, since only one of two would hear an answer: that is said, and
not asked.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import struct
from collections.abc import Callable, Iterator

from camaudit.model import Outcome
from camaudit.net.wire import Stopped

Hear = Callable[[str, int, bytes], None]
"""Takes who answered, the index of the interface it came by, and the datagram."""

_PACKET_INFO = 8
"""IP_PKTINFO of Linux, which the socket module has no name for before Python 3.14."""
_INFO = struct.Struct("@i4s4s")
_INFO_SPACE = 64
_BUFFER = 1024 * 1024
_AT_ONCE = 64


class ReplyPort:
    """One open port. ``hears`` is called for each datagram that comes in."""

    def __init__(self, sock: socket.socket) -> None:
        self.hears: set[Hear] = set()
        self.users = 0
        self._sock = sock
        asyncio.get_running_loop().add_reader(sock, self._read)

    def send(self, payload: bytes, to: tuple[str, int], *, interface: int = 0, own: str = "0.0.0.0") -> None:
        """Send one datagram from this port; raises OSError.

        It leaves by ``interface`` and from its address ``own`` where they are given, else as the system routes it.
        """
        info = _INFO.pack(interface, socket.inet_aton(own), bytes(4))
        self._sock.sendmsg([payload], [(socket.IPPROTO_IP, _PACKET_INFO, info)] if interface else [], 0, to)

    def close(self) -> None:
        """Give the port back."""
        asyncio.get_running_loop().remove_reader(self._sock)
        self._sock.close()

    def _read(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                data, more, _, sender = self._sock.recvmsg(65536, _INFO_SPACE)
            except OSError:
                return
            interface = next((_INFO.unpack_from(info)[0] for _, kind, info in more if kind == _PACKET_INFO), 0)
            for hear in tuple(self.hears):
                hear(sender[0], interface, data)


class ReplyPorts:
    """The reply ports of one scan; ``limits`` says which could not be had, a line each."""

    def __init__(self) -> None:
        self.limits: list[str] = []
        self._open: dict[tuple[int, str], ReplyPort] = {}

    @contextlib.contextmanager
    def at(self, port: int, own: str) -> Iterator[ReplyPort]:
        """Hold ``port`` (0: any), on all addresses or else on ``own``; raises ``Stopped`` where neither can be."""
        key, found = self._found(port, own)
        found.users += 1
        try:
            yield found
        finally:
            found.users -= 1
            if not found.users:
                self._open.pop(key, None)
                found.close()

    def _found(self, port: int, own: str) -> tuple[tuple[int, str], ReplyPort]:
        if not port:
            return (0, ""), ReplyPort(_bound(0, ""))
        # On all addresses, because many devices answer to everybody; on one where others are taken.
        keys = ((port, ""), (port, own))
        for key in keys:
            if key in self._open:
                return key, self._open[key]
        for key in keys:
            try:
                found = self._open[key] = ReplyPort(_bound(*key))
            except OSError as error:
                why = error
            else:
                return key, found
        raise Stopped(Outcome.NOT_ASKED, self._refused(port, why))

    def _refused(self, port: int, why: OSError) -> str:
        taken = "another program holds it" if why.errno == errno.EADDRINUSE else why.strerror or str(why)
        note = (
            f"answers of some makers' cameras come to UDP port {port} of this machine, which could not be opened "
            f"({taken}): they were not searched for in their maker's own way"
        )
        if note not in self.limits:
            self.limits.append(note)
        return note


def _bound(port: int, address: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        sock.setsockopt(socket.IPPROTO_IP, _PACKET_INFO, 1)
        sock.bind((address, port))
    except OSError:
        sock.close()
        raise
    return sock
