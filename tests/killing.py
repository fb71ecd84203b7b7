"""Killing a scan in its middle, and what tests want to know then: what is stored, and who was asked again."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SEARCHES = {"SADP": "sadp", "DHIP": "dhip", "Probe": "wsd", "M-SEARCH": "ssdp", "mDNS": "mdns"}
PATHS = {
    "/ISAPI/": "isapi",
    "/SDK/activateStatus": "isapi",
    "/doc/": "isapi",
    "/pramaAPI/": "isapi",
    "/cgi-bin/magicBox": "dahua",
    "/LAPI/": "lapi",
    "/onvif/": "onvif",
    "/favicon.ico": "favicon",
}
"""How the path of a request begins, and the probe that asks it."""


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "camaudit", *arguments]


def environment(folder: Path, data: Path | None = None) -> dict[str, str]:
    return {**os.environ, "NO_COLOR": "1", "XDG_DATA_HOME": str(data or folder / "data")}


def few_files(number: int) -> list[str]:
    """Return how a command begins that may open so many files: then few hosts are asked side by side."""
    return ["prlimit", f"--nofile={number}:{number}", "--"]


def killed_after(seconds: float, arguments: list[str], folder: Path, log: Path, data: Path | None = None) -> bool:
    """Run the program and kill it so long after its first request; return whether it was still running."""
    size = log.stat().st_size
    process = subprocess.Popen(arguments, cwd=folder, env=environment(folder, data), stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: log.stat().st_size > size or process.poll() is not None)
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
        return True
    finally:
        process.kill()
        process.wait(timeout=10)
    return False


@dataclass(frozen=True)
class Stored:
    """What a store of SQLite held at some moment: finished hosts and stages; (address, port, probe) of facts."""

    hosts: frozenset[str]
    stages: frozenset[str]
    facts: frozenset[tuple[str, int | None, str]]


@contextlib.contextmanager
def opened(file: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(file, timeout=5)) as connection:
        yield connection


def stored(file: Path) -> Stored:
    """Read what is stored, and prove that the database is whole."""
    with opened(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        hosts = [row[0] for row in connection.execute("SELECT address FROM hosts")]
        facts = connection.execute("SELECT address, port, probe FROM observations").fetchall()
        stages = [row[0] for row in connection.execute("SELECT name FROM stages")]
    assert len(hosts) == len(set(hosts))
    return Stored(frozenset(hosts), frozenset(stages), frozenset(facts))


def asked_twice(before: Stored, entries: list[dict[str, Any]]) -> list[str]:
    """Return every request of a log that asked for what was stored before it."""
    probes = {(address, probe) for address, _, probe in before.facts}
    found = []
    for entry in entries:
        address, port, request = entry["address"], entry["port"], entry["request"]
        if entry["transport"] == "udp":
            probe = SEARCHES.get(request.split()[0], "")
            # Who only answered a search of everybody (stored without a port) is asked once at its own address.
            known = address in before.hosts or (address, port, probe) in before.facts
            again = "groups" in before.stages and known
        else:
            again = address in before.hosts or _is_stored(before, probes, address, port, request)
        if again:
            found.append(f"{address} {entry['transport']}/{port} {request}")
    return found


def _is_stored(before: Stored, probes: set[tuple[str, str]], address: str, port: int, request: str) -> bool:
    method, _, rest = request.partition(" ")
    if "rtsp://" in rest:
        return (address, port, "rtsp") in before.facts
    probe = next((probe for path, probe in PATHS.items() if rest.startswith(path)), "")
    if probe == "onvif":
        return (address, port, "onvif") in before.facts
    if probe:
        return (address, probe) in probes
    # The front page is read once more by the look for a maker's login page.
    both = (address, port, "http") in before.facts and (address, "isapi") in probes
    return both and method == "GET" and rest == "/"


def requests(log: Path) -> list[dict[str, Any]]:
    # What the fleet is just writing counts when it stands there whole.
    lines = log.read_text("utf-8").split("\n")[:-1]
    return [entry for entry in map(json.loads, lines) if "summary" not in entry]


def moments(seed: int, count: int, least_s: float, most_s: float) -> list[float]:
    """Return when to kill, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - no secret hangs on it
    return [chance.uniform(least_s, most_s) for _ in range(count)]


def wait_for(true: Any, most_s: float = 30.0) -> None:
    end_s = time.monotonic() + most_s
    while not true():
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.02)
