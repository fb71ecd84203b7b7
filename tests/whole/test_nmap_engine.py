"""``--engine``: nmap finds what the built-in engine finds, and its absence is one line before anything is sent."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from audited_fleet import camaudit
from camaudit.store import Store
from fake_nmap import install
from live_fleet import running

IDS = (
    "hik-ds-2cd2042wd-i",
    "lts-cmip3432",
    "abus-ipca62520",
    "amcrest-ip8m-2496e",
    "xiongmai-dvr",
    "vivotek-fd8169a",
)
PORTS = "20080,20554,20443,28000,57777"


def audit(folder: Path, engine: str, scope: str) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """Audit with an engine; return report.json, and each address with its open ports."""
    store = folder / f"{engine}.sqlite3"
    done = camaudit(
        *("audit", f"@{scope}", "--yes", "--rate", "2000", "--ports", PORTS, "--engine", engine),
        *("--store", f"sqlite:///{store}", "--format", "json", "--output", engine),
        cwd=folder,
    )
    assert done.returncode in (0, 1), done.stderr
    seen = Store(f"sqlite:///{store}").run().observations
    ports = {(at, str(sorted(o.fields.items()))) for at, items in seen.items() for o in items if o.probe == "port"}
    report = json.loads((folder / engine / "report.json").read_text("utf-8"))
    return report, ports


def test_nmap_finds_the_same_hosts_ports_and_makers(tmp_path: Path) -> None:
    if shutil.which("nmap") is None:
        pytest.skip("no nmap here (Debian: apt install nmap)")
    with running(tmp_path, "--only", *IDS, "--shift", "20000") as fleet:
        addresses = [device["address"] for device in fleet.truth["devices"]]
        # Two addresses that nobody serves: on loopback they refuse, by either engine.
        (tmp_path / "scope.txt").write_text("\n".join([*addresses, "127.77.0.253-254"]), "utf-8")
        own, own_ports = audit(tmp_path, "auto", "scope.txt")
        theirs, their_ports = audit(tmp_path, "nmap", "scope.txt")
        assert not any(entry.get("violation") for entry in fleet.requests())
    assert len(addresses) == len(IDS)
    assert their_ports == own_ports
    assert sum("port.open" in fields for _, fields in their_ports) == len(IDS)
    assert makers(theirs) == makers(own)
    assert len(makers(theirs)) == len(IDS)
    assert {maker for maker, _ in makers(theirs).values()} > {"hikvision", "dahua"}
    assert outcomes(theirs) == outcomes(own)
    # Who found them is said in the coverage, and only where it was nmap.
    assert any("found by nmap" in limit for limit in theirs["coverage"]["limits"])
    assert not any("nmap" in limit for limit in own["coverage"]["limits"])


def makers(report: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {d["address"]: (d["maker"]["id"], d["maker"]["certainty"]) for d in report["devices"]}


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {host["address"]: host["outcome"] for host in report["coverage"]["hosts"]}


@pytest.mark.parametrize("command", ["audit", "scan"])
def test_without_nmap_it_is_one_line_and_nothing_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = camaudit(command, "127.83.9.9", "--engine", "nmap", cwd=tmp_path)
    assert done.returncode == 3
    assert "apt install nmap" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "no runs yet" in camaudit("runs", cwd=tmp_path).stdout + camaudit("report", cwd=tmp_path).stderr


def test_a_scan_that_nmap_failed_is_kept_and_resumed_by_another_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, monkeypatch, then="echo 'no route to host' >&2; exit 1")
    failed = camaudit("scan", "127.83.9.8-9", "--yes", "--engine", "nmap", cwd=tmp_path)
    assert failed.returncode == 3
    assert "nmap ended with 1: no route to host" in failed.stderr
    assert "Traceback" not in failed.stderr
    resumed = camaudit("scan", "--resume", "--engine", "connect", cwd=tmp_path)
    assert resumed.returncode == 4
    assert "0 of 2 addresses answered" in resumed.stdout


def test_an_unknown_engine_is_wrong_usage(tmp_path: Path) -> None:
    done = camaudit("scan", "127.83.9.9", "--engine", "masscan", cwd=tmp_path)
    assert done.returncode == 2
    assert "'auto', 'connect', 'nmap'" in done.stderr
