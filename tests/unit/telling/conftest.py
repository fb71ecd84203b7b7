"""A site that is visited several times, and the program as its user runs it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from camaudit.cli.main import program
from receiving import Certified, certify

sys.path.insert(0, str(Path(__file__).parent.parent / "changes"))

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'runs.sqlite3'}"


@pytest.fixture
def run(url: str) -> Run:
    """Run a command on the store of this test; return its code and what it printed."""

    def act(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(program(arguments), [*arguments, "--store", url])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return act


@pytest.fixture(scope="session")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Certified:
    return certify(tmp_path_factory.mktemp("pki"), "127.0.0.1", "localhost")
