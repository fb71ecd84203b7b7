"""The use case of following up: which earlier run to compare with, and what became of its plan."""

from __future__ import annotations

from dataclasses import replace

from camaudit.errors import UsageError
from camaudit.model import Report
from camaudit.plan import progress
from camaudit.store import Store, StoredRun

LAST = "last"
"""The name of the newest complete run of the same site before the one at hand."""


def earlier_run(store: Store, stored: StoredRun, name: str) -> StoredRun | None:
    """Return the run to compare with; ``None`` where ``last`` finds none.

    Raises UsageError where a run that is named is not there, or is the run at hand itself.
    """
    if name != LAST:
        found = store.run(name)
        if found.run.id == stored.run.id:
            raise UsageError(f"--since {name}: that is the run itself; give an earlier one (see `camaudit runs`)")
        return found
    for run in store.runs():
        # A run that ended early saw only a part: what it lacks would look new.
        if run.finished is not None and run.started < stored.run.started:
            candidate = store.run(run.id)
            if candidate.site.name == stored.site.name:
                return candidate
    return None


def compared(before: Report, after: Report) -> Report:
    """Return the later report with what became of the items of the earlier one's plan."""
    return replace(after, progress=progress(before, after))
