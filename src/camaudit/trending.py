"""The use case of trends: which run stands for each term of a site, and how many were left in it.

In go the store and a way to divide the year, out comes a ``Trend`` for each site. Nothing is sent or written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
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
    book = _Book(store, catalogue, reaches(store), marks(catalogue))
    by_site: dict[str, list[Run]] = {}
    for run in store.runs():
        if until is None or run.started <= until:
            by_site.setdefault(sites[run.id], []).append(run)
    wanted = {name: by_site[name] for name in sorted(by_site) if not only or name in only}
    days = [run.started.date() for runs in wanted.values() for run in runs]
    terms = _terms(by, min(days), max(days)) if days else ()
    return tuple(trend(name, book.stands(_of_a_kind(runs), terms)) for name, runs in wanted.items())


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


@dataclass(frozen=True, slots=True)
class _Book:
    """What the terms of all sites are read from."""

    store: Store
    catalogue: Catalogue
    reach: Mapping[str, Reach]
    today: Mapping[str, str]

    def stands(self, runs: Sequence[Run], terms: Sequence[Term]) -> Iterator[Stand]:
        """Yield what stands for each term of a site; ``runs`` are its, the newest first."""
        newest = self.store.judgements(runs[0].id)
        # Packs that were named by hand once and not again would look like points that were closed.
        chosen = newest[-1].chosen if newest else ()
        return (self._stand(term, runs, chosen) for term in terms)

    def _stand(self, term: Term, runs: Sequence[Run], chosen: tuple[str, ...]) -> Stand:
        mine = [run for run in runs if term.first <= run.started.date() <= term.last]
        complete = [run for run in mine if run.finished is not None]
        asked = {run.id: _asked(run, self.reach[run.id]) for run in complete or mine}
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
            self.reach[run.id].answered,
            self._judged(run, term, chosen),
        )

    def _judged(self, run: Run, term: Term, chosen: tuple[str, ...]) -> Judgement:
        """Return what is said of a run by what is known today: as it was kept, where that is the same."""
        said = self.store.judgements(run.id)
        # A run that is looked at again years later is judged by that day's law: its own term's judgement counts.
        own = next((kept for kept in reversed(said) if term.first <= kept.as_of <= term.last), None)
        if own is not None and self._still_said(own) and own.chosen == chosen:
            return own
        stored = self.store.run(run.id)
        how = setting_of(own or (said[0] if said else None), stored)
        day = how.day if own is not None else run.started.date()
        again = judge(stored, self.catalogue, as_of=day, site=how.site, policies=chosen, waivers=how.waivers)
        return judgement_of(again, self.catalogue, how.waivers, chosen)

    def _still_said(self, kept: Judgement) -> bool:
        return dict(kept.marks) == dict(self.today) and kept.tool_version == __version__


def _asked(run: Run, reach: Reach) -> int:
    """Return how many addresses a run asked; one that ended early asked only what it had come to."""
    if not reach.resolved[0]:
        return reach.met
    if run.finished is None:
        return max(reach.swept, reach.met)
    return max(parse_scope(*reach.resolved, allow_public=True).size(), reach.met)
