"""The whole scan on a LAN of our own: who answers ARP is asked, and what was not possible is said."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lan.lab import NETWORK, SCANNER, Lab, why_not

HOSTS = {f"198.51.100.{last}": f"02:00:00:00:00:{last:02x}" for last in (1, 2, 17, 64, 128, 254)}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab() as made:
        for address, mac in HOSTS.items():
            made.host(address, mac)
        yield made


def scan(lab: Lab, folder: Path, *options: str, privileged: bool) -> dict[str, Any]:
    """Audit the lab's network from its scanner and return report.json."""
    folder.chmod(0o777)
    store = ["--store", f"sqlite:///{folder / 'runs.sqlite3'}"]
    command = [
        sys.executable,
        "-m",
        "camaudit",
        "audit",
        NETWORK,
        "--yes",
        *store,
        *options,
        "--output",
        str(folder / "out"),
    ]
    done = subprocess.run(
        lab.scanning(*command, privileged=privileged), cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 4, done.stderr  # hosts that are there with every port closed: none answered
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8")))


@pytest.mark.parametrize("privileged", [True, False])
def test_who_is_there_is_found_and_who_is_not_costs_nothing(lab: Lab, tmp_path: Path, privileged: bool) -> None:
    coverage = scan(lab, tmp_path, privileged=privileged)["coverage"]
    assert {host["address"] for host in coverage["hosts"] if host["outcome"] == "refused"} == set(HOSTS)
    assert coverage["refused"] + coverage["silent"] == 256
    assert {host["probes"].get("mac") for host in coverage["hosts"] if host["address"] in HOSTS} == {"answered"}
    # What was not possible is said, and only then.
    assert any("raw" in limit for limit in coverage["limits"]) is not privileged


@pytest.mark.parametrize("privileged", [True, False])
def test_nmap_finds_the_same_hosts_and_their_macs(lab: Lab, tmp_path: Path, privileged: bool) -> None:
    if shutil.which("nmap") is None:
        pytest.skip("no nmap here (Debian: apt install nmap)")
    # The scanner itself is left out: nmap would ask it through the loopback interface, which is down in the lab.
    options = ("--engine", "nmap", "--exclude", SCANNER)
    coverage = scan(lab, tmp_path, *options, privileged=privileged)["coverage"]
    assert {host["address"] for host in coverage["hosts"] if host["outcome"] == "refused"} == set(HOSTS)
    assert {host["probes"].get("mac") for host in coverage["hosts"] if host["address"] in HOSTS} == {"answered"}
    way = "SYN scan" if privileged else "connect scan"
    assert any(f"({way}" in limit for limit in coverage["limits"])


def test_connect_uses_no_raw_socket_and_finds_the_same(lab: Lab, tmp_path: Path) -> None:
    coverage = scan(lab, tmp_path, "--engine", "connect", privileged=True)["coverage"]
    assert {host["address"] for host in coverage["hosts"] if host["outcome"] == "refused"} == set(HOSTS)
    assert any("no raw socket was used" in limit for limit in coverage["limits"])
