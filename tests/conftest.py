"""What every test may use: a data folder of its own, and the simulated fleet on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from live_fleet import LiveFleet, running


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own store and site file."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def live_fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveFleet]:
    """Start the whole fleet on 127.77.0.0/24; its tests share one worker (xdist group "fleet")."""
    with running(tmp_path_factory.mktemp("fleet")) as fleet:
        yield fleet
