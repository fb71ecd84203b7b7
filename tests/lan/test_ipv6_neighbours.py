"""IPv6 on a LAN of our own: neighbours of the scope are met and asked, others are recorded and left alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from camaudit.store import Store
from lan.lab import Lab, why_not

INSIDE = {f"2001:db8:64::{last:x}": f"02:00:00:00:00:{last:02x}" for last in (0x11, 0x12, 0x80)}
OUTSIDE = ("2001:db8:64:0:ffff::1", "02:00:00:00:00:99")
PAGE = (
    "import http.server as h; s = h.ThreadingHTTPServer.__new__(h.ThreadingHTTPServer); import socket;"
    "s.address_family = socket.AF_INET6; s.__init__(('::', 80), h.SimpleHTTPRequestHandler);"
    "print('ready', flush=True); s.serve_forever()"
)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    with Lab(ipv6=True) as made:
        for address, mac in (*INSIDE.items(), OUTSIDE):
            made.host(address, mac)
        yield made


@pytest.fixture(scope="module")
def web_server(lab: Lab) -> Iterator[None]:
    """Let the first host answer on port 80, by whatever address of its own."""
    process = lab.serve(1, sys.executable, "-c", PAGE)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield
    finally:
        process.kill()
        process.communicate()


def scan(lab: Lab, folder: Path, *targets: str, privileged: bool = True, code: int = 0) -> dict[str, Any]:
    """Audit targets from the lab's scanner and return the coverage of report.json."""
    folder.chmod(0o777)
    store = ["--store", f"sqlite:///{folder / 'runs.sqlite3'}"]
    command = [
        sys.executable,
        "-m",
        "camaudit",
        "audit",
        *targets,
        "--yes",
        *store,
        "--output",
        str(folder / "out"),
    ]
    done = subprocess.run(
        lab.scanning(*command, privileged=privileged), cwd=folder, capture_output=True, text=True, timeout=90
    )
    assert done.returncode == code, done.stderr
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8"))["coverage"])


def recorded(folder: Path, address: str) -> list[tuple[str, str]]:
    """Return probe and outcome of everything the store holds of an address."""
    store = Store(f"sqlite:///{folder / 'runs.sqlite3'}")
    try:
        return [(item.probe, str(item.outcome)) for item in store.run().observations.get(address, ())]
    finally:
        store.close()


def outcomes(coverage: dict[str, Any]) -> dict[str, str]:
    return {host["address"]: host["outcome"] for host in coverage["hosts"] if host["outcome"] != "silent"}


@pytest.mark.usefixtures("web_server")
def test_neighbours_of_a_whole_link_are_met_and_asked(lab: Lab, tmp_path: Path) -> None:
    coverage = scan(lab, tmp_path, "2001:db8:64::/80", "2001:db8:64::80")
    first, *others = INSIDE
    found = outcomes(coverage)
    assert found.pop(first) == "answered"
    assert {address for address, outcome in found.items() if outcome == "refused"} == set(others)
    asked = {host["address"]: host["probes"] for host in coverage["hosts"]}
    assert asked[first]["http"] == "answered"
    assert asked[first]["mac"] == "answered"
    # Who is on the link and not in the scope is known of, and was asked nothing.
    assert recorded(tmp_path, OUTSIDE[0]) == [("neighbour", "out_of_scope")]
    assert (coverage["addresses"], coverage["answered"], coverage["silent"]) == (3, 1, 0)
    # And what the kernel has learnt by that is found again without any privilege, and the report says so.
    second = tmp_path / "again"
    second.mkdir()
    again = scan(lab, second, "2001:db8:64::/80", privileged=False)
    assert first in outcomes(again)
    assert any("only neighbours that this machine knew" in limit for limit in again["limits"])


@pytest.mark.usefixtures("web_server")
def test_a_link_local_address_is_asked_on_its_interface(lab: Lab, tmp_path: Path) -> None:
    coverage = scan(lab, tmp_path, "fe80::ff:fe00:11%eth0")
    asked = {host["address"]: host["probes"] for host in coverage["hosts"]}
    assert outcomes(coverage)["fe80::ff:fe00:11%eth0"] == "answered"
    assert asked["fe80::ff:fe00:11%eth0"]["http"] == "answered"
    assert recorded(tmp_path, "fe80::ff:fe00:12%eth0") == [("neighbour", "out_of_scope")]


def test_an_excluded_neighbour_is_not_asked(lab: Lab, tmp_path: Path) -> None:
    excluded = "2001:db8:64::12"
    coverage = scan(
        lab, tmp_path, "2001:db8:64::/64", "--exclude", excluded, "--exclude", "2001:db8:64::11", code=4
    )
    assert recorded(tmp_path, excluded) == [("neighbour", "out_of_scope")]
    assert outcomes(coverage)[OUTSIDE[0]] == "refused"


def test_an_interface_that_is_not_here_ends_the_scan_before_it_begins(lab: Lab, tmp_path: Path) -> None:
    command = lab.scanning(sys.executable, "-m", "camaudit", "audit", "fe80::1%nowhere", "--yes")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 3
    assert "no interface nowhere here" in done.stderr
