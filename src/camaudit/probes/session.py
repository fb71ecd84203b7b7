"""Several requests over one connection, opened again where the other side closed it.

In go request bytes, out comes one ``Message`` each; what is not the protocol ends in ``Stopped``.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Self

from camaudit.model import Outcome
from camaudit.net.wire import REPLY_LIMIT, Conversation, Host, Stopped, Tls
from camaudit.probes.framing import Framing
from camaudit.probes.message import Message, named, read

AGENT = "camaudit"

KEPT = 16
"""Bytes that are kept of an answer which another protocol spoke."""


class Session:
    """A conversation with one port. ``protocol`` is ``HTTP`` or ``RTSP``; ``tls_seen`` what a handshake showed."""

    def __init__(self, host: Host, port: int, *, tls: bool = False, protocol: str = "HTTP") -> None:
        # RFC 6874 section 1: an interface's name means something on this machine only, and is not sent.
        plain = host.address.partition("%")[0]
        self.authority = f"[{plain}]:{port}" if ":" in plain else f"{plain}:{port}"
        self.scheme = "https" if tls else protocol.lower()
        self.address = plain
        self.port = port
        self.tls_seen: Tls | None = None
        self._host = host
        self._tls = tls
        self._protocol = protocol
        self._talk: AbstractAsyncContextManager[Conversation] | None = None
        self._conversation: Conversation | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close(error)

    async def get(self, path: str) -> Message:
        """GET a path; raises ``Stopped``."""
        return await self.ask(self.request(path))

    def request(self, path: str, *headers: str) -> bytes:
        """Return the bytes that GET a path, with whole header lines added."""
        more = "".join(f"{line}\r\n" for line in headers)
        return (
            f"GET {path} HTTP/1.1\r\nHost: {self.authority}\r\nUser-Agent: {AGENT}\r\nAccept: */*\r\n"
            f"{more}Accept-Encoding: identity\r\nConnection: keep-alive\r\n\r\n".encode()
        )

    async def get_or_none(self, path: str) -> Message | None:
        """GET a path that is worth a try; ``None`` where nothing came of it."""
        try:
            return await self.get(path)
        except Stopped:
            return None

    async def ask(self, request: bytes) -> Message:
        """Send one request and read its answer; raises ``Stopped``, ``malformed`` where another protocol spoke."""
        return await self._message(await self._answer(request))

    async def ask_once(self, request: bytes, *, fresh: bool = True, limit: int = REPLY_LIMIT) -> Message:
        """Send one request once, whatever comes of it; raises ``Stopped`` as ``ask`` does.

        ``fresh`` sends it over a connection that nothing was sent over: one that was kept may be dead already, and
        then nobody knows whether the request arrived.
        """
        if fresh:
            await self._end_use()
        conversation = await self._open()
        while fresh and conversation.reused:
            await self._end_use()
            conversation = await self._open()
        try:
            data = await conversation.ask(request, Framing(limit), limit=limit)
        except Stopped as stopped:
            await self._close(stopped)
            raise
        return await self._message(data, limit)

    async def _message(self, data: bytes, limit: int = REPLY_LIMIT) -> Message:
        message = read(data, limit=limit)
        if message is None or message.protocol != self._protocol:
            await self._end_use()
            raise Stopped(Outcome.MALFORMED, f"answered with {named(data)}, not {self._protocol}", data[:KEPT])
        if not message.reusable:
            await self._end_use()
        return message

    async def _answer(self, request: bytes) -> bytes:
        again = self._conversation is not None and self._conversation.open
        conversation = await self._open()
        try:
            return await conversation.ask(request, Framing())
        except Stopped as stopped:
            await self._close(stopped)
            # A server may close a kept connection at any time without a word, and some that promise to keep one
            # then say nothing on it: that is no answer to this request.
            if not conversation.reused and (not again or stopped.outcome is Outcome.SILENT):
                raise
        try:
            return await (await self._open()).ask(request, Framing())
        except Stopped as stopped:
            await self._close(stopped)
            raise

    async def _open(self) -> Conversation:
        if self._conversation is not None and self._conversation.open:
            return self._conversation
        await self._close()
        talk = self._host.talk(self.port, tls=self._tls)
        self._conversation = await talk.__aenter__()
        self._talk = talk
        self.tls_seen = self._conversation.tls or self.tls_seen
        return self._conversation

    async def _end_use(self) -> None:
        if self._conversation is not None:
            self._conversation.end_use()
        await self._close()

    async def _close(self, error: BaseException | None = None) -> None:
        talk, self._talk, self._conversation = self._talk, None, None
        if talk is not None:
            # The gate counts silent ports by the error that passes through it.
            await talk.__aexit__(type(error) if error else None, error, error.__traceback__ if error else None)
