"""The ground goes away under a scan: an adapter that is pulled out and put in again, an address that changes."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from lan.fleet import cameras, layout, limits
from lan.lab import NETWORK, SCANNER, Lab, why_not


@pytest.fixture(scope="module", autouse=True)
def possible() -> None:
    if why_not():
        pytest.skip(why_not())


def run(lab: Lab, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = lab.scanning(sys.executable, "-m", "camaudit", *arguments, "--store", "sqlite:///runs.sqlite3")
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)


def begun(lab: Lab, folder: Path, rate: str) -> subprocess.Popen[str]:
    """Start a scan and wait until something is stored."""
    command = lab.scanning(sys.executable, "-m", "camaudit", "scan", NETWORK, "--yes", "--rate", rate)
    command += ["--store", "sqlite:///runs.sqlite3"]
    scan = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end_s = time.monotonic() + 40
    wal = folder / "runs.sqlite3-wal"
    while time.monotonic() < end_s and not (wal.is_file() and wal.stat().st_size > 200_000):
        time.sleep(0.05)
    return scan


def report(lab: Lab, folder: Path) -> dict[str, Any]:
    made = run(lab, folder, "report", "--format", "json", "--output", "out")
    assert made.returncode in (0, 1, 4), made.stderr
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8")))


def test_a_scan_goes_on_when_the_adapter_is_back(tmp_path: Path) -> None:
    with Lab() as lab, cameras(lab, layout(12), tmp_path):
        scan = begun(lab, tmp_path, "120")
        lab.address("del", f"{SCANNER}/24")
        _, said = scan.communicate(timeout=20)
        assert scan.returncode == 3
        assert "went away during the scan" in said
        assert "camaudit scan --resume" in said
        assert len(said.strip().splitlines()) == 1
        early = report(lab, tmp_path)
        assert early["coverage"]["unasked"] > 0
        assert "went away" in limits(early)
        # Without the network it says so, and stores no silence
        still = run(lab, tmp_path, "scan", "--resume")
        assert still.returncode == 3
        assert "no longer in 198.51.100.0/24" in still.stderr
        lab.address("add", f"{SCANNER}/24")
        done = run(lab, tmp_path, "scan", "--resume", "--rate", "900")
        assert done.returncode == 0, done.stderr
        late = report(lab, tmp_path)
    assert late["coverage"]["unasked"] == 0
    assert late["coverage"]["answered"] == 12
    assert "went away" not in limits(late)


def test_a_cable_that_is_pulled_ends_the_scan_though_the_address_stays(tmp_path: Path) -> None:
    with Lab() as lab, cameras(lab, layout(12), tmp_path):
        scan = begun(lab, tmp_path, "120")
        lab.cable("down")
        _, said = scan.communicate(timeout=20)
        assert scan.returncode == 3, said
        assert "went away during the scan" in said
        still = run(lab, tmp_path, "scan", "--resume")
        assert still.returncode == 3
        assert "no longer in 198.51.100.0/24" in still.stderr
        lab.cable("up")
        done = run(lab, tmp_path, "scan", "--resume", "--rate", "900")
        assert done.returncode == 0, done.stderr
        late = report(lab, tmp_path)
    assert (late["coverage"]["unasked"], late["coverage"]["answered"]) == (0, 12)


def test_an_address_that_changes_is_said_and_all_are_found(tmp_path: Path) -> None:
    with Lab() as lab, cameras(lab, layout(12), tmp_path):
        scan = begun(lab, tmp_path, "160")
        lab.address("add", "198.51.100.252/24")
        lab.address("del", f"{SCANNER}/24")
        lab.address("add", "198.51.100.252/24")
        _, said = scan.communicate(timeout=90)
        assert scan.returncode == 0, said
        told = report(lab, tmp_path)
    assert told["coverage"]["answered"] == 12
    assert f"changed from {SCANNER} to 198.51.100.252" in limits(told)
