"""The network of the tests: a host that answers from a transcript, behind the same interface as the gate's."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from camaudit.model import Outcome
from camaudit.net.wire import REPLY_LIMIT, Complete, Sender, Stopped, Tls

Answer = Callable[[str, int, bytes, bool], bytes | None]
"""(transport, port, request, tls) to the answer, or ``None`` for silence; ``b""`` refuses."""


@dataclass(slots=True)
class ReplayConversation:
    """One connection of the transcript."""

    answer: Answer
    port: int
    tls: Tls | None
    open: bool = True
    reused: bool = False
    requests: list[bytes] = field(default_factory=list)

    def end_use(self) -> None:
        """Close; a transcript has no connection to spare."""
        self.open = False

    async def ask(self, request: bytes, complete: Complete, *, limit: int = REPLY_LIMIT) -> bytes:
        """Return what the transcript holds for this request."""
        self.requests.append(request)
        data = self.answer("tcp", self.port, request, self.tls is not None)
        if not data:
            self.open = False
            raise Stopped(Outcome.SILENT, "no answer in the transcript")
        return data[:limit]


@dataclass(slots=True)
class ReplayHost:
    """A host whose answers were recorded; nothing is sent."""

    address: str
    answer: Answer
    ports: frozenset[int]
    certificate: Tls = field(default_factory=lambda: Tls("TLSv1.2", b""))
    conversations: list[ReplayConversation] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def talk(self, port: int, *, tls: bool = False) -> AsyncIterator[ReplayConversation]:
        """Open a recorded port."""
        if port not in self.ports:
            raise Stopped(Outcome.REFUSED, "the port is closed")
        conversation = ReplayConversation(self.answer, port, self.certificate if tls else None)
        self.conversations.append(conversation)
        yield conversation

    @property
    def sender(self) -> Sender:
        """Nobody in particular: a transcript does not care who asks."""
        return Sender()

    async def datagram(
        self, port: int, payload: bytes, *, wait_s: float, reply_port: int = 0
    ) -> tuple[bytes, ...]:
        """Answer one datagram from the transcript."""
        data = self.answer("udp", port, payload, False)
        if data is None:
            raise Stopped(Outcome.SILENT, "no answer in time")
        return (data,)
