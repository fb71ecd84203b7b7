"""A host with open ports that said nothing is asked once more when all else is done: it may have been busy."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from functools import partial

import pytest

from camaudit.model import Load, Observation, Outcome
from camaudit.net.gate import Gate
from camaudit.net.scope import parse_scope
from camaudit.scan import ScanOptions, scan
from camaudit.scan.ports import Speaks

BUSY, OTHER = "127.83.8.1", "127.83.8.2"
PAGE = b"HTTP/1.1 200 OK\r\nServer: acme\r\nContent-Length: 2\r\n\r\nok"


class Kept:
    """A sink and a watcher that keep what they get."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []
        self.ends: list[tuple[str, str]] = []

    def observation(self, observation: Observation) -> None:
        self.seen.append(observation)

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        self.ends.append((address, outcome))

    def swept(self, *_: object) -> None:
        pass

    began = found = phase = stage = told = swept


class Server:
    """Answers every connection, but the first ``dumb`` of them never."""

    def __init__(self, dumb: int) -> None:
        self.dumb = dumb
        self.connections = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            self.connections += 1
            dumb = self.connections <= self.dumb
            while await reader.readuntil(b"\r\n\r\n"):
                if not dumb:
                    writer.write(PAGE)
                    await writer.drain()
        writer.close()


def scanned(dumb: int, monkeypatch: pytest.MonkeyPatch) -> tuple[Kept, Server]:
    kept, busy = Kept(), Server(dumb)

    async def run() -> None:
        first = await asyncio.start_server(busy, BUSY, 0)
        port = first.sockets[0].getsockname()[1]
        await asyncio.start_server(Server(0), OTHER, port)
        options = ScanOptions(rate=5000, ports={port: Speaks.HTTP}, multicast=False)
        await scan(parse_scope([BUSY, OTHER]), kept, options, now=lambda: datetime.now(UTC), watcher=kept)

    monkeypatch.setattr("camaudit.scan.run.Gate", partial(Gate, answer_s=0.4))
    asyncio.run(run())
    return kept, busy


def test_a_host_that_was_busy_is_heard_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, _ = scanned(1, monkeypatch)
    pages = [o for o in kept.seen if o.probe == "http" and o.target.address == BUSY]
    assert [o.outcome for o in pages] == [Outcome.SILENT, Outcome.ANSWERED]


def test_a_host_that_stays_mute_is_asked_twice_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, _ = scanned(99, monkeypatch)
    pages = [o for o in kept.seen if o.probe == "http" and o.target.address == BUSY]
    assert [o.outcome for o in pages] == [Outcome.SILENT, Outcome.SILENT]
