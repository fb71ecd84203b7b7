"""Quiet hours as their operator meets them: nothing is sent, it is said, and what was ended goes on later."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audited_fleet import camaudit
from live_fleet import running

CLONES = ("--multiply", "4", "--network", "127.80.0.0/24", "--shift", "20000")
SCAN = ("127.80.0.1-4", "--yes", "--ports", "20080,20554")


def around_now() -> str:
    now = datetime.now(UTC)
    begin, end = now - timedelta(hours=2), now + timedelta(hours=2)
    return f"{begin:%H:%M}-{end:%H:%M} UTC"


def later() -> str:
    now = datetime.now(UTC)
    return f"{now + timedelta(hours=6):%H:%M}-{now + timedelta(hours=8):%H:%M} UTC"


def test_a_scan_waits_in_quiet_hours_also_when_it_is_resumed_and_goes_on_outside_of_them(tmp_path: Path) -> None:
    scan = [sys.executable, "-m", "camaudit", "scan"]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    with running(tmp_path, *CLONES) as fleet:
        for command in ([*scan, *SCAN, "--quiet-hours", around_now()], [*scan, "--resume"]):
            waiting = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
            assert waiting.stderr is not None
            said = waiting.stderr.readline()
            assert "quiet hours" in said
            assert "nothing is sent until" in said
            time.sleep(1)
            assert fleet.requests() == [], "not even a multicast search"
            waiting.send_signal(signal.SIGINT)
            waiting.communicate(timeout=20)
            assert fleet.requests() == []
        # Those that are given anew take the place of those that the scan was begun with
        done = camaudit("scan", "--resume", "--quiet-hours", later(), cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert "4 of 4 addresses answered" in done.stdout
        assert len(fleet.requests()) > 8


def test_the_quiet_hours_of_the_site_hold_too(tmp_path: Path) -> None:
    site = f"schema: camaudit/site@1\nname: St Example\nquiet_hours: ['{around_now()}']\n"
    (tmp_path / "site.yaml").write_text(site, "utf-8")
    command = [sys.executable, "-m", "camaudit", "scan", *SCAN]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    waiting = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    assert waiting.stderr is not None
    assert "quiet hours" in waiting.stderr.readline()
    waiting.send_signal(signal.SIGINT)
    waiting.communicate(timeout=20)


def test_outside_of_them_nothing_waits(tmp_path: Path) -> None:
    with running(tmp_path, *CLONES):
        done = camaudit("scan", *SCAN, "--quiet-hours", later(), "--store", "sqlite:///r.sqlite3", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stderr == ""


def test_what_cannot_be_kept_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text("schema: camaudit/site@1\nname: x\nquiet_hours: [noon]\n", "utf-8")
    for arguments in (
        ("--quiet-hours", "8 to 4", "--site", str(tmp_path / "none.yaml")),
        ("--quiet-hours", "00:00-12:00", "--quiet-hours", "12:00-24:00"),
        (),
    ):
        done = camaudit("scan", "192.0.2.1", "--yes", *arguments, cwd=tmp_path)
        assert done.returncode == 2, (arguments, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1
    assert "site.yaml:3" in done.stderr


def test_a_gentle_scan_of_the_clones_finds_them_too(tmp_path: Path) -> None:
    with running(tmp_path, *CLONES):
        done = camaudit("audit", "127.80.0.1-2", "--yes", "--ports", "20080,20554", "--gentle", "--format", "json",
            "--fail-on", "never", "--store", "sqlite:///r.sqlite3", cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    report = json.loads((tmp_path / "camaudit-out" / "report.json").read_text("utf-8"))
    assert report["coverage"]["heaviest"]["at_once"] == 1
    assert report["coverage"]["answered"] == 2
