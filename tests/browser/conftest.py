"""A browser for the tests of this folder, skipped with a reason where there is none."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

# The builders of reports lie with the unit tests of the reports.
sys.path.append(str(Path(__file__).parent.parent / "unit" / "report"))

from chromium import Chromium


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """Start Chromium once for all tests."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on PATH; install it to test the page in a browser")
    running = Chromium(program, tmp_path_factory.mktemp("chromium"))
    try:
        yield running
    finally:
        running.close()
