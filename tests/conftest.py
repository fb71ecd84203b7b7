"""What every test may use: a store of its own, and a simulated fleet on loopback started once a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class LiveFleet:
    """A running simulator: what it really is, and everything it was asked so far."""

    truth: dict[str, Any]
    log: Path

    def requests(self) -> list[dict[str, Any]]:
        """Return the log of requests."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own store and site file."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveFleet]:
    """Start the simulated fleet on 127.77.0.0/24; tests that use it run on one worker (group "fleet")."""
    folder = tmp_path_factory.mktemp("fleet")
    truth, log = folder / "truth.json", folder / "requests.jsonl"
    command = [sys.executable, "-m", "camaudit.simulator", "--truth", str(truth), "--log", str(log)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    assert process.stdout is not None
    ready = process.stdout.readline()
    if not ready.startswith("ready"):
        process.kill()
        process.wait()
        pytest.fail(f"the simulator did not start: {ready!r}")
    try:
        yield LiveFleet(json.loads(truth.read_text("utf-8")), log)
    finally:
        process.terminate()
        process.wait(timeout=30)
