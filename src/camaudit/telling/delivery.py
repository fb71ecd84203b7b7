"""Telling: in go judged runs and the receivers, out goes to each what it does not know yet.

Every receiver is told of each site by itself, but people: they get one mail about all. One that fails hinders no
other.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from camaudit import __version__
from camaudit.audit import now
from camaudit.errors import RenderError
from camaudit.report.prometheus import Figures, figures, together
from camaudit.report.write import write_files
from camaudit.store import Store
from camaudit.store.told import Told, Untold, was_not_told, was_told
from camaudit.telling import mail, syslog, webhook
from camaudit.telling.news import News, Occasion, message_id
from camaudit.telling.preparing import Judged, prepare
from camaudit.telling.receivers import LogFile, Mailbox, Metrics, Receiver, Syslog, Webhook
from camaudit.telling.sending import WITHIN_S, NotSent, within

Letters = list[tuple[News, Told]]
"""News for one receiver, each with what it knows once it took it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one receiver; ``state`` is told, nothing_new, knows_later, written or failed."""

    where: str
    state: str
    site: str = ""
    number: int = 0
    problem: str = ""
    waiting: Untold | None = None
    occasion: str = ""


def tell(judged: Iterable[Judged], receivers: Sequence[Receiver], *, again: bool = False) -> tuple[Outcome, ...]:
    """Tell every receiver what it does not know yet of each site; ``again`` begins anew with all."""
    outcomes: list[Outcome] = []
    letters: dict[str, Letters] = {}
    numbers: list[Figures] = []
    store: Store | None = None
    for told in judged:
        store = told.store
        numbers.append(figures(told.report))
        for receiver in receivers:
            if not isinstance(receiver, Metrics):
                outcomes += _one(told, receiver, letters.setdefault(receiver.name, []), again=again)
    for receiver in receivers:
        if isinstance(receiver, Metrics):
            outcomes.append(_figures(receiver, numbers))
        elif isinstance(receiver, Mailbox) and store is not None and letters[receiver.name]:
            outcomes += _sent(store, receiver, letters[receiver.name])
    return tuple(outcomes)


def _one(told: Judged, receiver: Receiver, letters: Letters, *, again: bool) -> Sequence[Outcome]:
    ready = prepare(told, receiver, again=again)
    if ready.news is not None and ready.after is not None:
        letter = (ready.news, ready.after)
        if isinstance(receiver, Mailbox):
            letters.append(letter)
            return ()
        return _sent(told.store, receiver, [letter])
    if ready.after is not None:
        was_told(told.store, ready.after)
    return (Outcome(receiver.where, ready.state, told.report.site.name),)


def _sent(store: Store, receiver: Receiver, letters: Letters) -> Sequence[Outcome]:
    try:
        within(WITHIN_S, lambda: send(receiver, [news for news, _ in letters]))
    except NotSent as error:
        said = str(error)
        failed = [(news, was_not_told(store, receiver.name, news.site, now(), said)) for news, _ in letters]
        return [Outcome(receiver.where, "failed", news.site, news.number, said, waits) for news, waits in failed]
    for _, after in letters:
        was_told(store, after)
    return [
        Outcome(receiver.where, "told", news.site, news.number, occasion=str(news.occasion)) for news, _ in letters
    ]


def preview(judged: Judged, receivers: Sequence[Receiver], *, again: bool = False) -> tuple[tuple[str, str], ...]:
    """Return what each receiver would be sent, in plain text, empty for nothing; nothing is sent or remembered."""
    shown = []
    for receiver in receivers:
        if not isinstance(receiver, Metrics):
            news = prepare(judged, receiver, again=again).news
            shown.append((receiver.where, mail.in_plain_text([news]) if news else ""))
    return tuple(shown)


def send(receiver: Receiver, letters: Sequence[News]) -> None:
    """Send news the receiver's way, mail as one about all; raise where it was not taken."""
    news = letters[0]
    timestamp = int(time.time())
    match receiver:
        case Webhook():
            webhook.send(receiver, news, timestamp)
        case Mailbox():
            mail.send(receiver, letters, timestamp)
        case Syslog():
            syslog.send(receiver, news)
        case LogFile():
            syslog.append(receiver, news)


def _figures(receiver: Metrics, sites: Sequence[Figures]) -> Outcome:
    try:
        write_files(receiver.file.parent, {receiver.file.name: together(sites)})
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
        within(WITHIN_S, lambda: send(receiver, [news]))
    except NotSent as error:
        return Outcome(receiver.where, "failed", problem=str(error))
    return Outcome(receiver.where, "told", occasion=str(Occasion.TRIAL))
