"""Cameras in the lab: one namespace that holds many addresses, and the programs that answer there."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lan.lab import NETWORK, Lab

ROOT = Path(__file__).resolve().parents[2]
KINDS = ("hikvision-camera", "dahua-camera", "axis-camera", "reolink-camera", "uniview-camera", "hanwha-camera")
VIDEO = frozenset({"camera", "recorder", "door-station", "encoder"})


def layout(count: int) -> list[tuple[str, str, str]]:
    """Return that many cameras from 198.51.100.1 on: address, profile, serial."""
    return [(f"198.51.100.{1 + at}", KINDS[at % len(KINDS)], f"5D0{at:04d}") for at in range(count)]


@contextlib.contextmanager
def served(lab: Lab, number: int, *command: str) -> Iterator[None]:
    """Run a server on the lab's ``number``-th host until the block ends."""
    process = lab.serve(number, "env", f"PYTHONPATH={ROOT}", sys.executable, *command)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("ready")
        yield
    finally:
        process.kill()
        process.communicate()


@contextlib.contextmanager
def cameras(lab: Lab, devices: Sequence[tuple[str, str, str]], folder: Path) -> Iterator[None]:
    """Add a host with the addresses of ``devices`` to a lab that has none, and serve them."""
    first, *others = [address for address, _, _ in devices]
    lab.host(first, "02:00:00:00:00:01")
    lab.more(1, others)
    file = folder / "layout.json"
    file.write_text(json.dumps(devices), "utf-8")
    with served(lab, 1, "-m", "benchmarks.fleet", str(file), first):
        yield


def audit(
    lab: Lab, folder: Path, *options: str, privileged: bool = True, codes: Sequence[int] = (0, 1)
) -> dict[str, Any]:
    """Audit the lab's network from its scanner and return report.json."""
    folder.chmod(0o777)
    command = [sys.executable, "-m", "camaudit", "audit", NETWORK, "--yes", "--quiet", *options]
    command += ["--store", f"sqlite:///{folder / 'runs.sqlite3'}", "--output", str(folder / "out")]
    done = subprocess.run(
        lab.scanning(*command, privileged=privileged), cwd=folder, capture_output=True, text=True, timeout=600
    )
    assert done.returncode in codes, done.stderr
    return dict(json.loads((folder / "out" / "report.json").read_text("utf-8")))


def found(report: dict[str, Any]) -> dict[str, str]:
    """Return the maker of each device that the report shows as video equipment, by address."""
    return {
        device["address"]: device["maker"]["id"]
        for device in report["devices"]
        if device["video"] or device["kind"] in VIDEO
    }


def limits(report: dict[str, Any]) -> str:
    """Return everything that the coverage says was not possible."""
    return "\n".join(report["coverage"]["limits"])
