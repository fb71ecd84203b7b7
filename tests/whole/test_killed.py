"""Ten times kill -9 in one scan: resumed each time, it ends as an undisturbed one and asks nothing twice."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

from audited_fleet import camaudit
from camaudit.store.volatile import part
from killing import Stored, asked_twice, command, few_files, killed_after, moments, requests, stored
from live_fleet import running

SCOPE = "127.77.0.0/26"
PORTS = "20080,20554,20443,8000,8080,37777,8554,34567,8899,2020"
SHIFTED = ("--shift", "20000", "--shift-below", "1024")
# The first while all are asked at once, the second when that is over, the others anywhere after
MOMENTS = [0.3, 2.4, *moments(20261130, 8, 0.05, 0.5)]


def report_of(store: Path, folder: Path, name: str) -> dict[str, Any]:
    """Return report.json without what is another's in every run: ids, times, nonces, what asking has cost."""
    made = camaudit("report", "--store", f"sqlite:///{store}", "--format", "json", "--output", name, cwd=folder)
    assert made.returncode in (0, 1), made.stderr
    report: dict[str, Any] = json.loads((folder / name / "report.json").read_text("utf-8"))
    for key in ("id", "started", "finished"):
        del report["run"][key]
    del report["coverage"]["heaviest"]
    for host in report["coverage"]["hosts"]:
        del host["load"]
    calm: dict[str, Any] = _calm(report)
    return calm


def _calm(value: Any) -> Any:
    match value:
        case dict():
            return {key: _calm(each) for key, each in value.items()}
        case list():
            return [_calm(each) for each in value]
        case str():
            return part(value)[0]
        case _:
            return value


def test_ten_kills_change_nothing_and_nobody_is_asked_twice(tmp_path: Path) -> None:
    calm, killed = tmp_path / "calm.sqlite3", tmp_path / "killed.sqlite3"
    how = ["--rate", "150", "--ports", PORTS]
    # With few files only some hosts are asked at once, so that some are finished and others not begun
    begin = [*few_files(96), *command("scan", SCOPE, "--yes", *how, "--store", f"sqlite:///{killed}")]
    # How it was asked for is kept with the run
    go_on = [*few_files(96), *command("scan", "--resume", "--store", f"sqlite:///{killed}")]
    befores: list[Stored] = []
    again: list[str] = []
    with running(tmp_path, *SHIFTED) as fleet:
        done = camaudit("scan", SCOPE, "--yes", *how, "--store", f"sqlite:///{calm}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        for seconds in MOMENTS:
            asked = len(requests(fleet.log))
            is_killed = killed_after(seconds, go_on if befores else begin, tmp_path, fleet.log)
            assert is_killed, f"the scan ended before kill {len(befores) + 1}"
            if befores:
                again += asked_twice(befores[-1], requests(fleet.log)[asked:])
            befores.append(stored(killed))
        asked = len(requests(fleet.log))
        done = camaudit("scan", "--resume", "--store", f"sqlite:///{killed}", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        again += asked_twice(befores[-1], requests(fleet.log)[asked:])
    print([(len(b.hosts), len(b.facts), sorted(b.stages)) for b in befores])
    # Nothing that was stored is lost, and nothing that was stored is asked again
    for earlier, later in pairwise(befores):
        assert earlier.hosts <= later.hosts
        assert earlier.facts <= later.facts
    assert 0 < len(befores[-1].hosts) < 40, "the kills were not in the middle of the scan"
    assert again == []
    assert report_of(killed, tmp_path, "after") == report_of(calm, tmp_path, "before")
