"""A scan that asks by SNMP: a real agent, and the fleet's, name their makers; the community stays nowhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from audited_fleet import camaudit
from camaudit.cli.lowports import may_bind
from live_fleet import exclusively, running

COMMUNITY = "look-only-161"
FLEET = ("hik-ds-7608ni-i2", "dahua-nvr4208", "axis-q6155-e", "printer-hp")
AGENT = "127.77.200.1"

needs_161 = pytest.mark.skipif(not may_bind(161), reason="needs ports below 1024: run as root")


def collected(folder: Path, targets: list[str], *flags: str) -> tuple[dict[str, dict[str, list[str]]], str]:
    """Scan into a store and return the ``snmp`` fields by address, and everything the program said."""
    store = f"sqlite:///{folder / 'runs.sqlite3'}"
    done = camaudit(
        "audit", *targets, "--yes", "--rate", "5000", "--store", store, "--format", "json", "--output", "out",
        "--fail-on", "never", *flags,
        cwd=folder,
    )  # fmt: skip
    assert done.returncode in (0, 4), done.stderr
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    told: dict[str, dict[str, list[str]]] = {}
    for device in report["devices"]:
        for item in device["evidence"]:
            if item["field"].startswith("snmp."):
                told.setdefault(device["address"], {}).setdefault(item["signature"], []).append(item["excerpt"])
    return told, done.stdout + done.stderr


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@needs_161
def test_the_fleet_is_asked_with_the_community_and_only_then(tmp_path: Path) -> None:
    log = tmp_path / "fleet"
    log.mkdir()
    with running(log, "--only", *FLEET) as fleet:
        addresses = {device["id"]: device["address"] for device in fleet.truth["devices"]}
        plain, with_it = tmp_path / "plain", tmp_path / "with"
        plain.mkdir()
        with_it.mkdir()
        told, _ = collected(plain, list(addresses.values()))
        assert told == {}
        assert not [entry for entry in fleet.requests() if "SNMP" in str(entry.get("request"))]
        told, said = collected(with_it, list(addresses.values()), "--snmp-community", COMMUNITY)
        asked = [entry for entry in fleet.requests() if "SNMP" in str(entry.get("request"))]
    # Once with SNMPv2c, and once more where the agent speaks SNMPv1 only.
    assert {entry["request"] for entry in asked} == {"SNMP GetRequest"}
    assert [entry["device"] for entry in asked].count("dahua-nvr4208") == 1
    assert [entry["device"] for entry in asked].count("axis-q6155-e") == 2
    assert not [entry for entry in asked if "violation" in entry]
    assert {"dahua-snmp-tree", "dahua-snmp-object-id"} <= told[addresses["dahua-nvr4208"]].keys()
    assert {"hikvision-snmp-tree-recorder", "hikvision-snmp-serial"} <= told[addresses["hik-ds-7608ni-i2"]].keys()
    assert "axis-snmp-object-id" in told[addresses["axis-q6155-e"]]
    assert addresses["printer-hp"] not in told
    # Neither the store nor a report nor the terminal knows the community.
    assert COMMUNITY.encode() not in everything_in(with_it)
    assert COMMUNITY not in said


def test_an_empty_community_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    done = camaudit("scan", "127.77.200.1", "--snmp-community", "", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("camaudit: --snmp-community: the community is empty")


@contextmanager
def real_agent(folder: Path) -> Iterator[None]:
    """Run net-snmp's agent on ``AGENT``, telling of itself that it is an Axis."""
    program = shutil.which("snmpd") or shutil.which("snmpd", path="/usr/sbin:/sbin")
    if program is None:
        pytest.skip("snmpd (net-snmp's agent) is not installed")
    config = folder / "snmpd.conf"
    config.write_text(
        f"rocommunity {COMMUNITY} 127.0.0.0/8\nsysDescr ; AXIS P3245-V; Network Camera; 10.12\n"
        "sysObjectID .1.3.6.1.4.1.368.1.1\nsysName axis-door\n",
        "utf-8",
    )
    command = [program, "-f", "-C", "-c", str(config), "-Lf", str(folder / "snmpd.log"), f"udp:{AGENT}:161"]
    agent = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        # The agent alone is UDP; a page makes the host one that is there.
        with ThreadingHTTPServer((AGENT, 80), SimpleHTTPRequestHandler) as door:
            Thread(target=door.serve_forever, daemon=True).start()
            time.sleep(1.0)
            assert agent.poll() is None, (folder / "snmpd.log").read_text("utf-8")
            yield
            door.shutdown()
    finally:
        agent.terminate()
        agent.wait(timeout=30)


@needs_161
def test_a_real_agent_is_understood(tmp_path: Path) -> None:
    outside = tmp_path / "agent"
    outside.mkdir()
    scanned = tmp_path / "scanned"
    scanned.mkdir()
    with exclusively("snmpd"), real_agent(outside):
        wrong, _ = collected(scanned, [AGENT], "--ports", "80", "--snmp-community", "wrong")
        right, _ = collected(
            scanned, [AGENT], "--ports", "80", "--snmp-community", "wrong", "--snmp-community", COMMUNITY
        )
    assert wrong == {}
    assert right[AGENT]["axis-snmp-object-id"] == ["1.3.6.1.4.1.368.1.1"]
    assert COMMUNITY.encode() not in everything_in(scanned)
