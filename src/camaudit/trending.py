"""The use case of trends: which run stands for each term of a site, and how many were left in it.

In go the store and a way to divide the year, out comes a ``Trend`` for each site. Nothing is sent or written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from camaudit import __version__
from camaudit.audit import judge
from camaudit.catalogue import Catalogue
from camaudit.changes.terms import Scheme, Term, terms_between
from camaudit.changes.trend import Stand, trend
from camaudit.comparing import judgement_of, setting_of
from camaudit.marks import marks
from camaudit.model import Judgement, Run
from camaudit.model.changed import Trend
from camaudit.report.change_words import change_words
from camaudit.scan import parse_scope
from camaudit.store import Store
from camaudit.store.reaches import Reach, reaches

By = Scheme | tuple[Term, ...]
"""How the time is divided: in one of the usual ways, or into the operator's own periods."""

_WIDE = 0.9
"""A run that asked this share of what the widest of its term asked may stand for the term; the latest does."""


def trends(
    store: Store, catalogue: Catalogue, by: By, only: Sequence[str] = (), until: datetime | None = None
) -> tuple[Trend, ...]:
    """Return the terms of each site of the store, or of those named in ``only``, by name.

    ``until`` leaves out what began later: a report of an old run says nothing of what came after it.
    """
    sites = store.sites()
    reach = reaches(store)
    today = marks(catalogue)
    by_site: dict[str, list[Run]] = {}
    for run in store.runs():
        if until is not None and run.started > until:
            continue
        by_site.setdefault(sites[run.id], []).append(run)
    wanted = {name: by_site[name] for name in sorted(by_site) if not only or name in only}
    days = [run.started.date() for runs in wanted.values() for run in runs]
    terms = _terms(by, min(days), max(days)) if days else ()
    return tuple(
        trend(name, (_stand(store, catalogue, term, _of_a_kind(runs), reach, today) for term in terms))
        for name, runs in wanted.items()
    )


def _terms(by: By, first: date, last: date) -> tuple[Term, ...]:
    if not isinstance(by, Scheme):
        return tuple(term for term in by if term.first <= last)
    return tuple(Term(_name(term), term.first, term.last) for term in terms_between(by, first, last))


def _name(term: Term) -> str:
    said = change_words().trend[term.name]
    return said.format(year=term.first.year, next=term.first.year + 1, number=term.number)


def _of_a_kind(runs: Sequence[Run]) -> list[Run]:
    """Return the scans of a site; where there is none, what was imported or overheard."""
    return [run for run in runs if run.origin.startswith("scan")] or list(runs)


def _stand(
    store: Store,
    catalogue: Catalogue,
    term: Term,
    runs: Sequence[Run],
    reach: Mapping[str, Reach],
    today: Mapping[str, str],
) -> Stand:
    mine = [run for run in runs if term.first <= run.started.date() <= term.last]
    complete = [run for run in mine if run.finished is not None]
    asked = {run.id: _asked(run, reach[run.id]) for run in complete or mine}
    if not asked:
        return Stand(term)
    wide = max(asked.values()) * _WIDE
    run = max((run for run in mine if asked.get(run.id, -1) >= wide), key=lambda run: (run.started, run.id))
    return Stand(
        term,
        run.id,
        run.started.date(),
        run.finished is not None,
        asked[run.id],
        reach[run.id].answered,
        _judged(store, catalogue, run, term, today),
    )


def _asked(run: Run, reach: Reach) -> int:
    """Return how many addresses a run asked; one that ended early asked only what it had come to."""
    if not reach.resolved[0]:
        return reach.met
    if run.finished is None:
        return max(reach.swept, reach.met)
    return max(parse_scope(*reach.resolved, allow_public=True).size(), reach.met)


def _judged(store: Store, catalogue: Catalogue, run: Run, term: Term, today: Mapping[str, str]) -> Judgement:
    """Return what is said of a run by what is known today: as it was kept, where that is the same."""
    said = store.judgements(run.id)
    # A run that is looked at again years later is judged by that day's law: its own term's judgement counts.
    kept = next(_latest_within(said, term), said[0] if said else None)
    if kept is not None and dict(kept.marks) == dict(today) and kept.tool_version == __version__:
        return kept
    stored = store.run(run.id)
    how = setting_of(kept, stored)
    again = judge(stored, catalogue, as_of=how.day, site=how.site, policies=how.chosen, waivers=how.waivers)
    return judgement_of(again, catalogue, how.waivers, how.chosen)


def _latest_within(said: Sequence[Judgement], term: Term) -> Iterator[Judgement]:
    return (kept for kept in reversed(said) if term.first <= kept.as_of <= term.last)
