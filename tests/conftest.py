"""What every test gets: a data folder of its own, and one shared audit of the simulated fleet."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from audited_fleet import Audited, audit_once
from fragile_fleet import Scanned, scanned_once
from hostile_fleet import Besieged, besieged_once
from own_network import enter

FIRST = ("tests/whole/", "tests/lan/", "tests/browser/", "tests/devices/")
"""Where tests mostly wait: begun first, so that the quick ones fill the gaps and none is waited for at the end."""


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes run the tests: more than there are processors, for many tests only wait."""
    return min(8, max(4, 2 * (os.cpu_count() or 1)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the folders whose tests take long first; within a folder the order stays."""
    order = {folder: number for number, folder in enumerate(FIRST)}
    items.sort(
        key=lambda item: next((n for folder, n in order.items() if item.nodeid.startswith(folder)), len(order))
    )


@pytest.fixture(scope="session", autouse=True)
def _own_network() -> None:
    """Keep the processes that run tests out of each other's way, and what they send inside."""
    enter()


# How long an example takes says more of what else the machine does than of the example. They are drawn alike each
# time, so that a change is judged by what it was tried with; ``fuzz/`` looks further.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the whole session away from what the user's own runs have kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_privilege() -> Iterator[None]:
    """Let commands that a test runs in its own process leave it the rights that the tests after it need."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("camaudit.cli.restraint.put_away_privilege", lambda: None)
        yield


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's own store and site file."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="session")
def audited(tmp_path_factory: pytest.TempPathFactory) -> Audited:
    """Return what came of one audit of the whole simulated fleet."""
    mine = tmp_path_factory.getbasetemp()
    return audit_once(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine)


@pytest.fixture(scope="session")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Besieged:
    """Return what came of one scan of the hostile fleet, and of every report of it."""
    mine = tmp_path_factory.getbasetemp()
    return besieged_once(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine)


@pytest.fixture(scope="session")
def fragile(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scanned]:
    """Return what came of several scans of recorders that bear little, by name."""
    mine = tmp_path_factory.getbasetemp()
    return scanned_once(mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine)
