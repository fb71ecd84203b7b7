"""What a receiver is to be told: in go a judged run and what the receiver knows, out comes a message, or why none.

What a receiver knows of a site is the judgement that it was told last. It moves on only when a message was taken,
so what failed is told next time with what came since; a message that was sent and not recorded is sent again under
the same id.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from camaudit import __version__
from camaudit.audit import now
from camaudit.catalogue import Catalogue
from camaudit.changes import Difference, Setting
from camaudit.comparing import Look, difference
from camaudit.model import Judgement, Report
from camaudit.reached import coverage
from camaudit.report.summary import counts
from camaudit.store import Store, StoredRun
from camaudit.store.told import Told, told_of
from camaudit.telling.changes import Absent, Compared, changes_of
from camaudit.telling.coverage import Reach, worse
from camaudit.telling.news import MAX_CHANGES, Change, News, Occasion, message_id
from camaudit.telling.receivers import Receiver


@dataclass(frozen=True, slots=True)
class Judged:
    """A run as it is told: the report, what it was judged by, and the store that remembers."""

    store: Store
    stored: StoredRun
    report: Report
    setting: Setting
    catalogue: Catalogue
    since: StoredRun | None = None
    """Where to begin with a receiver that was told nothing yet, or what to skip with another."""
    differences: dict[tuple[str, datetime | None], Difference] = field(default_factory=dict, repr=False)
    """What was compared already: receivers mostly know the same, and to compare two large runs takes seconds."""

    def changed_since(self, base: Look) -> Difference:
        """Return what changed since an earlier look."""
        key = (base.stored.run.id, base.kept.judged if base.kept else None)
        if key not in self.differences:
            self.differences[key] = difference(base, Look(self.stored, self.setting), self.catalogue)
        return self.differences[key]


@dataclass(frozen=True, slots=True)
class Ready:
    """A message and what the receiver knows once it took it; without a message ``state`` says why."""

    after: Told | None
    news: News | None = None
    state: str = ""


def prepare(told: Judged, receiver: Receiver, *, again: bool) -> Ready:
    """Return what a receiver does not know yet; ``again`` takes it for one that was told nothing."""
    store, site, run = told.store, told.report.site.name, told.report.run
    known = told_of(store, receiver.name, site)
    base = _base(store, None if again else known, told.since)
    if base is not None and base.stored.run.started > run.started:
        return Ready(None, state="knows_later")
    # The number goes on even where all begins anew: under an old id a receiver would take it for a repetition.
    number = known.number + 1 if known else 1
    absent = known.absent if known and not again else {}
    changes, missing = _changes(told, base, f"{site}\0{number}", absent)
    kept = store.judgements(run.id)
    after = Told(receiver.name, site, run.id, kept[-1].judged if kept else now(), number, now(), missing)
    occasion = Occasion.START if base is None else Occasion.CHANGES
    if occasion is Occasion.CHANGES and not changes:
        # It is told nothing, but what it knows is now of this run; the number stays, for nothing was sent.
        return Ready(replace(after, number=number - 1), state="nothing_new")
    return Ready(after, _news(told, receiver, occasion, base, changes, number))


def _base(store: Store, known: Told | None, since: StoredRun | None) -> Look | None:
    """Return what the receiver knows; ``since`` stands in for it where it knows nothing, or something older."""
    if known is not None:
        stored = store.run(known.run)
        if since is None or since.run.started <= stored.run.started:
            return _look(store, stored, known.judged)
    return _look(store, since, None) if since is not None else None


def _look(store: Store, stored: StoredRun, judged: datetime | None) -> Look:
    said = store.judgements(stored.run.id)
    kept = next((each for each in said if each.judged == judged), said[-1] if said else None)
    return Look(stored, _setting(kept, stored), kept)


def _setting(kept: Judgement | None, stored: StoredRun) -> Setting:
    if kept is None:
        return Setting(stored.run.started.date(), stored.site)
    return Setting(kept.as_of, kept.site, kept.waivers, kept.chosen)


def _changes(told: Judged, base: Look | None, seed: str, absent: Absent) -> tuple[tuple[Change, ...], Absent]:
    if base is None:
        return (), absent
    changes, missing = changes_of(Compared(told.changed_since(base), told.report, absent, seed))
    before = Reach(coverage(base.stored), base.stored.run.finished is not None)
    after = Reach(told.report.coverage, told.report.run.finished is not None)
    return (*changes, *worse(before, after, seed)), missing


def _news(
    told: Judged,
    receiver: Receiver,
    occasion: Occasion,
    base: Look | None,
    changes: tuple[Change, ...],
    number: int,
) -> News:
    report = told.report
    return News(
        id=message_id(receiver.name, report.site.name, occasion, number, changes),
        occasion=occasion,
        site=report.site.name,
        run=report.run.id,
        at=report.run.finished or report.run.started,
        judged_as_of=report.judged_as_of,
        tool_version=__version__,
        counts=counts(report),
        changes=changes[:MAX_CHANGES],
        number=len(changes),
        since=base.stored.run.id if base else "",
        names={**told.catalogue.names, **told.catalogue.policies.titles},
    )
