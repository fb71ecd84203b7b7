"""One audit of every installed server, in a lab of its own, kept as files for all tests.

In goes a folder, out come the report, what the scanner sent, and what each server wrote down of it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from devices import capture
from devices.lab import Host, Lab
from devices.servers import SERVERS, Place, Server
from live_fleet import exclusively

NETWORK = "198.51.100.0/27"
SCANNER = "198.51.100.60"
FIRST = 5
START_S = 25.0

SITE = """schema: camaudit/site@1
name: Lab of servers that others wrote
jurisdiction: US
kind: university
facts:
  holds_us_federal_contracts: true
  spends_us_federal_awards: true
"""


def address_of(name: str) -> str:
    """Return the address that a server has in the lab, installed or not."""
    number = FIRST + [server.name for server in SERVERS].index(name)
    return f"198.51.100.{number}"


@dataclass(frozen=True)
class Audited:
    """What one audit came to. ``failed`` says of servers that are installed why they did not start."""

    folder: Path
    code: int
    failed: dict[str, str]

    @cached_property
    def report(self) -> dict[str, Any]:
        """Return report.json."""
        document: dict[str, Any] = json.loads((self.folder / "out" / "report.json").read_text("utf-8"))
        return document

    @cached_property
    def sent(self) -> capture.Capture:
        """Return what the scanner sent."""
        return capture.read(self.folder / "capture.jsonl")

    def device(self, name: str) -> dict[str, Any] | None:
        """Return the report's device at the address of a server."""
        found = [device for device in self.report["devices"] if device["address"] == address_of(name)]
        return found[0] if found else None

    def host(self, name: str) -> dict[str, Any] | None:
        """Return what coverage says of the address of a server."""
        found = [host for host in self.report["coverage"]["hosts"] if host["address"] == address_of(name)]
        return found[0] if found else None


def audit_once(shared: Path) -> Audited:
    """Audit once for all test processes: the first does it, the others read what came of it."""
    folder = shared / "servers-of-others"
    with exclusively("servers-of-others"):
        if not (folder / "done.json").is_file():
            folder.mkdir(exist_ok=True)
            _audit(folder)
    done = json.loads((folder / "done.json").read_text("utf-8"))
    assert done["errors"] == "", done["errors"]
    return Audited(folder, done["code"], done["failed"])


def _audit(folder: Path) -> None:
    (folder / "site.yaml").write_text(SITE, "utf-8")
    with Lab() as lab:
        scanner = lab.host(SCANNER)
        failed = start_servers(lab, folder)
        listening = listen(lab, scanner, folder)
        done = run_camaudit(scanner, folder)
        time.sleep(0.3)
        if listening.stdin:
            listening.stdin.close()
        listening.wait(20)
    outcome = {"code": done.returncode, "output": done.stdout, "errors": done.stderr, "failed": failed}
    (folder / "done.json").write_text(json.dumps(outcome), "utf-8")


def start_servers(lab: Lab, folder: Path, names: frozenset[str] | None = None) -> dict[str, str]:
    """Start every installed server, all at once; return which did not come up, with the end of what they said.

    ``names`` are the only ones to start, where given.
    """
    started: list[tuple[Server, Host, subprocess.Popen[str]]] = []
    for server in SERVERS:
        if not server.lacking() and (names is None or server.name in names):
            place = Place(address_of(server.name), folder / server.name)
            place.folder.mkdir()
            host = lab.host(place.address)
            started.append((server, host, lab.start(host.command(*server.command(place)), place.folder)))
    deadline_s = time.monotonic() + START_S
    waiting = list(started)
    while waiting and time.monotonic() < deadline_s:
        waiting = [
            (server, host, process)
            for server, host, process in waiting
            if not server.ready <= host.listening() and process.poll() is None
        ]
        time.sleep(0.05)
    failed = {}
    for server, host, process in started:
        if process.poll() is not None or not server.ready <= host.listening():
            failed[server.name] = (folder / server.name / "output.log").read_text("utf-8", "replace")[-800:]
    return failed


def listen(lab: Lab, scanner: Host, folder: Path) -> subprocess.Popen[str]:
    """Write down every packet that the scanner sends, until the standard input of the process is closed."""
    own = folder / "listener"
    own.mkdir()
    command = [sys.executable, capture.__file__, lab.port_of(scanner), SCANNER, str(folder / "capture.jsonl")]
    process = lab.start(lab.on_switch(*command), own)
    deadline_s = time.monotonic() + 10
    while "ready" not in (own / "output.log").read_text("utf-8"):
        if process.poll() is not None or time.monotonic() > deadline_s:
            raise RuntimeError(f"the capture did not start: {(own / 'output.log').read_text('utf-8')}")
        time.sleep(0.02)
    return process


def run_camaudit(
    scanner: Host, folder: Path, *options: str, secrets: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the program as its user does, on the scanner and without privileges."""
    command = [
        sys.executable, "-m", "camaudit", "audit", NETWORK, "--yes", "--site", "site.yaml",
        "--store", f"sqlite:///{folder / 'runs.sqlite3'}", "--output", "out", *options,
    ]  # fmt: skip
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "HOME": str(folder), **(secrets or {})}
    return subprocess.run(
        scanner.command(*command), cwd=folder, env=environment, capture_output=True, text=True, timeout=80
    )
