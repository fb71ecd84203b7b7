"""An estate on the screen: how far a pass over it is, drawn once or until all is done; and what it came to."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from camaudit.changes import What
from camaudit.estate.gather import standing
from camaudit.estate.since import SiteChange
from camaudit.report.estate import EstateReport, cost_text
from camaudit.report.estate_html import answer, gaps, more
from camaudit.report.estate_words import estate_words
from camaudit.report.safe import visible
from camaudit.store import Store
from camaudit.store.jobs import StoredJob, jobs_of

_EVERY_S = 1.0


def show(store: Store, *, watch: bool) -> None:
    """Print the table; with ``watch`` until no job waits, or Ctrl-C."""
    console = Console(highlight=False)
    jobs = jobs_of(store)
    if not jobs:
        console.print("no pass over an estate yet; begin one with `camaudit estate run`")
        return
    if not watch:
        console.print(table_of(jobs))
        return
    with Live(table_of(jobs), console=console, auto_refresh=False) as live:
        while any(job.state == "waiting" for job in jobs):
            time.sleep(_EVERY_S)
            jobs = jobs_of(store, jobs[0].batch)
            live.update(table_of(jobs), refresh=True)


def table_of(jobs: tuple[StoredJob, ...]) -> Table:
    """Return the table: a line for each site, with what its jobs came to."""
    table = Table("site", "jobs", "done", "waiting", "not done", "", box=None, pad_edge=False)
    notes = {job.site: job.note for job in jobs if job.note}
    for site, counts in standing(jobs).items():
        waits, wrong = counts["waiting"], counts["refused"] + counts["failed"]
        state = (
            "complete" if not waits and not wrong else "waiting for its worker" if waits else notes.get(site, "")
        )
        numbers = (sum(counts.values()), counts["done"], waits, wrong)
        table.add_row(escape(site), *map(str, numbers), escape(visible(state, 80)))
    return table


_SHOWN = (What.NEW, What.GONE, What.SILENT, What.MOVED, What.REPLACED, What.FIRMWARE, What.CHANGED)
_MOST_CHANGED = 40


def show_changes(found: Iterable[SiteChange], *, as_json: bool) -> None:
    """Print what changed at each site, those where most rules were newly broken first."""
    console = Console(highlight=False)
    if as_json:
        for each in found:
            console.file.write(json.dumps(asdict(each)) + "\n")
        return
    lines = list(found)
    compared = [line for line in lines if line.before]
    table = Table("site", "broken", "closed", *(what.value for what in _SHOWN), box=None, pad_edge=False)
    moved = [line for line in compared if _changed(line)]
    for line in sorted(moved, key=lambda line: (-line.opened, -line.closed, line.site))[:_MOST_CHANGED]:
        numbers = (line.opened, line.closed, *(line.units[what] for what in _SHOWN))
        table.add_row(escape(visible(line.name or line.site, 40)), *(str(n) if n else "" for n in numbers))
    if moved:
        console.print(table)
    if len(moved) > _MOST_CHANGED:
        console.print(f"and {len(moved) - _MOST_CHANGED} more sites; --json gives them all")
    same = len(compared) - len(moved)
    console.print(f"{same} of {len(lines)} sites are as they were")
    if len(lines) > len(compared):
        console.print(f"{len(lines) - len(compared)} have no two finished scans yet")


def _changed(line: SiteChange) -> bool:
    return bool(line.opened or line.closed or any(line.units[what] for what in What if what is not What.SAME))


_MOST_LINES, _MOST_NAMES = 12, 8


def show_overview(report: EstateReport, written: tuple[Path, ...]) -> None:
    """Print what the report over all sites says first, its worst sites, and where the files are."""
    console, words = Console(highlight=False), estate_words()
    console.print(answer(report))
    for sentence in (*more(report), *gaps(report, _MOST_NAMES)):
        console.print(escape(sentence))
    columns = ("name", "state", "video", "violations", "reviews", "due", "cost")
    table = Table(*(words.columns[key] for key in columns), box=None, pad_edge=False)
    for line in report.lines[:_MOST_LINES]:
        shown = (str(line.counts[key]) for key in ("video", "violations", "reviews"))
        name = escape(visible(line.name or line.id, 40))
        table.add_row(name, words.states[line.state], *shown, line.due, cost_text(line.cost))
    console.print(table)
    if len(report.lines) > _MOST_LINES:
        console.print(f"and {len(report.lines) - _MOST_LINES} more sites, see the report")
    console.print(f"Reports: {written[0].parent}: {', '.join(file.name for file in written)}")
