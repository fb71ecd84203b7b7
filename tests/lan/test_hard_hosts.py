"""Hosts that are hard to ask, and a network that goes wrong: bounded, reported, and none missed that answers."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lan.fleet import ROOT, audit, cameras, found, layout, limits, served
from lan.lab import Lab, why_not

HARD = {"slow": "198.51.100.31", "drip": "198.51.100.32", "tarpit": "198.51.100.33", "old": "198.51.100.34"}
SILENT = "198.51.100.40"


@pytest.fixture(scope="module", autouse=True)
def possible() -> None:
    if why_not():
        pytest.skip(why_not())


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """One audit of six cameras among hosts that are hard to ask."""
    folder = tmp_path_factory.mktemp("hard")
    with Lab() as lab, cameras(lab, layout(6), folder):
        lab.host(HARD["slow"], "02:00:00:00:00:31")
        lab.more(2, [address for kind, address in HARD.items() if kind != "slow"])
        lab.host(SILENT, "02:00:00:00:00:40")
        # It answers ARP, and without a route back nothing else.
        lab.inside(3, "ip", "route", "flush", "dev", "eth0")
        names = [f"{kind}@{address}" for kind, address in HARD.items()]
        with served(lab, 2, str(ROOT / "tests" / "lan" / "hard_hosts.py"), *names):
            yield audit(lab, folder, "--fail-on", "never")


def probes(report: dict[str, Any], address: str) -> dict[str, str]:
    host = next(host for host in report["coverage"]["hosts"] if host["address"] == address)
    return dict(host["probes"])


def test_every_camera_that_answers_is_found(report: dict[str, Any]) -> None:
    wanted = {address for address, _, _ in layout(6)} | {HARD["slow"], HARD["old"]}
    assert wanted <= set(found(report))


def test_a_camera_that_thinks_for_seconds_is_named(report: dict[str, Any]) -> None:
    assert found(report)[HARD["slow"]] == "hikvision"


def test_a_camera_that_speaks_only_tls_1_0_shows_its_certificate(report: dict[str, Any]) -> None:
    assert probes(report, HARD["old"])["tls"] == "answered"


def test_who_says_nothing_is_no_camera_and_stands_in_the_coverage(report: dict[str, Any]) -> None:
    assert not {HARD["tarpit"], HARD["drip"], SILENT} & set(found(report))
    assert probes(report, HARD["tarpit"])["http"] == "silent"
    assert probes(report, HARD["drip"])["http"] in ("silent", "malformed")
    assert probes(report, SILENT)["mac"] == "answered"
    outcomes = {host["address"]: host["outcome"] for host in report["coverage"]["hosts"]}
    assert outcomes[SILENT] == "silent"


def test_decoys_are_no_cameras(tmp_path: Path) -> None:
    decoys = [(f"198.51.100.{50 + at}", name, "1") for at, name in enumerate(("printer", "nas", "router"))]
    with Lab() as lab, cameras(lab, [*layout(3), *decoys], tmp_path):
        report = audit(lab, tmp_path, "--fail-on", "never")
    assert set(found(report)) == {address for address, _, _ in layout(3)}
    assert {device["address"] for device in report["devices"]} >= {address for address, _, _ in decoys}


def test_without_privilege_the_same_devices_are_found_and_it_is_said(tmp_path: Path) -> None:
    devices = layout(8)
    reports = {}
    with Lab() as lab, cameras(lab, devices, tmp_path):
        for privileged in (True, False):
            folder = tmp_path / str(privileged)
            folder.mkdir()
            reports[privileged] = audit(lab, folder, "--fail-on", "never", privileged=privileged)
        doctor = subprocess.run(
            lab.scanning(sys.executable, "-m", "camaudit", "doctor", privileged=False),
            capture_output=True, text=True, timeout=60,
        ).stdout  # fmt: skip
    assert found(reports[True]) == found(reports[False])
    assert set(found(reports[True])) == {address for address, _, _ in devices}
    assert "raw-socket privilege" in limits(reports[False])
    assert "raw-socket privilege" not in limits(reports[True])
    assert "raw sockets are not allowed" in doctor


def test_where_multicast_is_dropped_all_are_found_by_address_and_it_is_said(tmp_path: Path) -> None:
    devices = layout(8)
    with Lab() as lab, cameras(lab, devices, tmp_path):
        lab.drop_multicast()
        report = audit(lab, tmp_path, "--fail-on", "never")
    assert set(found(report)) == {address for address, _, _ in devices}
    assert "multicast" in limits(report)


def answered(store: Path, *probes: str) -> set[str]:
    """The hosts of whom the scan has stored an answer to one of these probes by now."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{store}?mode=ro", uri=True)) as opened:
            rows = opened.execute("SELECT address, probe FROM observations WHERE outcome = 'answered'")
            return {address for address, probe in rows if probe in probes}
    except sqlite3.Error:
        return set()


def test_an_interface_that_vanishes_ends_the_scan_and_keeps_what_was_collected(tmp_path: Path) -> None:
    devices = layout(40)
    with Lab() as lab, cameras(lab, devices, tmp_path):
        store, kept = tmp_path / "runs.sqlite3", set[str]()

        def pull_the_plug() -> None:
            # As soon as somebody has been read, however slow this machine is today
            end = time.monotonic() + 60
            while time.monotonic() < end and not answered(store, "http"):
                time.sleep(0.05)
            kept.update(answered(store, "http", "wsd"))
            lab.unplug()

        pulling = threading.Thread(target=pull_the_plug)
        pulling.start()
        # Slowly, so that the plug is pulled in the middle
        report = audit(lab, tmp_path, "--rate", "100", "--fail-on", "never", codes=(0, 3, 4))
        pulling.join()
    # What was stored before is there, some were asked, and that others were not is said
    asked = [host for host in report["coverage"]["hosts"] if host["probes"].get("http") == "answered"]
    assert kept
    assert kept <= set(found(report)) <= {address for address, _, _ in devices}
    assert 0 < len(asked) < len(devices)
    assert "eth0" in limits(report)
    assert "went away" in limits(report)
