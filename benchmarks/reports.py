"""What a report costs by format and size: ``python -m benchmarks.reports [--quick] [--write]``.

Each format is written by a process of its own, which holds nothing but the judged report of an estate
(``benchmarks/estates.py``): its seconds, its peak of memory and the size of its files are what is shown.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import table
from benchmarks.estates import generated
from camaudit.report.write import FORMATS, NAMES, write

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
_BLOCK = re.compile(r"(?s)(<!-- reports -->\n).*?(<!-- end of reports -->)")
SIZES = (1000, 20_000)
_ROUNDS = 3
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What one format at one size may cost; ``None`` is not limited."""

    seconds: float | None = None
    memory_mb: float | None = None
    size_mb: float | None = None


LIMITS = {
    ("html", 1000): Limits(1, None, 2),
    ("pdf", 1000): Limits(5, 400),
    ("xlsx", 1000): Limits(1),
    ("html", 20_000): Limits(None, 600),
    ("pdf", 20_000): Limits(None, 600),
    ("xlsx", 20_000): Limits(5, 600),
    ("csv", 20_000): Limits(None, 600),
    ("json", 20_000): Limits(None, 600),
    ("oscal", 20_000): Limits(None, 600),
    ("cyclonedx", 20_000): Limits(None, 600),
}
"""What the project set itself."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What writing one format cost; memory is the peak of the whole process, with the report in it."""

    wall_s: float
    cpu_s: float
    memory_mb: float
    size_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; with ``--write`` put it into docs/performance.md; return 1 where a limit was missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.reports", description="What a report costs.")
    parser.add_argument("--quick", action="store_true", help="1,000 devices only, once")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--one", nargs=3, metavar=("FORMAT", "REPORT", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        print(json.dumps(_one(*options.one)))
        return 0
    sizes, rounds = (SIZES[:1], 1) if options.quick else (SIZES, _ROUNDS)
    lines, missed = [], False
    with TemporaryDirectory(prefix="camaudit-reports-") as folder:
        for count in sizes:
            report = generated(count)
            kept = Path(folder) / f"{count}.pickle"
            kept.write_bytes(pickle.dumps(report))
            for name in NAMES:
                spent = [_measured(name, kept, Path(folder)) for _ in range(rounds)]
                line, good = _line(name, count, spent)
                lines.append(line)
                missed |= not good
                print(line, file=sys.stderr, flush=True)
            lines.append(f"| | | {len(report.findings)} findings | | | | |")
    text = _told(lines, rounds)
    print(text)
    if options.write:
        _PAGE.write_text(_BLOCK.sub(lambda found: found[1] + text + found[2], _PAGE.read_text("utf-8")), "utf-8")
    return 1 if missed else 0


def _measured(name: str, report: Path, folder: Path) -> Spent:
    command = [sys.executable, "-m", "benchmarks.reports", "--one", name, str(report), str(folder / name)]
    paths = f"{_ROOT}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    ran = subprocess.run(
        command, cwd=_ROOT, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True, check=True,
        timeout=600,
    )  # fmt: skip
    return Spent(*json.loads(ran.stdout))


def _one(name: str, report: str, folder: str) -> tuple[float, float, float, float]:
    """Write one format in this process, as an audit does at its end: what it needs is loaded while it is timed."""
    loaded = pickle.loads(Path(report).read_bytes())  # noqa: S301 - our own file, written a moment ago
    begun, cpu = time.monotonic(), time.process_time()
    files = write(loaded, [name], Path(folder))
    wall_s, cpu_s = time.monotonic() - begun, time.process_time() - cpu
    return wall_s, cpu_s, _peak_mb(), sum(file.stat().st_size for file in files) / _MB


def _peak_mb() -> float:
    """Return the most memory that this program held; ru_maxrss would count what its parent held too."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024 / _MB if found else 0.0


def _line(name: str, count: int, spent: Sequence[Spent]) -> tuple[str, bool]:
    wall_s = statistics.median(each.wall_s for each in spent)
    cpu_s = statistics.median(each.cpu_s for each in spent)
    memory_mb = max(each.memory_mb for each in spent)
    size_mb = spent[0].size_mb
    good, limits = verdict(name, count, wall_s, memory_mb, size_mb)
    files = ", ".join(each.file for each in FORMATS if each.name == name)
    cells = (f"{count:,}", files, f"{wall_s:.2f}", f"{cpu_s:.2f}", f"{memory_mb:.0f}", f"{size_mb:.2f}", limits)
    return f"| {' | '.join(cells)} |", good


def verdict(name: str, count: int, wall_s: float, memory_mb: float, size_mb: float) -> tuple[bool, str]:
    """Say whether a format kept its limits, and name them."""
    limits = LIMITS.get((name, count))
    if limits is None:
        return True, "–"
    held = (
        (limits.seconds, wall_s, "s"),
        (limits.memory_mb, memory_mb, "MB of memory"),
        (limits.size_mb, size_mb, "MB"),
    )
    asked = [(most, found, unit) for most, found, unit in held if most is not None]
    good = all(found <= most for most, found, _ in asked)
    return good, f"{', '.join(f'{most:g} {unit}' for most, _, unit in asked)}: {'met' if good else '**MISSED**'}"


def _told(lines: Sequence[str], rounds: int) -> str:
    head = (
        "| devices | files | wall s | CPU s | peak MB | MB written | at most |",
        "| ---: | --- | ---: | ---: | ---: | ---: | --- |",
    )
    said = (
        f"Measured {date.today():%Y-%m-%d}, median of {rounds}: {table.machine('nmap not used')}. Each format is "
        f"written by a process of its own; {os.getloadavg()[1]:.0f} processes wanted the processor meanwhile."
    )
    return "\n".join((said, "", *head, *lines, ""))


if __name__ == "__main__":
    sys.exit(main())
