"""The fleet, loaded once for all tests of the simulator."""

from __future__ import annotations

import pytest

from camaudit.simulator import Fleet, load_fleet


@pytest.fixture(scope="session")
def fleet() -> Fleet:
    return load_fleet()
