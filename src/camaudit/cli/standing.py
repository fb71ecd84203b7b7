"""An estate on the screen: how far a pass over it is, drawn once or until all is done; and what it came to."""

from __future__ import annotations

import time
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from camaudit.estate.gather import standing
from camaudit.report.estate import EstateReport, cost_text
from camaudit.report.estate_html import answer, more
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


_MOST_LINES = 12


def show_overview(report: EstateReport, written: tuple[Path, ...]) -> None:
    """Print what the report over all sites says first, its worst sites, and where the files are."""
    console, words = Console(highlight=False), estate_words()
    console.print(answer(report))
    for sentence in more(report):
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
