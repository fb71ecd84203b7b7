"""A disk that fills up in the middle of a scan: one line, nothing finished is lost, and with room it goes on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from live_fleet import running

PROGRAM = Path(__file__).parents[1] / "faults" / "full_disk.py"
CLONES = ("--multiply", "40", "--network", "127.80.0.0/24", "--shift", "20000")


def in_mount_namespace() -> list[str]:
    """Return how a command begins that may mount; skip the test where none may."""
    as_root = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    wrap = ["unshare", *as_root, "--mount", "--"]
    tried = shutil.which("unshare") and subprocess.run(
        [*wrap, "mount", "-t", "tmpfs", "none", "/mnt"], check=False
    )
    if not tried or tried.returncode:
        pytest.skip("needs a mount namespace (root, or where user namespaces are allowed)")
    return wrap


def test_a_full_disk_loses_nothing_that_was_finished(tmp_path: Path) -> None:
    wrap = in_mount_namespace()
    environment = {**os.environ, "NO_COLOR": "1", "XDG_DATA_HOME": str(tmp_path / "data")}
    with running(tmp_path, *CLONES) as fleet:
        arguments = [sys.executable, str(PROGRAM), str(tmp_path), "127.80.0.1-40", "20080,20554,20443"]
        done = subprocess.run([*wrap, *arguments], capture_output=True, text=True, timeout=600, env=environment)
        assert done.returncode == 0, done.stderr
        assert fleet.requests()
    said: dict[str, Any] = json.loads(done.stdout)
    # The scan ends soon, with one line that says what to do; so does the next while there is no room
    for step in ("scan", "still", "full"):
        assert said[step]["code"] == 3, said[step]
        assert len(said[step]["said"].strip().splitlines()) == 1, said[step]["said"]
        assert "free some space" in said[step]["said"]
        assert said[step]["took_s"] < 60
    # What was finished by then is whole and can be reported
    early = said["early report"]
    assert said["early"]["code"] in (0, 1), said["early"]
    finished = [host for host in early["coverage"]["hosts"] if host["outcome"] in ("answered", "refused")]
    assert 0 < len(finished) < 40
    assert early["coverage"]["unasked"] == 40 - len(finished)
    assert any("ended before it was complete" in notice for notice in early["notices"])
    # With room again the scan goes on and finishes
    assert said["resume"]["code"] == 0, said["resume"]
    late = said["late report"]["coverage"]
    assert late["answered"] + late["refused"] == 40
    assert late["unasked"] == 0
    assert {host["address"] for host in finished} <= {host["address"] for host in late["hosts"]}
    # A report for which there is no room leaves the one before it as it was, and no scraps
    assert said["late"]["code"] in (0, 1), said["late"]
    assert said["untouched"]
    assert said["scraps"] == []
    assert min(said["reports"].values()) > 0
