"""What an estate costs by its size: ``python -m benchmarks.sites [--quick] [--postgres] [--write]``.

A generated estate (``benchmarks/county.py``) is filled through the hub's own way of taking results, ten looks at
every site, and then asked as an operator asks: the report over all sites, and what changed since the look before.
Each question is a process of its own; what it holds in memory is its own peak, or that of its largest helper.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import measure, table

_ROOT = Path(__file__).resolve().parent.parent
_PAGE = _ROOT / "docs" / "performance.md"
_BLOCK = re.compile(r"(?s)(<!-- sites -->\n).*?(<!-- end of sites -->)")
SIZES = (1000, 10_000, 100_000)
LOOKS = 10
_A_SITE = 500
_OTHER_DAY = "2018-01-01"
_AT_MOST_S = 7200
MOST_BYTES, MOST_DIFF_S, MOST_REPORT_S, MOST_MIB, MOST_RATIO = 1000, 10.0, 30.0, 1024, 1.5
"""Bytes a device and look, seconds of a comparison and of a report, its memory, and growth beyond linear."""
REPORT_NEW, REPORT_LAW, REPORT = "report, nothing remembered", "report, by another law", "report, once more"
CHANGES_NEW, CHANGES = "changes, the earlier look not remembered", "changes at every site"
DIFF_NEW, DIFF = "diff of one site, nothing remembered", "diff of one site with all devices"


@dataclass(frozen=True, slots=True)
class Row:
    """One size: what filling it cost, what it takes on disk, and what its questions cost."""

    devices: int
    take_ms: float
    first_bytes: float
    later_bytes: float
    asked: dict[str, measure.Spent]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; with ``--write`` put it into docs/performance.md; return 1 where a limit was missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.sites", description="What an estate costs by its size.")
    parser.add_argument("--quick", action="store_true", help="1,000 and 10,000 devices only")
    parser.add_argument("--postgres", action="store_true", help="in a PostgreSQL of our own instead of SQLite")
    parser.add_argument("--write", action="store_true", help="put the figures into docs/performance.md")
    parser.add_argument("--fill", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.fill:
        devices, a_site, looks, folder, url = options.fill
        print(json.dumps(_fill(int(devices), int(a_site), int(looks), Path(folder), url)))
        return 0
    rows = []
    for devices in SIZES[:2] if options.quick else SIZES:
        with TemporaryDirectory(prefix="camaudit-sites-") as name, _store(Path(name), options.postgres) as store:
            row = _measured(devices, Path(name), store)
        with TemporaryDirectory(prefix="camaudit-sites-") as name, _store(Path(name), options.postgres) as store:
            rows.append(replace(row, asked=row.asked | _one_site(devices, Path(name), store)))
        print(rows[-1], file=sys.stderr, flush=True)
    text, missed = told(rows, "PostgreSQL" if options.postgres else "SQLite")
    print(text)
    if options.write and not options.postgres:
        _PAGE.write_text(_BLOCK.sub(lambda found: found[1] + text + found[2], _PAGE.read_text("utf-8")), "utf-8")
    return 1 if missed else 0


@contextlib.contextmanager
def _store(folder: Path, postgres: bool) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder / 'hub.sqlite3'}"
        return
    sys.path.append(str(_ROOT / "tests"))
    from postgres import running

    with running() as url:
        yield url


def _fill(devices: int, a_site: int, looks: int, folder: Path, url: str) -> dict[str, object]:
    """Fill a store and say what it holds after the first and after the last look, and how long that took."""
    from benchmarks.county import County, fill, write_files
    from camaudit.store import Store

    county = County(devices // a_site, a_site)
    estate, store = write_files(folder, county), Store(url)
    sizes, begun = [], time.process_time()
    for _ in fill(store, estate, county, looks):
        sizes.append(_bytes(url))
    return {"cpu_s": time.process_time() - begun, "sizes": sizes}


def _bytes(url: str) -> int:
    """Return the bytes that a store takes up, with its indexes."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            pages, free, size = (
                connection.execute(f"PRAGMA {what}").fetchone()[0]
                for what in ("page_count", "freelist_count", "page_size")
            )
        return int((pages - free) * size)
    from sqlalchemy import create_engine, text

    engine = create_engine(url)
    with engine.begin() as connection:
        size = "select sum(pg_total_relation_size(relid)) from pg_stat_user_tables"
        found = connection.execute(text(size)).scalar()
    engine.dispose()
    return int(found or 0)


def _measured(devices: int, folder: Path, store: str) -> Row:
    filled = _filled(devices, _A_SITE, LOOKS, folder, store)
    first, last = filled["sizes"][0], filled["sizes"][-1]
    where = ("--estate", str(folder / "estate.yaml"), "--store", store)
    report = ("-m", "camaudit", "estate", "report", *where, "--output", str(folder / "out"), "--quiet")
    changes = ("-m", "camaudit", "estate", "changes", *where, "--json")
    asked = {
        REPORT_NEW: _run(folder, *report),
        REPORT_LAW: _run(folder, *report, "--as-of", _OTHER_DAY),
        REPORT: _run(folder, *report, "--as-of", _OTHER_DAY),
        CHANGES_NEW: _run(folder, *changes),
        CHANGES: _run(folder, *changes),
    }
    took_ms = 1000 * filled["cpu_s"] / devices / LOOKS
    return Row(devices, took_ms, first / devices, (last - first) / devices / (LOOKS - 1), asked)


