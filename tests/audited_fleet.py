"""One audit of the whole simulated fleet, and the program run as its user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from camaudit.cli.lowports import in_namespace, may_bind, raise_loopback
from live_fleet import LiveFleet, in_turn, running

SITE = str(files("camaudit.simulator") / "demo-site.yaml")


@dataclass(frozen=True)
class Audited:
    """The reports of one audit, the store it left, and the fleet it was made of."""

    folder: Path
    store: str
    report: dict[str, Any]
    output: str
    code: int
    fleet: LiveFleet

    @property
    def by_address(self) -> dict[str, dict[str, Any]]:
        """Return the devices of the report by their address."""
        return {device["address"]: device for device in self.report["devices"]}


def camaudit(*arguments: str, cwd: Path, columns: int = 80) -> subprocess.CompletedProcess[str]:
    """Run the program as its user does; the time it gets is a guard against hanging, no measure of it."""
    environment = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1", "XDG_DATA_HOME": str(cwd / "data")}
    command = [sys.executable, "-m", "camaudit", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=600)


def audit_once(shared: Path) -> Audited:
    """Audit 127.77.0.0/24 once for all workers: the first one does it, the others read what came of it."""
    folder = shared / "audited"
    with in_turn(folder):
        if not (folder / "done.json").is_file():
            folder.mkdir(exist_ok=True)
            _audit_with_low_ports(folder)
    done = json.loads((folder / "done.json").read_text("utf-8"))
    fleet = LiveFleet(json.loads((folder / "truth.json").read_text("utf-8")), folder / "requests.jsonl")
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    return Audited(folder, _store(folder), report, done["output"], done["code"], fleet)


def _audit_with_low_ports(folder: Path) -> None:
    """Audit here where port 80 may be had, else in a user namespace; skip where there is neither."""
    if may_bind(80):
        _audit(folder)
        return
    command = in_namespace([sys.executable, str(Path(__file__)), str(folder)])
    if command is None:
        pytest.skip("needs ports below 1024: run as root, or where user namespaces are allowed")
    subprocess.run(command, check=True, timeout=600)


def _store(folder: Path) -> str:
    return f"sqlite:///{folder / 'runs.sqlite3'}"


def _audit(folder: Path) -> None:
    with running(folder):
        done = camaudit(
            "audit", "127.77.0.0/24", "--yes", "--rate", "5000", "--site", SITE, "--store", _store(folder),
            "--output", "out",
            cwd=folder,
        )  # fmt: skip
    assert done.stderr == ""
    (folder / "done.json").write_text(json.dumps({"output": done.stdout, "code": done.returncode}), "utf-8")


if __name__ == "__main__":
    raise_loopback()
    _audit(Path(sys.argv[1]))
