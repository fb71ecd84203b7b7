"""One scan of the hostile fleet and every report of it, in a network of their own where each packet is seen.

Run as a program, ``python hostile_fleet.py FOLDER``, this file is what happens inside the namespace. There every
address there is, of IPv4 and of IPv6, leads to this machine: whatever would leave the scope is seen, not lost.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audited_fleet import SITE
from camaudit.cli.lowports import in_namespace, raise_loopback
from camaudit.report.write import NAMES
from camaudit.store import Store, StoredRun
from live_fleet import in_turn, running

SCOPE = "127.78.0.0/24"
_SEARCH = f"{os.environ.get('PATH', '')}:/usr/local/sbin:/usr/sbin:/sbin"
_EVERY_TYPE, _OUTGOING = 3, 4


@dataclass(frozen=True)
class Besieged:
    """What came of it: ``runs`` by command, ``sent`` as (protocol, from, to) with how often, and the reports."""

    folder: Path
    runs: dict[str, dict[str, Any]]
    sent: dict[tuple[str, str, str], int]
    report: dict[str, Any]
    truth: list[dict[str, Any]]

    def stored(self) -> StoredRun:
        """Return what the scan left in its store."""
        store = Store(_store(self.folder))
        return store.run(self.report["run"]["id"])


def besieged_once(shared: Path) -> Besieged:
    """Scan the hostile fleet once for all workers, inside a namespace; skip where none may be made."""
    folder = shared / "besieged"
    with in_turn(folder):
        if not (folder / "told.json").is_file():
            command = in_namespace([sys.executable, str(Path(__file__)), str(folder)])
            if command is None or shutil.which("ip", path=_SEARCH) is None:
                pytest.skip("needs user namespaces and ip (Debian: iproute2)")
            folder.mkdir(exist_ok=True)
            subprocess.run(command, check=True, timeout=600)
    told = json.loads((folder / "told.json").read_text("utf-8"))
    sent = {(protocol, source, to): count for protocol, source, to, count in told["sent"]}
    report = json.loads((folder / "out" / "report.json").read_text("utf-8"))
    truth = json.loads((folder / "truth.json").read_text("utf-8"))["devices"]
    return Besieged(folder, told["runs"], sent, report, truth)


def _inside(folder: Path) -> None:
    raise_loopback()
    for family in ("-4", "-6"):
        everywhere = ["ip", family, "route", "add", "local", "default", "dev", "lo"]
        subprocess.run(everywhere, check=True, env={**os.environ, "PATH": _SEARCH})
    runs: dict[str, dict[str, Any]] = {}
    store = _store(folder)
    with _watched() as sent, running(folder, "--fleet", "hostile"):
        runs["scan"] = _run(folder, "scan", SCOPE, "--yes", "--site", SITE, "--store", store)
    runs["report"] = _run(folder, "report", "--store", store, "--format", ",".join(NAMES), "--output", "out")
    runs["explain"] = _run(folder, "explain", "127.78.0.24", "--store", store)
    runs["check"] = _run(folder, "check", "--store", store)
    told = {"runs": runs, "sent": [(*key, count) for key, count in sent.items()]}
    (folder / "told.json").write_text(json.dumps(told), "utf-8")


def _store(folder: Path) -> str:
    return f"sqlite:///{folder / 'runs.sqlite3'}"


def _run(folder: Path, *arguments: str) -> dict[str, Any]:
    """Run the program; tell its code, output, seconds and most memory (bytes)."""
    environment = {**os.environ, "XDG_DATA_HOME": str(folder / "data"), "COLUMNS": "100"}
    out, err = folder / f"{arguments[0]}.out", folder / f"{arguments[0]}.err"
    began_s = time.monotonic()
    with out.open("wb") as stdout, err.open("wb") as stderr:
        command = [sys.executable, "-m", "camaudit", *arguments]
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=stdout, stderr=stderr)
        _, status, used = os.wait4(process.pid, 0)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "took_s": time.monotonic() - began_s,
        "memory": used.ru_maxrss * 1024,
        "out": out.read_bytes().decode("utf-8", "replace"),
        "err": err.read_bytes().decode("utf-8", "replace"),
    }


@contextlib.contextmanager
def _watched() -> Iterator[dict[tuple[str, str, str], int]]:
    """Count every packet of this network by protocol, sender and receiver."""
    seen: collections.Counter[tuple[str, str, str]] = collections.Counter()
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_EVERY_TYPE))
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    tap.settimeout(0.2)
    ended = threading.Event()

    def watch() -> None:
        while True:
            try:
                packet, (_, _, kind, *_) = tap.recvfrom(128)
            except TimeoutError:
                if ended.is_set():
                    return
                continue
            if kind == _OUTGOING:
                seen[_read(packet)] += 1

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield seen
    finally:
        ended.set()
        watching.join()
        tap.close()


def _read(packet: bytes) -> tuple[str, str, str]:
    names = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmp6", 2: "igmp"}
    if packet[0] >> 4 == 4:
        protocol, source, to = packet[9], packet[12:16], packet[16:20]
        return names.get(protocol, str(protocol)), socket.inet_ntoa(source), socket.inet_ntoa(to)
    source, to = packet[8:24], packet[24:40]
    addresses = (socket.inet_ntop(socket.AF_INET6, each) for each in (source, to))
    return (names.get(packet[6], str(packet[6])), *addresses)  # type: ignore[return-value]


if __name__ == "__main__":
    _inside(Path(sys.argv[1]))
