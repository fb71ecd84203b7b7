"""One connection over a plain non-blocking socket, with or without TLS.

asyncio's own TLS keeps a 256 KiB buffer a connection and its streams cost twice the time, so sockets are driven
by hand here (figures in docs/performance.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import time
import warnings
from functools import lru_cache

from camaudit.model import Outcome
from camaudit.net.wire import REPLY_LIMIT, Complete, Stopped, Tls

_LINGER_NOTHING = struct.pack("ii", 1, 0)
_CHUNK = 16 * 1024
_PAUSE_S = 1.5
"""Seconds between two pieces of one answer; longer means that there is no more."""


@lru_cache(maxsize=1)
def permissive_context() -> ssl.SSLContext:
    """Return the one TLS context: it reads old devices and verifies nothing, since it sends no secret.

    TLS 1.0, weak keys and legacy renegotiation are common on cameras; refusing them would lose the certificate.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)
    return context


def new_socket(address: str) -> socket.socket:
    """Return a non-blocking TCP socket that leaves nothing behind when closed (RST instead of TIME_WAIT)."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOTHING)
    return sock


class Stream:
    """A connected socket as a ``Conversation``; ``deadline_s`` (monotonic) is absolute, a drip cannot reset it."""

    def __init__(self, sock: socket.socket, *, answer_s: float, deadline_s: float, byte_ceiling: int) -> None:
        self._sock = sock
        self._answer_s = answer_s
        self._deadline_s = deadline_s
        self._left = byte_ceiling
        self.tls: Tls | None = None
        self.open = True
        self.stalled = False
        self.slowest_s = 0.0
        """The longest that a whole answer took on this connection."""
        self.received = 0
        self.sent = 0

    async def shake_hands(self) -> None:
        """Turn the connection into TLS; raises ``Stopped`` where the other side does not speak it."""
        loop = asyncio.get_running_loop()
        secure = permissive_context().wrap_socket(
            self._sock, do_handshake_on_connect=False, suppress_ragged_eofs=True
        )
        self._sock = secure
        try:
            async with asyncio.timeout(self._time_left()):
                while True:
                    try:
                        secure.do_handshake()
                        break
                    except ssl.SSLWantReadError:
                        await _readable(loop, secure)
                    except ssl.SSLWantWriteError:
                        await _writable(loop, secure)
        except TimeoutError:
            raise Stopped(Outcome.SILENT, "the TLS handshake was not finished in time") from None
        except (OSError, ValueError) as error:
            raise Stopped(Outcome.MALFORMED, f"no TLS handshake: {_reason(error)}") from None
        self.tls = Tls(secure.version() or "unknown", secure.getpeercert(binary_form=True) or b"")

    async def ask(self, request: bytes, complete: Complete, *, limit: int = REPLY_LIMIT) -> bytes:
        """Send and read one answer (see ``Conversation``)."""
        answer = bytearray()
        outcome, note = Outcome.SILENT, "no answer in time"
        clock = asyncio.get_running_loop().time
        began = clock()
        end = began + self._time_left()
        try:
            async with asyncio.timeout_at(end) as limit_of_time:
                await self._send(request)
                while len(answer) < min(limit, self._left) and not complete(bytes(answer)):
                    chunk = await self._receive(min(_CHUNK, limit - len(answer)))
                    if not chunk:
                        self.open = False
                        outcome, note = Outcome.REFUSED, "the connection was closed without an answer"
                        break
                    answer += chunk
                    # A length that lies would cost the whole time for nothing; the absolute end stays.
                    limit_of_time.reschedule(min(end, clock() + _PAUSE_S))
        except TimeoutError:
            self.open = False
            self.stalled = True
        except OSError as error:
            self.open = False
            outcome, note = Outcome.REFUSED, _reason(error)
        if answer and not self.stalled:
            self.slowest_s = max(self.slowest_s, clock() - began)
        self._left -= len(answer)
        self.received += len(answer)
        if not answer:
            raise Stopped(outcome, note)
        return bytes(answer)

    async def _send(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        self.sent += len(data)
        if not isinstance(self._sock, ssl.SSLSocket):
            await loop.sock_sendall(self._sock, data)
            return
        while data:
            try:
                data = data[self._sock.send(data) :]
            except ssl.SSLWantWriteError:
                await _writable(loop, self._sock)
            except ssl.SSLWantReadError:
                await _readable(loop, self._sock)

    async def _receive(self, size: int) -> bytes:
        loop = asyncio.get_running_loop()
        if not isinstance(self._sock, ssl.SSLSocket):
            return await loop.sock_recv(self._sock, size)
        while True:
            try:
                return self._sock.recv(size)
            except ssl.SSLWantReadError:
                await _readable(loop, self._sock)
            except ssl.SSLWantWriteError:
                await _writable(loop, self._sock)
            except ssl.SSLError:
                # Old cameras end TLS without close_notify; what came before is still good.
                return b""

    def _time_left(self) -> float:
        return max(0.001, min(self._answer_s, self._deadline_s - time.monotonic()))

    def close(self) -> None:
        """Close without waiting for the other side."""
        self.open = False
        with contextlib.suppress(OSError):
            self._sock.close()


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not TLS").lower().replace("_", " ")
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()


async def _readable(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
    ready = loop.create_future()
    loop.add_reader(sock, _settle, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)


async def _writable(loop: asyncio.AbstractEventLoop, sock: socket.socket) -> None:
    ready = loop.create_future()
    loop.add_writer(sock, _settle, ready)
    try:
        await ready
    finally:
        loop.remove_writer(sock)


def _settle(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)
