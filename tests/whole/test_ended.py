"""Ctrl-C, kill and a terminal that goes away: in order at first, at once when asked again, and never a trace."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from audited_fleet import camaudit
from killing import command, environment, requests, stored, wait_for
from live_fleet import LiveFleet, running

CLONES = ("--multiply", "40", "--network", "127.80.0.0/24", "--shift", "20000")
URL = "sqlite:///runs.sqlite3"
SCAN = ("scan", "127.80.0.1-40", "--yes", "--rate", "60", "--ports", "20080,20554,20443")


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveFleet]:
    with running(tmp_path_factory.mktemp("fleet"), *CLONES) as fleet:
        yield fleet


def begun(folder: Path, fleet: LiveFleet, *, terminal: int | None = None) -> subprocess.Popen[str]:
    """Start a scan and wait until devices are being asked."""
    arguments = command(*SCAN, "--store", URL)
    out = terminal if terminal is not None else subprocess.PIPE
    # Outside of our own session: what it is sent is for it alone
    process = subprocess.Popen(
        ["setsid", *arguments], cwd=folder, env=environment(folder), stdout=out, stderr=out, text=True
    )
    # What the scan before left to be written must not be taken for this one's
    wait_for(lambda: (folder / "runs.sqlite3").exists() or process.poll() is not None)
    size = fleet.log.stat().st_size
    wait_for(lambda: fleet.log.stat().st_size > size + 2000 or process.poll() is not None)
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_in_order_and_keeps_everything(number: int, tmp_path: Path, fleet: LiveFleet) -> None:
    process = begun(tmp_path, fleet)
    told = {entry["address"] for entry in requests(fleet.log)[-5:]}
    process.send_signal(number)
    _, said = process.communicate(timeout=10)
    assert process.returncode == 3
    assert said.startswith("camaudit: stopped; what was collected is kept")
    assert len(said.strip().splitlines()) == 1
    kept = stored(tmp_path / "runs.sqlite3")
    assert kept.facts
    assert told
    report = camaudit("report", "--store", URL, "--format", "json", cwd=tmp_path)
    assert report.returncode in (0, 1), report.stderr
    coverage = json.loads((tmp_path / "camaudit-out" / "report.json").read_text("utf-8"))["coverage"]
    assert coverage["unasked"] > 0
    # Every host that has told something has its line, and what is missing there is said
    begun_hosts = {address for address, _, _ in kept.facts if address.startswith("127.80.")} - kept.hosts
    lines = {host["address"]: host for host in coverage["hosts"]}
    assert begun_hosts <= lines.keys()
    assert all("camaudit scan --resume" in " ".join(lines[address]["notes"]) for address in begun_hosts)


def test_asked_twice_it_ends_at_once(tmp_path: Path, fleet: LiveFleet) -> None:
    process = begun(tmp_path, fleet)
    # Held up by a store that is locked, it would take long to end in order
    store = tmp_path / "runs.sqlite3"
    lock = subprocess.Popen(
        [*command()[:1], "-c", _LOCK, str(store)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert lock.stdout is not None
        assert lock.stdout.readline() == "locked\n"
        time.sleep(0.6)
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
        began_s = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=10)
        assert time.monotonic() - began_s < 2
    finally:
        lock.communicate("")
    assert process.returncode == 3
    assert said.strip() == "camaudit: stopped at once; what was stored is kept"
    stored(store)


_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=30)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


def test_a_terminal_that_goes_away_ends_it_in_order(tmp_path: Path, fleet: LiveFleet) -> None:
    ours, theirs = pty.openpty()
    process = begun(tmp_path, fleet, terminal=theirs)
    os.close(theirs)
    os.close(ours)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=15) == 3
    assert stored(tmp_path / "runs.sqlite3").facts


def test_nohup_is_heeded(tmp_path: Path, fleet: LiveFleet) -> None:
    arguments = ["nohup", *command("scan", "127.80.0.1-3", "--yes", "--rate", "60", "--ports", "20080,20554")]
    process = subprocess.Popen(arguments, cwd=tmp_path, env=environment(tmp_path), stderr=subprocess.DEVNULL)
    size = fleet.log.stat().st_size
    wait_for(lambda: fleet.log.stat().st_size > size or process.poll() is not None)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=60) == 0