def _one_site(devices: int, folder: Path, store: str) -> dict[str, measure.Spent]:
    """Compare two looks at one site that has all the devices."""
    _filled(devices, devices, 2, folder, store)
    diff = ("-m", "camaudit", "diff", "--store", store, "--fail-on", "never", "--quiet")
    return {DIFF_NEW: _run(folder, *diff), DIFF: _run(folder, *diff)}


def _filled(devices: int, a_site: int, looks: int, folder: Path, store: str) -> dict[str, Any]:
    _run(folder, "-m", "benchmarks.sites", "--fill", *map(str, (devices, a_site, looks, folder, store)))
    said: dict[str, Any] = json.loads((folder / "output.log").read_text().strip().splitlines()[-1])
    return said


def _run(folder: Path, *command: str) -> measure.Spent:
    paths = os.pathsep.join((str(_ROOT), str(_ROOT / "src"), os.environ.get("PYTHONPATH", "")))
    environment = {**os.environ, "PYTHONPATH": paths, "NO_COLOR": "1"}
    spent = measure.run([sys.executable, *command], folder=folder, environment=environment, at_most_s=_AT_MOST_S)
    if not spent.ended or spent.code != 0:
        raise RuntimeError(f"{' '.join(command)}: {(folder / 'output.log').read_text('utf-8', 'replace')[-500:]}")
    return spent


_LIMITS = {
    REPORT: (MOST_REPORT_S, MOST_MIB),
    REPORT_LAW: (MOST_REPORT_S, MOST_MIB),
    CHANGES: (MOST_DIFF_S, MOST_MIB),
    DIFF: (MOST_DIFF_S, None),
}
"""What is limited at the largest size: seconds and MiB."""


def told(rows: Sequence[Row], database: str) -> tuple[str, bool]:
    """Return the figures as Markdown, and whether a limit was missed."""
    large = rows[-1]
    said = [
        f"Measured {date.today():%Y-%m-%d} on {database}: {table.machine('nmap not used')}; {LOOKS} looks at "
        f"sites of {_A_SITE} devices, one device in a hundred changed from look to look. "
        f"{os.getloadavg()[1]:.0f} processes wanted the two cores meanwhile.",
        _table(
            ("devices", "ms CPU to take a device's result", "bytes of its first look", "bytes of each later look"),
            [(f"{r.devices:,}", f"{r.take_ms:.2f}", f"{r.first_bytes:.0f}", f"{r.later_bytes:.0f}") for r in rows],
        ),
    ]
    small = large.later_bytes < MOST_BYTES
    shown, missed = [], not small
    for name in large.asked:
        for row in rows:
            spent = row.asked[name]
            verdict, bad = _verdict(name, spent) if row is large else ("", False)
            missed |= bad
            cells = (f"{spent.wall_s:.1f}", f"{spent.cpu_s:.1f}", f"{spent.rss_mib:.0f}")
            shown.append((name, f"{row.devices:,}", *cells, verdict))
    said.append(_table(("asked", "devices", "wall s", "CPU s", "peak MiB", "at most"), shown))
    growth, bad = _growth(rows)
    said.append(
        f"At most {MOST_BYTES} bytes a device and later look: {'met' if small else '**MISSED**'}. {growth}"
    )
    return "\n\n".join(said) + "\n", missed or bad


def _verdict(name: str, spent: measure.Spent) -> tuple[str, bool]:
    if name not in _LIMITS:
        return "–", False
    seconds, mib = _LIMITS[name]
    bad = spent.wall_s > seconds or (mib is not None and spent.rss_mib > mib)
    limit = f"{seconds:g} s" + (f", {mib} MiB" if mib else "")
    return f"{limit}: {'**MISSED**' if bad else 'met'}", bad


def _growth(rows: Sequence[Row]) -> tuple[str, bool]:
    """Say how processor time grew from the second to the last size, against the devices."""
    if len(rows) < 3:
        return "", False
    before, after = rows[-2], rows[-1]
    times = after.devices / before.devices
    # What a program costs before it reads anything is no part of its growth.
    base = {name: rows[0].asked[name].cpu_s for name in after.asked}
    ratios = {
        name: (after.asked[name].cpu_s - base[name]) / max(before.asked[name].cpu_s - base[name], 0.05) / times
        for name in (REPORT_NEW, REPORT_LAW, CHANGES, DIFF)
    }
    worst = max(ratios.values())
    text = ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items())
    return f"Processor time a device, {after.devices:,} against {before.devices:,}: {text}.", worst > MOST_RATIO


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
