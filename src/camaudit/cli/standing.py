"""How far a pass over an estate is, as a table; drawn once, or anew until all is done."""

from __future__ import annotations

import time

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from camaudit.estate.gather import standing
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
