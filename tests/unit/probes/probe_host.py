"""A host that answers from a table, and bytes to try parsers on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from hypothesis import strategies as st

from camaudit.model import Observation, Outcome
from camaudit.net.wire import REPLY_LIMIT, Complete, Sender, Stopped, Tls

T = TypeVar("T")
Answer = bytes | Stopped
CLOSED = Stopped(Outcome.REFUSED, "the connection was closed without an answer")


def now() -> datetime:
    return datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def run(work: Coroutine[object, object, T]) -> T:
    return asyncio.run(work)


def page(status: str, body: bytes = b"", *headers: str) -> bytes:
    """An HTTP answer with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass
class FakeConversation:
    host: FakeHost
    tls: Tls | None
    open: bool = True
    reused: bool = False
    asked: int = 0

    def end_use(self) -> None:
        self.open = False

    async def ask(self, request: bytes, complete: Complete, *, limit: int = REPLY_LIMIT) -> bytes:
        self.host.asked.append(request)
        if self.asked >= self.host.per_connection:
            raise CLOSED
        self.asked += 1
        answer = next((answer for start, answer in self.host.tcp.items() if request.startswith(start)), CLOSED)
        if isinstance(answer, Stopped):
            raise answer
        self.host.completed.append(complete(answer))
        return answer[:limit]


@dataclass
class FakeHost:
    """``tcp`` maps the start of a request to its answer; ``udp`` holds the answers to each datagram in turn."""

    tcp: Mapping[bytes, Answer] = field(default_factory=dict)
    udp: list[tuple[bytes, ...] | Stopped] = field(default_factory=list)
    tls: Tls | None = None
    refuses: Stopped | None = None
    per_connection: int = 100
    address: str = "192.0.2.10"
    asked: list[bytes] = field(default_factory=list)
    completed: list[bool] = field(default_factory=list)
    connections: int = 0
    seen: list[BaseException] = field(default_factory=list)

    @asynccontextmanager
    async def talk(self, port: int, *, tls: bool = False) -> AsyncIterator[FakeConversation]:
        if self.refuses is not None:
            raise self.refuses
        self.connections += 1
        try:
            yield FakeConversation(self, self.tls if tls else None)
        except Stopped as stopped:
            self.seen.append(stopped)
            raise

    @property
    def sender(self) -> Sender:
        return Sender("192.0.2.1", "02:00:00:00:00:01")

    async def datagram(
        self, port: int, payload: bytes, *, wait_s: float, reply_port: int = 0
    ) -> tuple[bytes, ...]:
        self.asked.append(payload)
        answer = self.udp.pop(0) if self.udp else Stopped(Outcome.SILENT, "no answer in time")
        if isinstance(answer, Stopped):
            raise answer
        return answer


def paths(host: FakeHost) -> list[str]:
    """The method and path of everything that was asked."""
    return [b" ".join(request.split(b" ")[:2]).decode() for request in host.asked]


def only(observations: tuple[Observation, ...]) -> Observation:
    assert len(observations) == 1
    return observations[0]


def mangled(*samples: bytes) -> st.SearchStrategy[bytes]:
    """Real answers cut, joined and broken by any bytes, and any bytes alone."""

    @st.composite
    def broken(draw: st.DrawFn) -> bytes:
        data = draw(st.sampled_from(samples))
        first, second = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
        return data[:first] + draw(st.binary(max_size=60)) + data[second:]

    return st.one_of(st.binary(max_size=400), broken())


def is_bounded(fields: Mapping[str, tuple[str, ...]]) -> bool:
    """What every observation keeps to."""
    return all(
        0 < len(values) <= 64 and all(0 < len(value) <= 8192 and "\0" not in value for value in values)
        for values in fields.values()
    )
