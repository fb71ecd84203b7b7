"""Cameras that others wrote, read with an account: one login each, reads only, and a wrong password once."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from devices import capture
from devices.audited import SCANNER, SITE, address_of, listen, run_camaudit, start_servers
from devices.capture import Request
from devices.lab import Lab, why_not
from devices.servers import SERVERS
from devices.test_devices import operation
from live_fleet import exclusively

pytestmark = pytest.mark.devices

NAMES = frozenset({"ipycam", "ipycam-locked", "onvif-mock"})
RIGHT = "not-asked"
WRONG = "a-wr0ng-one"
"""The password of ipycam-locked is ``not-asked``; the ONVIF mock looks at none."""


@dataclass(frozen=True)
class Read:
    """One audit with an account."""

    report: dict[str, Any]
    sent: capture.Capture

    def device(self, name: str) -> dict[str, Any]:
        """Return the device at the address of a server."""
        (found,) = [device for device in self.report["devices"] if device["address"] == address_of(name)]
        return dict(found)

    def login(self, name: str) -> str:
        """Return what coverage says of the login at a server."""
        hosts = {host["address"]: host["probes"] for host in self.report["coverage"]["hosts"]}
        return str(hosts[address_of(name)].get("login"))

    def logins(self, name: str) -> list[Request]:
        """Return the requests to a server that brought an account."""
        mine = (request for request in self.sent.requests if request.to == address_of(name))
        return [one for one in mine if b"UsernameToken" in one.body or one.header("authorization")]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    """Audit with the right password and with a wrong one, each in a lab of its own."""
    lacking = {server.name: server.lacking() for server in SERVERS if server.name in NAMES}
    reason = why_not() or "; ".join(f"{name}: {why}" for name, why in lacking.items() if why)
    if reason:
        pytest.skip(reason)
    with exclusively("servers-of-others"):
        return {word: _audit(tmp_path_factory.mktemp("login"), word) for word in (RIGHT, WRONG)}


def _audit(folder: Path, password: str) -> Read:
    (folder / "site.yaml").write_text(SITE, "utf-8")
    (folder / "accounts.yaml").write_text("- {username: viewer, password_env: LAB_PASSWORD}\n", "utf-8")
    with Lab() as lab:
        scanner = lab.host(SCANNER)
        failed = start_servers(lab, folder, NAMES)
        assert failed == {}
        listening = listen(lab, scanner, folder)
        done = run_camaudit(scanner, folder, "--credentials", "accounts.yaml", secrets={"LAB_PASSWORD": password})
        time.sleep(0.3)
        if listening.stdin:
            listening.stdin.close()
        listening.wait(20)
    assert done.returncode in (0, 1), done.stderr
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    return Read(report, capture.read(folder / "capture.jsonl"))


def test_a_locked_camera_lets_the_right_account_read(read: dict[str, Read]) -> None:
    device = read[RIGHT].device("ipycam-locked")
    assert read[RIGHT].login("ipycam-locked") == "answered"
    assert (device["model"], device["serial"]) == ("VirtualCam-1", "PY-000001")


def test_a_wrong_password_is_sent_once(read: dict[str, Read]) -> None:
    assert read[WRONG].login("ipycam-locked") == "refused"
    assert len(read[WRONG].logins("ipycam-locked")) == 1


def test_a_camera_that_answers_anybody_is_sent_no_account(read: dict[str, Read]) -> None:
    for name in ("ipycam", "onvif-mock"):
        assert read[RIGHT].login(name) == "answered"
        assert read[RIGHT].logins(name) == []


def test_no_operation_but_reads_and_no_subscription(read: dict[str, Read]) -> None:
    for one in read.values():
        assert one.sent.dropped == 0
        for request in one.sent.requests:
            assert request.broken == b""
            if request.method == "POST":
                assert operation(request).startswith("Get")
            else:
                assert request.method in ("GET", "OPTIONS", "DESCRIBE", "TEARDOWN")
            assert not re.search(rb"Subscri|not-asked|a-wr0ng-one", request.body)
