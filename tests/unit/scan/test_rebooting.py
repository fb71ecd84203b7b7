"""A device that goes away while it is asked: left alone for a while, then asked only the rest, or named."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import pytest

from camaudit.model import Load, Observation, Outcome
from camaudit.net.manners import USUAL, Manners
from camaudit.net.scope import parse_scope
from camaudit.scan import GENTLE, ScanOptions, scan
from camaudit.scan.ports import Speaks

ADDRESS = "127.83.9.1"
PAGE = b"HTTP/1.1 200 OK\r\nServer: acme\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


class Kept:
    """A sink and a watcher that keep what they get."""

    def __init__(self) -> None:
        self.seen: list[Observation] = []
        self.ends: list[tuple[str, tuple[str, ...]]] = []
        self.loads: list[Load | None] = []

    def observation(self, observation: Observation) -> None:
        self.seen.append(observation)

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        self.ends.append((outcome, notes))
        self.loads.append(load)

    def swept(self, *_: object) -> None:
        pass

    began = found = phase = stage = told = swept


class Device:
    """Gives its front page, reboots at the question after it, and is back ``away_s`` later, if at all."""

    def __init__(self, away_s: float | None) -> None:
        self.asked: list[str] = []
        self.port = 0
        self._away_s = away_s
        self._has_rebooted = False
        self._listening: asyncio.Server | None = None
        self._coming_back: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._listening = await asyncio.start_server(self._answer, ADDRESS, self.port)
        self.port = self._listening.sockets[0].getsockname()[1]

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            asked = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n")[0].decode()
            self.asked.append(asked)
            writer.write(PAGE)
            await writer.drain()
            writer.close()
            if not self._has_rebooted and self._listening is not None:
                self._has_rebooted = True
                self._listening.close()
                self._coming_back = asyncio.create_task(self._come_back())

    async def _come_back(self) -> None:
        if self._away_s is not None:
            await asyncio.sleep(self._away_s)
            await self.start()


def scanned(
    away_s: float | None, monkeypatch: pytest.MonkeyPatch, manners: Manners = USUAL
) -> tuple[Kept, Device]:
    kept, device = Kept(), Device(away_s)

    async def run() -> None:
        await device.start()
        ports = {device.port: Speaks.HTTP}
        options = ScanOptions(rate=5000, ports=ports, multicast=False, manners=manners)
        await scan(parse_scope([ADDRESS]), kept, options, now=lambda: datetime.now(UTC), watcher=kept)

    monkeypatch.setattr("camaudit.scan.hosts._BACK_S", 1.0)
    asyncio.run(run())
    return kept, device


def test_a_device_that_comes_back_is_asked_the_rest_and_nothing_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, device = scanned(0.5, monkeypatch)
    assert len(device.asked) == len(set(device.asked)), "it was asked again for what it had told"
    assert any("ISAPI" in asked for asked in device.asked)
    pages = [o for o in kept.seen if o.probe == "http"]
    assert [o.outcome for o in pages] == [Outcome.ANSWERED]
    ((outcome, notes),) = kept.ends
    assert outcome == "answered"
    assert any("came back" in note for note in notes)
    (load,) = kept.loads
    assert load is not None
    assert load.requests >= len(device.asked), "the load is that of both looks"


def test_a_device_that_stays_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, device = scanned(None, monkeypatch)
    assert len(device.asked) == 1
    ((outcome, notes),) = kept.ends
    assert outcome == "answered"
    assert any("stopped answering" in note for note in notes)


def test_a_device_that_is_asked_gently_is_left_alone_once_it_went_away(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, device = scanned(0.1, monkeypatch, GENTLE)
    assert len(device.asked) == 1
    ((outcome, notes),) = kept.ends
    assert outcome == "answered"
    assert any("stopped answering" in note for note in notes)
