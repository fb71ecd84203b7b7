"""The use case of following up: which earlier run to compare with, and what became of its plan."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from camaudit.errors import UsageError
from camaudit.model import Report
from camaudit.plan import progress
from camaudit.store import Store, StoredRun

LAST = "last"
"""The name of the newest complete run of the same site before the one at hand."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def check_since(name: str | None, store: Store) -> None:
    """Raise UsageError where an earlier run cannot be meant by ``name``; said before anything is sent."""
    if name is not None and name != LAST and _day(name) is None:
        store.run(name)


def _day(name: str) -> date | None:
    """Return the day that is meant, if one is; raise UsageError where it does not exist or is yet to come."""
    if not _DAY.fullmatch(name):
        return None
    try:
        day = date.fromisoformat(name)
    except ValueError:
        raise UsageError(f"--since {name}: no such day; write it as 2026-09-01") from None
    if day > datetime.now(UTC).date():
        raise UsageError(f"--since {name}: that day is yet to come; give one that has been")
    return day


def earlier_run(store: Store, stored: StoredRun, name: str) -> StoredRun | None:
    """Return the run to compare with; ``None`` where ``last`` or a day finds none.

    A day means how things stood at its end (in UTC): the newest complete run of the site until then, or, where
    none is that old, the first one after. Raises UsageError where a run that is named is not there, or is the run
    at hand itself.
    """
    day = _day(name)
    if day is not None:
        return _on(store, stored, datetime.combine(day + timedelta(days=1), time(), UTC))
    if name != LAST:
        found = store.run(name)
        if found.run.id == stored.run.id:
            raise UsageError(f"--since {name}: that is the run itself; give an earlier one (see `camaudit runs`)")
        return found
    earlier = _earlier(store, stored)
    return store.run(earlier[0]) if earlier else None


def _earlier(store: Store, stored: StoredRun) -> list[str]:
    """Return the complete runs of the site before the one at hand, the newest first."""
    sites = store.sites()
    # A run that ended early saw only a part: what it lacks would look new.
    before = (run for run in store.runs() if run.finished is not None and run.started < stored.run.started)
    return [run.id for run in before if sites[run.id] == stored.site.name]


def _on(store: Store, stored: StoredRun, end: datetime) -> StoredRun | None:
    started = {run.id: run.started for run in store.runs()}
    earlier = _earlier(store, stored)
    until = [run for run in earlier if started[run] < end]
    found = until[:1] or earlier[-1:]
    return store.run(found[0]) if found else None


def compared(before: Report, after: Report) -> Report:
    """Return the later report with what became of the items of the earlier one's plan."""
    return replace(after, progress=progress(before, after))
