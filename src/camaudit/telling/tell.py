"""Telling: in go a judged run and the receivers, out goes to each what it does not know yet.

What a receiver knows of a site is the judgement that it was told last. It moves on only when a message was taken,
so what failed is told next time with what came since; a message that was sent and not recorded is sent again under
the same id.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from camaudit import __version__
from camaudit.audit import now
from camaudit.catalogue import Catalogue
from camaudit.changes import Difference, Setting
from camaudit.comparing import Look, difference
from camaudit.errors import RenderError
from camaudit.model import Judgement, Report
from camaudit.reached import coverage
from camaudit.report.summary import counts
from camaudit.report.write import write_files
from camaudit.store import Store, StoredRun
from camaudit.store.told import Told, Untold, told_of, untold_of, was_not_told, was_told
from camaudit.telling import mail, syslog, webhook
from camaudit.telling.changes import Absent, Compared, changes_of
from camaudit.telling.coverage import Reach, worse
from camaudit.telling.mail import in_plain_text
from camaudit.telling.news import MAX_CHANGES, Change, News, Occasion, message_id
from camaudit.telling.receivers import LogFile, Mailbox, Metrics, Receiver, Syslog, Webhook
from camaudit.telling.sending import WITHIN_S, NotSent, within


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one receiver; ``state`` is told, nothing_new, knows_later, written or failed."""

    where: str
    state: str
    number: int = 0
    problem: str = ""
    waiting: Untold | None = None
    occasion: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A run as it is told: the report, what it was judged by, and the store that remembers."""

    store: Store
    stored: StoredRun
    report: Report
    setting: Setting
    catalogue: Catalogue
    differences: dict[tuple[str, datetime | None], Difference] = field(default_factory=dict, repr=False)
    """What was compared already: receivers mostly know the same, and to compare two large runs takes seconds."""

    def since(self, base: Look) -> Difference:
        """Return what changed since an earlier look."""
        key = (base.stored.run.id, base.kept.judged if base.kept else None)
        if key not in self.differences:
            self.differences[key] = difference(base, Look(self.stored, self.setting), self.catalogue)
        return self.differences[key]


def tell(
    told: Judged, receivers: Sequence[Receiver], *, since: StoredRun | None = None, again: bool = False
) -> tuple[Outcome, ...]:
    """Tell every receiver what it does not know yet; one that fails hinders no other.

    ``since`` is where to begin with a receiver that was told nothing yet, or to skip what lies before it;
    ``again`` forgets what was told and begins anew.
    """
    outcomes = []
    for receiver in receivers:
        if isinstance(receiver, Metrics):
            outcomes.append(_figures(receiver, told.report))
            continue
        outcomes.append(_one(told, receiver, since, again=again))
    return tuple(outcomes)


def preview(
    told: Judged, receivers: Sequence[Receiver], *, since: StoredRun | None = None, again: bool = False
) -> tuple[tuple[str, str], ...]:
    """Return what each receiver would be sent, in plain text, empty for nothing; nothing is sent or remembered."""
    shown = []
    for receiver in receivers:
        if isinstance(receiver, Metrics):
            continue
        ready = _prepare(told, receiver, since, again=again)
        shown.append((receiver.where, in_plain_text(ready.news) if ready.news else ""))
    return tuple(shown)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A message and what the receiver knows once it took it; without a message ``state`` says why."""

    after: Told | None
    news: News | None = None
    state: str = ""


def _prepare(told: Judged, receiver: Receiver, since: StoredRun | None, *, again: bool) -> _Ready:
    store, site, run = told.store, told.report.site.name, told.report.run
    known = told_of(store, receiver.name, site)
    base = _base(store, None if again else known, since)
    if base is not None and base.stored.run.started > run.started:
        return _Ready(None, state="knows_later")
    # The number goes on even where all begins anew: under an old id a receiver would take it for a repetition.
    number = known.number + 1 if known else 1
    absent = known.absent if known and not again else {}
    changes, missing = _changes(told, base, f"{site}\0{number}", absent)
    kept = store.judgements(run.id)
    after = Told(receiver.name, site, run.id, kept[-1].judged if kept else now(), number, now(), missing)
    occasion = Occasion.START if base is None else Occasion.CHANGES
    if occasion is Occasion.CHANGES and not changes:
        # It is told nothing, but what it knows is now of this run; the number stays, for nothing was sent.
        return _Ready(replace(after, number=number - 1), state="nothing_new")
    return _Ready(after, _news(told, receiver, occasion, base, changes, number))


def _one(told: Judged, receiver: Receiver, since: StoredRun | None, *, again: bool) -> Outcome:
    ready = _prepare(told, receiver, since, again=again)
    if ready.news is not None and ready.after is not None:
        return _sent(told.store, receiver, ready.news, ready.after)
    if ready.after is not None:
        was_told(told.store, ready.after)
    return Outcome(receiver.where, ready.state)


def _sent(store: Store, receiver: Receiver, news: News, after: Told) -> Outcome:
    waited = untold_of(store, receiver.name, news.site)
    try:
        within(WITHIN_S, lambda: send(receiver, news))
    except NotSent as error:
        waiting = was_not_told(store, receiver.name, news.site, now(), str(error))
        return Outcome(receiver.where, "failed", news.number, str(error), waiting)
    was_told(store, after)
    return Outcome(receiver.where, "told", news.number, waiting=waited, occasion=str(news.occasion))


def send(receiver: Receiver, news: News) -> None:
    """Send one message the receiver's way; raise where it was not taken."""
    timestamp = int(time.time())
    match receiver:
        case Webhook():
            webhook.send(receiver, news, timestamp)
        case Mailbox():
            mail.send(receiver, news, timestamp)
        case Syslog():
            syslog.send(receiver, news)
        case LogFile():
            syslog.append(receiver, news)


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
    changes, missing = changes_of(Compared(told.since(base), told.report, absent, seed))
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


def _figures(receiver: Metrics, report: Report) -> Outcome:
    from camaudit.report.prometheus import pieces

    try:
        write_files(receiver.file.parent, {receiver.file.name: pieces(report)})
    except RenderError as error:
        return Outcome(receiver.where, "failed", problem=str(error))
    return Outcome(receiver.where, "written")


def try_out(receivers: Sequence[Receiver], site: str) -> tuple[Outcome, ...]:
    """Send every receiver a trial that says nothing of any camera; nothing is remembered."""
    return tuple(_tried(each, site) for each in receivers if not isinstance(each, Metrics))


def _tried(receiver: Receiver, site: str) -> Outcome:
    at = now()
    news = News(
        id=message_id(receiver.name, site, Occasion.TRIAL, int(at.timestamp() * 1000), ()),
        occasion=Occasion.TRIAL,
        site=site,
        run="",
        at=at,
        judged_as_of=at.date(),
        tool_version=__version__,
        counts={},
    )
    try:
        within(WITHIN_S, lambda: send(receiver, news))
    except NotSent as error:
        return Outcome(receiver.where, "failed", problem=str(error))
    return Outcome(receiver.where, "told", occasion=str(Occasion.TRIAL))
