"""A message in plain language: in goes ``News``, out come its subject and paragraphs. Pure; forms escape it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from camaudit.changes.compare import WAIVED
from camaudit.report.safe import plain, visible
from camaudit.report.summary import address_order, name_of
from camaudit.report.words import words
from camaudit.telling.news import Change, Kind, News, Occasion
from camaudit.telling.words import telling_words

MAX_ROWS = 50
"""Units that a mail names under one heading."""
_MAX_SUBJECT = 150
_MAX = 400


@dataclass(frozen=True, slots=True)
class Group:
    """Changes of one kind by one rule and for one reason: a fleet says most of it many times."""

    title: str
    why: str
    units: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One heading with what stands below it."""

    head: str
    meaning: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says of one site, in words."""

    subject: str
    site: str
    first: str
    parts: tuple[Part, ...]
    last: tuple[str, ...]


def told(news: News) -> Told:
    """Return the message in the language that is spoken."""
    w = telling_words()
    site = visible(news.site, _MAX) or words().labels["site"]
    standing = {key: counted(key, news.counts.get(key, 0)) for key in ("violations", "reviews")}
    what = ", ".join(counted(kind, number) for kind, number in _numbers(news).items())
    subject = w.subject[news.occasion].format(site=plain(news.site, 60), what=what, **standing)
    key = "changes_alone" if news.occasion is Occasion.CHANGES and not news.since else str(news.occasion)
    now = w.text["now"].format(date=words().day(news.judged_as_of), video=news.counts.get("video", 0), **standing)
    last = () if news.occasion is Occasion.TRIAL else (now, w.text["run"].format(run=news.run))
    return Told(
        subject=plain(subject, _MAX_SUBJECT),
        site=site,
        first=w.text[key].format(site=site, since=news.since),
        parts=tuple(_parts(news)),
        last=last,
    )


def subject_of(news: Sequence[News]) -> str:
    """Return the subject of a message about one site or several."""
    if len(news) == 1:
        return told(news[0]).subject
    w = telling_words()
    numbers = sum((Counter(_numbers(each)) for each in news), Counter[str]())
    what = ", ".join(counted(kind, numbers[kind]) for kind in Kind if numbers[kind])
    key = "sites" if what else "sites_start"
    return plain(w.subject[key].format(sites=len(news), what=what), _MAX_SUBJECT)


def counted(key: str, number: int) -> str:
    """Return a number of things in words."""
    w = telling_words()
    if not number:
        return w.counts_none[key]
    return (w.counts_one if number == 1 else w.counts)[key].format(n=number)


def _numbers(news: News) -> dict[str, int]:
    found = Counter(str(each.kind) for each in news.changes)
    return {str(kind): found[str(kind)] for kind in Kind if found[str(kind)]}


def _parts(news: News) -> Iterator[Part]:
    w = telling_words()
    for kind in Kind:
        found = [each for each in news.changes if each.kind is kind]
        if found:
            yield Part(w.heads[kind], w.meanings.get(kind, ""), tuple(_groups(found, news)))


def _groups(found: list[Change], news: News) -> Iterator[Group]:
    groups: dict[tuple[str, str], list[Change]] = {}
    for each in found:
        groups.setdefault((_title(each, news), each.why), []).append(each)
    for (title, why), changes in sorted(groups.items(), key=lambda item: -len(item[1])):
        ordered = sorted(changes, key=lambda each: address_order(each.address))
        rest = len(ordered) - MAX_ROWS
        units = tuple(unit for each in ordered[:MAX_ROWS] if (unit := _unit(each)))
        more = telling_words().text["more"].format(n=rest) if rest > 0 else ""
        yield Group(visible(title, _MAX), visible(why, _MAX), units, more)


def _title(each: Change, news: News) -> str:
    if not each.rule:
        return ""
    policy = name_of(news.names or {}, each.policy)
    due = f"; {telling_words().text['due'].format(date=words().day(each.due))}" if each.due else ""
    return f"{_state(each)}: {each.title} ({policy}{due})"


def _state(each: Change) -> str:
    if each.kind is Kind.OPENED:
        return _word(each.after)
    return f"{_word(each.before)} → {_word(each.after)}" if each.after else _word(each.before)


def _word(state: str) -> str:
    if not state:
        return telling_words().text["none"]
    word = words().findings.get(state.removesuffix(WAIVED), state)
    return f"{word}, {words().verdicts['waived'].lower()}" if state.endswith(WAIVED) else word


def _unit(each: Change) -> str:
    return visible("  ".join(part for part in (each.address, each.label) if part), _MAX)
