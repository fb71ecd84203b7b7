"""A scan that is killed and resumed ends as one that was not, and asks no finished host twice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from audited_fleet import camaudit
from live_fleet import running

SCOPE = "127.80.0.1-40"
CLONES = ("--multiply", "40", "--network", "127.80.0.0/24")


def test_a_killed_scan_is_resumed_without_asking_twice(tmp_path: Path) -> None:
    store = tmp_path / "runs.sqlite3"
    url = f"sqlite:///{store}"
    with running(tmp_path, *CLONES, "--shift", "20000") as fleet:
        ports = "20080,20554,20443"
        kill_when_some_hosts_are_stored(store, ["--ports", ports], cwd=tmp_path)
        before = finished(store)
        assert 0 < len(before) < 40
        asked_before = asked(fleet.log)
        report = camaudit("report", "--store", url, "--output", "early", cwd=tmp_path)
        early = json.loads((tmp_path / "early" / "report.json").read_text("utf-8"))
        assert any("ended before it was complete" in notice for notice in early["notices"])
        assert early["coverage"]["unasked"] > 0
        assert report.returncode in (0, 1)
        # When it is resumed
        done = camaudit("scan", "--resume", "--store", url, "--ports", ports, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        asked_again = asked(fleet.log)[len(asked_before) :]
    # Then every host is there, and none that was finished was asked again
    assert len(finished(store)) == 40
    assert not {entry["address"] for entry in asked_again if entry["transport"] == "tcp"} & before
    camaudit("report", "--store", url, "--output", "late", cwd=tmp_path)
    late = json.loads((tmp_path / "late" / "report.json").read_text("utf-8"))
    assert late["coverage"]["unasked"] == 0
    assert late["coverage"]["answered"] + late["coverage"]["refused"] == 40
    assert not any("ended before" in notice for notice in late["notices"])


def test_nothing_to_resume_is_said_in_one_line(tmp_path: Path) -> None:
    done = camaudit("scan", "--resume", cwd=tmp_path)
    assert done.returncode == 2
    assert "nothing to resume" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def kill_when_some_hosts_are_stored(store: Path, options: list[str], *, cwd: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "camaudit",
        "scan",
        SCOPE,
        "--yes",
        "--rate",
        "40",
        "--store",
        f"sqlite:///{store}",
    ]
    process = subprocess.Popen(
        [*command, *options], cwd=cwd, env={**os.environ, "XDG_DATA_HOME": str(cwd / "data")}
    )
    try:
        for _ in range(600):
            time.sleep(0.05)
            if process.poll() is not None or len(finished(store)) >= 3:
                break
        process.send_signal(signal.SIGKILL)
    finally:
        process.kill()
        process.wait(timeout=10)


def finished(store: Path) -> set[str]:
    """Return the addresses of the hosts that the store holds as finished."""
    if not store.is_file():
        return set()
    with sqlite3.connect(store, timeout=5) as connection:
        tables = {row[0] for row in connection.execute("select name from sqlite_master")}
        if "hosts" not in tables:
            return set()
        return {row[0] for row in connection.execute("select address from hosts")}


def asked(log: Path) -> list[dict[str, Any]]:
    lines = log.read_text("utf-8").splitlines()
    return [entry for entry in map(json.loads, lines) if "summary" not in entry]
