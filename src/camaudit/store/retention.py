"""Which runs may go: in go all runs, the sites they belong to and a day, out come those that need not be kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from camaudit.model import Run


def may_go(runs: Iterable[Run], sites: Mapping[str, str], before: datetime) -> tuple[Run, ...]:
    """Return the runs that began before ``before`` and that no one needs for a comparison, the oldest first.

    Of each site stay its newest run and, for each year, the last that was completed: what a trend is drawn from.
    """
    ordered = sorted(runs, key=lambda run: (run.started, run.id))
    newest = {sites.get(run.id, ""): run.id for run in ordered}
    of_year = {(sites.get(run.id, ""), run.started.year): run.id for run in ordered if run.finished is not None}
    kept = {*newest.values(), *of_year.values()}
    return tuple(run for run in ordered if run.started < before and run.id not in kept)
