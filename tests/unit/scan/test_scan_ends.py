"""What ends a scan in its middle comes out as itself, whichever host it hit, and what was taken before is kept."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from camaudit.errors import StoreError
from camaudit.model import Load, Observation
from camaudit.net.scope import parse_scope
from camaudit.scan import ScanOptions, scan


class FullDisk:
    """A sink that takes so many observations and then no more; also a watcher that looks away."""

    def __init__(self, room: int) -> None:
        self.taken: list[Observation] = []
        self._room = room

    def observation(self, observation: Observation) -> None:
        if len(self.taken) == self._room:
            raise StoreError("the disk is full")
        self.taken.append(observation)

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        pass

    def swept(self, *_: object) -> None:
        pass

    began = found = phase = stage = told = swept


@pytest.mark.parametrize("room", [0, 3])
def test_a_full_disk_ends_the_scan_as_a_store_error(room: int) -> None:
    sink = FullDisk(room)
    scope = parse_scope(["127.83.7.1-30"])

    async def run() -> None:
        options = ScanOptions(rate=100_000, ports={9: ScanOptions().ports[80]})
        await scan(scope, sink, options, now=lambda: datetime.now(UTC), watcher=sink)

    with pytest.raises(StoreError, match="disk is full"):
        asyncio.run(run())
    assert len(sink.taken) == room
