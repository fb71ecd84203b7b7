"""The program as its user runs it, on a store of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from camaudit.cli.main import program

Run = Callable[..., tuple[int, Any]]


@pytest.fixture
def camaudit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the store; of ``diff`` return its JSON."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, Any]:
        more = ("--format", "json") if arguments[0] == "diff" else ("--quiet",)
        command = [*arguments, *more, "--store", f"sqlite:///{tmp_path / 'runs.sqlite3'}"]
        done = CliRunner().invoke(program(command), command)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, json.loads(done.stdout) if arguments[0] == "diff" else done.stdout

    return run
