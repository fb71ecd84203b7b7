"""Passive sources against the whole simulated fleet: what was overheard of a scan names the same devices."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from audited_fleet import SITE, camaudit
from camaudit.cli.lowports import may_bind
from camaudit.model import Outcome
from camaudit.store import Store
from live_fleet import running

FLEET = "127.77.0.0/24"


def why_not() -> str:
    if sys.platform != "linux" or os.geteuid() != 0:
        return "listening needs root, on Linux"
    return "" if may_bind(80) else "needs ports below 1024"


def report(folder: Path, store: str, name: str) -> dict[str, Any]:
    done = camaudit("report", "--store", store, "--site", SITE, "--format", "json", "--output", name, cwd=folder)
    assert done.returncode in (0, 1), done.stderr
    return dict(json.loads((folder / name / "report.json").read_text("utf-8")))


def open_ports(store: Path) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for address, items in Store(f"sqlite:///{store}").run().observations.items():
        for item in items:
            if item.probe == "port" and item.outcome is Outcome.ANSWERED:
                found.setdefault(address, set()).update(item.fields["port.open"])
    return {address: frozenset(ports) for address, ports in found.items()}


def compare(scanned: dict[str, Any], heard: dict[str, Any]) -> None:
    """Require the same devices; only what travelled encrypted may make a maker less certain."""
    ours, theirs = ({d["address"]: d for d in each["devices"]} for each in (scanned, heard))
    assert theirs.keys() == ours.keys()
    for address, device in ours.items():
        other = theirs[address]
        sealed = any(e["field"] == "tls.subject" and e["claim"].startswith("brand") for e in device["evidence"])
        for name in ("model", "serial", "firmware", "brand", "kind", "verdict"):
            if name == "brand" and sealed and other[name] is None:
                continue  # the certificate names it, which travelled encrypted
            assert (address, name, other[name]) == (address, name, device[name])
        assert (address, other["maker"]["id"]) == (address, device["maker"]["id"])
        hidden = any(item["field"].startswith("tls.") for item in device["evidence"])
        assert hidden or (address, other["maker"]["certainty"]) == (address, device["maker"]["certainty"])


def test_a_scan_that_was_overheard_names_the_same_devices_live_and_from_the_file(tmp_path: Path) -> None:
    if why_not():
        pytest.skip(why_not())
    stores = {name: f"sqlite:///{tmp_path / name}" for name in ("scan", "listen", "file", "nmap")}
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    file = tmp_path / "scan.pcap"
    with running(tmp_path) as fleet, file.open("wb") as written:
        # The same process that `camaudit listen` starts, once with its stream into a file.
        recorder = subprocess.Popen(
            [sys.executable, "-m", "camaudit.net.raw.ear", "lo"],
            stdin=subprocess.PIPE, stdout=written, stderr=subprocess.PIPE, env=environment,
        )  # fmt: skip
        listener = subprocess.Popen(
            [sys.executable, "-m", "camaudit", "listen", "--interface", "lo", "--store", stores["listen"]],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, cwd=tmp_path,
        )  # fmt: skip
        assert listener.stdout is not None
        assert listener.stdout.readline().startswith("listening on lo until Ctrl-C")
        done = camaudit("scan", FLEET, "--yes", "--rate", "2000", "--store", stores["scan"], cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        # What a dead process had not yet stored would be lost: it is there while it still listens.
        time.sleep(1)
        assert len(open_ports(tmp_path / "listen")) > 100
        listener.send_signal(signal.SIGINT)
        said, wrong = listener.communicate(timeout=60)
        _, told = recorder.communicate(b"", timeout=60)
        if shutil.which("nmap"):
            nmap_agrees(tmp_path, stores)
        assert fleet.truth["devices"]
    assert (listener.returncode, wrong) == (0, "")
    assert "nothing was sent" in said
    dropped = json.loads(told)["dropped"]
    if dropped:
        pytest.skip(f"this machine was too busy to hear everything: {dropped} packets lost")
    imported = camaudit("import", str(file), "--store", stores["file"], cwd=tmp_path)
    assert (imported.returncode, imported.stderr) == (0, "")
    scanned, listened, read = (
        report(tmp_path, stores[name], f"{name}-out") for name in ("scan", "listen", "file")
    )
    compare(scanned, read)
    compare(
        scanned, {**listened, "devices": [d for d in listened["devices"] if d["address"].startswith("127.77.")]}
    )
    assert read["run"]["origin"] == "import"
    assert read["coverage"]["silent"] == 0
    assert any("imported files alone" in notice for notice in read["notices"])
    assert any("listening alone" in notice for notice in listened["notices"])


def nmap_agrees(folder: Path, stores: dict[str, str]) -> None:
    """Import what nmap found of the fleet: the same live hosts and open ports as our own scan."""
    from camaudit.scan.ports import PORTS

    ours = open_ports(folder / "scan")
    ports = ",".join(map(str, PORTS))
    command = ["nmap", "-n", "-Pn", "-sS", "-T4", "-p", ports, "-oX", str(folder / "fleet.xml"), *ours]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    done = camaudit("import", str(folder / "fleet.xml"), "--store", stores["nmap"], cwd=folder)
    assert done.returncode == 0, done.stderr
    asked = {str(port) for port in PORTS}
    # A device may name more ports of its own, which our scan asks too and nmap was not told of.
    assert open_ports(folder / "nmap") == {a: found & asked for a, found in ours.items() if found & asked}
