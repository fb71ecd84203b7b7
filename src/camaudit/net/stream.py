"""One connection over a plain non-blocking socket, with or without TLS.

asyncio's own TLS keeps a 256 KiB buffer a connection and its streams cost twice the time, so sockets are driven
by hand here (figures in docs/performance.md), and ``net.secure`` drives TLS.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time

from camaudit.model import Outcome
from camaudit.net.dealings import Dealings
from camaudit.net.drip import Drip
from camaudit.net.patience import LOOK_AGAIN_S, Patience
from camaudit.net.readiness import READ, WRITE, ready
from camaudit.net.secure import HELPING, SecureSocket
from camaudit.net.wire import REPLY_LIMIT, Complete, Stopped, Tls

_PAUSE_S = 1.5
"""Seconds between two pieces of one answer; longer means that there is no more."""


class Stream:
    """A connected socket as a ``Conversation``; ``deadline_s`` (monotonic) is absolute, a drip cannot reset it."""

    def __init__(
        self,
        sock: socket.socket,
        patience: Patience,
        dealings: Dealings,
        *,
        answer_s: float,
        deadline_s: float,
        byte_ceiling: int,
        doubtful: bool = False,
    ) -> None:
        self._sock = sock
        self._line: socket.socket | SecureSocket = sock
        self._patience = patience
        self._dealings = dealings
        self._answer_s = answer_s
        self._deadline_s = deadline_s
        self._left = byte_ceiling
        self._doubtful = doubtful
        self.tls: Tls | None = None
        self.open = True
        self.reused = False
        self.stalled = False
        self.broken = False
        """Whether the other side broke off a connection that nobody had used before."""
        self.received = 0
        self.sent = 0

    async def shake_hands(self) -> None:
        """Turn the connection into TLS; raises ``Stopped`` where the other side does not speak it."""
        await self._dealings.turn(0, deadline_s=self._deadline_s)
        self._line = secure = SecureSocket(self._sock)
        end_s = self._end_s()
        drip = Drip(end_s)
        self._patience.begin(id(self))
        try:
            while True:
                try:
                    secure.do_handshake()
                    break
                except ssl.SSLWantReadError:
                    await drip.next()
                    await self._first(end_s)
                except ssl.SSLWantWriteError:
                    await self._ready(WRITE, end_s)
        except TimeoutError:
            raise Stopped(Outcome.SILENT, "the TLS handshake was not finished in time") from None
        except (OSError, ValueError) as error:
            raise Stopped(Outcome.MALFORMED, f"no TLS handshake: {_reason(error)}") from None
        finally:
            self._patience.end(id(self))
        self.tls = Tls(secure.version(), secure.certificate())

    async def ask(self, request: bytes, complete: Complete, *, limit: int = REPLY_LIMIT) -> bytes:
        """Send and read one answer (see ``Conversation``)."""
        await self._dealings.turn(len(request), deadline_s=self._deadline_s)
        answer = bytearray()
        outcome, note = Outcome.SILENT, "no answer in time"
        limit = min(limit, self._left)
        end_s = self._end_s()
        asked_s = first_s = _clock()
        drip = Drip(end_s)
        self._patience.begin(id(self))
        try:
            await self._send(request, end_s)
            while len(answer) < limit and not complete(answer):
                await drip.next()
                # A length that lies would cost the whole time for nothing; the absolute end stays.
                pause_end_s = min(end_s, _clock() + _PAUSE_S) if answer else end_s
                chunk = await self._receive(min(HELPING, limit - len(answer)), pause_end_s, first=not answer)
                if not chunk:
                    self.open = False
                    outcome, note = Outcome.REFUSED, "the connection was closed without an answer"
                    break
                first_s = first_s if answer else _clock()
                answer += chunk
        except TimeoutError:
            self.open = False
            self.stalled = True
        except OSError as error:
            self.open = False
            outcome, note = Outcome.REFUSED, _reason(error)
            self.broken = not self.reused
        finally:
            self._patience.end(id(self))
        self._heed(bytes(answer), first_s - asked_s)
        self._left -= len(answer)
        self.received += len(answer)
        if not answer:
            raise Stopped(outcome, note)
        return bytes(answer)

    def _heed(self, answer: bytes, seconds: float) -> None:
        """Let how the answer came say how the device is; a port that need not answer says nothing of it."""
        if self.broken or (self.stalled and not self._doubtful and not self.reused):
            self._dealings.temper.failed()
        elif answer:
            self._dealings.answered(answer, seconds)

    async def _send(self, data: bytes, end_s: float) -> None:
        self.sent += len(data)
        while data:
            try:
                data = data[self._line.send(data) :]
            except (BlockingIOError, ssl.SSLWantWriteError):
                await self._ready(WRITE, end_s)
            except ssl.SSLWantReadError:
                await self._ready(READ, end_s)

    async def _receive(self, size: int, end_s: float, *, first: bool) -> bytes:
        if self._line is self._sock:
            # A plain socket has nothing yet right after a question; TLS may hold bytes that were read before.
            await (self._first(end_s) if first else self._ready(READ, end_s))
        nothing = Drip(end_s)
        while True:
            try:
                chunk = self._line.recv(size)
            except (BlockingIOError, ssl.SSLWantReadError):
                await nothing.next()
                await (self._first(end_s) if first else self._ready(READ, end_s))
            except ssl.SSLWantWriteError:
                await self._ready(WRITE, end_s)
            except ssl.SSLError:
                # Old cameras end TLS without close_notify; what came before is still good.
                return b""
            else:
                if first:
                    self._patience.heard(id(self))
                return chunk

    async def _first(self, end_s: float) -> None:
        """Wait for a first byte for as long as that is worth while; raises TimeoutError."""
        while True:
            look_s = min(end_s, _clock() + LOOK_AGAIN_S)
            if await ready(self._sock, READ, look_s):
                return
            if _clock() >= end_s or not self._patience.worth_while(id(self), doubtful=self._doubtful):
                raise TimeoutError

    async def _ready(self, events: int, end_s: float) -> None:
        if not await ready(self._sock, events, end_s):
            raise TimeoutError

    def _end_s(self) -> float:
        left_s = min(self._answer_s, self._deadline_s - time.monotonic())
        return _clock() + max(0.001, left_s)

    def end_use(self) -> None:
        """Let nobody use this connection again (see ``Conversation``)."""
        self.open = False

    def close(self) -> None:
        """Close without waiting for the other side."""
        self.open = False
        with contextlib.suppress(OSError):
            self._sock.close()


def _clock() -> float:
    return asyncio.get_running_loop().time()


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return (error.reason or "not TLS").lower().replace("_", " ")
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).lower()
