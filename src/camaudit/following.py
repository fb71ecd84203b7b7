"""The use case of following up: which earlier runs to compare with, and what became of them in a report."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from camaudit.audit import FirstSeen, judge
from camaudit.errors import UsageError
from camaudit.model import Report, Run, Since
from camaudit.plan import progress
from camaudit.store import Store, StoredRun

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue
    from camaudit.changes import Past
    from camaudit.comparing import Look

LAST = "last"
"""The name of the newest complete run of the same site before the one at hand."""
_MOST_REMEMBERED = 8
"""Runs before the two compared that are asked who is only back: enough for more than two years of terms."""
_MOST_ANEW = 2
"""Of these, how many that nobody ever judged are judged for it: each costs as much as the comparison itself."""
_MOST_UNITS = 200_000
"""Units of earlier runs that are read for it, ten microseconds each: of a very large site fewer runs are asked."""
_MOST_FOR_DAYS = 3
"""Runs that are asked since when units are known; each kept it of its own: more than one bridges silence."""

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
    earlier = next(_earlier(store, stored.run, stored.site.name), None)
    return store.run(earlier.id) if earlier is not None else None


def _on(store: Store, stored: StoredRun, end: datetime) -> StoredRun | None:
    earlier = list(_earlier(store, stored.run, stored.site.name))
    until = [run for run in earlier if run.started < end]
    found = until[:1] or earlier[-1:]
    return store.run(found[0].id) if found else None


def _earlier(store: Store, run: Run, site: str) -> Iterator[Run]:
    """Yield the complete runs of a site before one, the newest first, of those made in the same way."""
    sites = store.sites()
    for each in store.runs():
        # A run that ended early saw only a part: what it lacks would look new. So does a register beside a scan.
        alike = each.origin.partition("+")[0] == run.origin.partition("+")[0]
        if each.finished is not None and each.started < run.started and alike and sites.get(each.id) == site:
            yield each


def past_of(
    store: Store, before: StoredRun, catalogue: Catalogue, *, most: int = _MOST_REMEMBERED, anew: int = _MOST_ANEW
) -> Iterator[Past]:
    """Yield what was said of the runs before ``before``, the newest first; none is read before it is asked for.

    ``anew`` of those that nobody ever judged are judged for it.
    """
    from camaudit.changes import Past
    from camaudit.comparing import judgement_of

    units = 0
    for run in islice(_earlier(store, before.run, before.site.name), most):
        if units >= _MOST_UNITS:
            return
        day, said = run.started.date(), store.judgements(run.id)
        if not said and anew > 0:
            anew -= 1
            said = (judgement_of(judge(store.run(run.id), catalogue, as_of=day), catalogue, (), ()),)
        if said:
            units += len(said[-1].units)
            yield Past(day, said[-1])


def first_seen_in(store: Store, stored: StoredRun, catalogue: Catalogue) -> FirstSeen:
    """Return what tells since when the units of a run are known, by the last runs before it."""
    from camaudit.changes.remembered import first_seen

    return lambda devices: first_seen(devices, past_of(store, stored, catalogue, most=_MOST_FOR_DAYS, anew=0))


def compared(before: Report, after: Report) -> Report:
    """Return the later report with what became of the items of the earlier one's plan."""
    return replace(after, progress=progress(before, after))


def with_changes(report: Report, before: Look, after: Look, store: Store, catalogue: Catalogue) -> Report:
    """Return the report with what changed since the earlier look, and what became of the plan that it had then."""
    from camaudit.comparing import Asked, difference, notices
    from camaudit.report.change_sentences import not_seen, notice

    found = difference(before, after, catalogue, past_of(store, before.stored, catalogue))
    said = notices(before, after, Asked(), store, catalogue)
    since = Since(
        run=before.stored.run,
        as_of=before.setting.day,
        units=found.units,
        verdicts=found.verdicts,
        unseen=found.unseen,
        notices=tuple(notice(key, told) for key, told in said),
    )
    lost = len({each.unit.before.id for each in found.unseen if each.unit.before is not None})
    first = (not_seen(lost),) if lost else ()
    how = before.setting
    # Judged by its own day and site: a point that an answer has closed since stood in the plan then.
    then = judge(before.stored, catalogue, as_of=how.day, site=how.site, policies=how.chosen, waivers=how.waivers)
    return compared(then, replace(report, since=since, notices=(*first, *report.notices)))
