"""Scans of recorders that bear little, in a network of their own, and what the recorders say of it.

Run as a program, ``python fragile_fleet.py FOLDER``, this file is what happens inside the namespace.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from camaudit.cli.lowports import in_namespace, raise_loopback
from live_fleet import beside, in_turn, running

SCOPE = "127.79.0.11-14"
CROWD = "127.80.0.0/27"
ACCOUNTS = "- username: auditor\n  password_env: CAMAUDIT_TEST_PASSWORD\n  match: {addresses: [127.79.0.14]}\n"
SCANS = {
    "usual": ("127.79.0.8/29",),
    "again": (SCOPE,),
    "crowded": (SCOPE, CROWD, "--rate", "5000", "--credentials", "accounts.yaml"),
    "gentle": ("127.79.0.11-13", "--gentle"),
}


@dataclass(frozen=True)
class Scanned:
    """One scan: its report, what the recorders logged, and how long it took (seconds)."""

    report: dict[str, Any]
    log: list[dict[str, Any]]
    took_s: float

    @property
    def summaries(self) -> dict[str, dict[str, int]]:
        """Return what each recorder counted."""
        return {entry["device"]: entry["summary"] for entry in self.log if "summary" in entry}

    @property
    def loads(self) -> dict[str, dict[str, int]]:
        """Return what camaudit counted, by address."""
        hosts = self.report["coverage"]["hosts"]
        return {host["address"]: host["load"] for host in hosts if host["load"] is not None}

    @property
    def asked(self) -> dict[str, list[float]]:
        """Return when each recorder was asked over TCP (seconds)."""
        found = collections.defaultdict(list)
        for entry in self.log:
            if entry.get("transport") == "tcp":
                found[entry["device"]].append(datetime.fromisoformat(entry["at"]).timestamp())
        return found


def scanned_once(shared: Path) -> dict[str, Scanned]:
    """Scan the recorders once for all workers, inside a namespace; skip where none may be made."""
    folder = shared / "fragile"
    with in_turn(folder):
        if not (folder / "told.json").is_file():
            command = in_namespace([sys.executable, str(Path(__file__)), str(folder)])
            if command is None:
                pytest.skip("needs user namespaces")
            folder.mkdir(exist_ok=True)
            subprocess.run(command, check=True, timeout=600)
    took = json.loads((folder / "told.json").read_text("utf-8"))
    return {name: _read(folder / name, took_s) for name, took_s in took.items()}


def _read(folder: Path, took_s: float) -> Scanned:
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    log = [json.loads(line) for line in (folder / "requests.jsonl").read_text("utf-8").splitlines()]
    return Scanned(report, log, took_s)


def _inside(folder: Path) -> None:
    raise_loopback()
    took = {}
    for name, arguments in SCANS.items():
        (folder / name / "crowd").mkdir(parents=True)
        (folder / name / "accounts.yaml").write_text(ACCOUNTS, "utf-8")
        with contextlib.ExitStack() as stack:
            stack.enter_context(running(folder / name, "--fleet", "fragile"))
            if CROWD in arguments:
                crowd = ("--multiply", "30", "--network", CROWD)
                stack.enter_context(beside(folder / name / "crowd", *crowd))
            took[name] = _audit(folder / name, *arguments)
    (folder / "told.json").write_text(json.dumps(took), "utf-8")


def _audit(folder: Path, *arguments: str) -> float:
    environment = {
        **os.environ,
        "XDG_DATA_HOME": str(folder / "data"),
        "CAMAUDIT_TEST_PASSWORD": "look-dont-touch-79",
    }
    options = ("--yes", "--quiet", "--format", "json", "--output", "out", "--fail-on", "never")
    command = [sys.executable, "-m", "camaudit", "audit", *arguments, *options]
    began_s = time.monotonic()
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=600)
    return time.monotonic() - began_s


if __name__ == "__main__":
    _inside(Path(sys.argv[1]))
