"""A running simulator for tests: what it really is, and everything it was asked so far."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any


@dataclass(frozen=True)
class LiveFleet:
    """The truth about the fleet, and the log of its requests."""

    truth: dict[str, Any]
    log: Path

    def requests(self) -> list[dict[str, Any]]:
        """Return the log of requests."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]


@contextlib.contextmanager
def running(folder: Path, *options: str) -> Iterator[LiveFleet]:
    """Start the simulator in a process of its own and end it with the block; one at a time on this machine."""
    with exclusively("fleet"):
        yield from _run(folder, options)


@contextlib.contextmanager
def beside(folder: Path, *options: str) -> Iterator[LiveFleet]:
    """Start one more simulator beside one that runs, where it has addresses of its own."""
    yield from _run(folder, options)


@contextlib.contextmanager
def in_turn(folder: Path) -> Iterator[None]:
    """Let one test process at a time into the block: the first one makes ``folder``, the others read it."""
    with folder.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def exclusively(name: str) -> Iterator[None]:
    """Let one test process of a network at a time into the block: addresses on loopback are not the worker's.

    A network namespace has a loopback of its own, so whoever is in another one need not wait.
    """
    with _lock_file(f"{name}-{os.getuid()}-{Path('/proc/self/ns/net').stat().st_ino}") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_file(name: str) -> IO[str]:
    folder = Path(tempfile.gettempdir())
    try:
        return (folder / f"camaudit-test-{name}.lock").open("a")
    except PermissionError:
        # Root in a user namespace is not the root whose file that is.
        return (folder / f"camaudit-test-{name}-inside.lock").open("a")


def _run(folder: Path, options: tuple[str, ...]) -> Iterator[LiveFleet]:
    truth, log = folder / "truth.json", folder / "requests.jsonl"
    command = [sys.executable, "-m", "camaudit.simulator", "--truth", str(truth), "--log", str(log), *options]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        ready = process.stdout.readline() if process.stdout else ""
        assert ready.startswith("ready"), f"the simulator did not start: {ready!r}"
        yield LiveFleet(json.loads(truth.read_text("utf-8")), log)
    finally:
        process.terminate()
        process.wait(timeout=30)
