"""What a report shows of a comparison: in goes a ``Report``, out come sentences and groups of devices. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from camaudit.changes import UnitChange, VerdictChange, What
from camaudit.changes.closing import How, Item, accepted, closed, doubtful, opened
from camaudit.model import Device, Report, Since
from camaudit.report.change_sentences import device_of, how, verdict, why
from camaudit.report.change_words import change_words
from camaudit.report.json_changes import counts, standing_at
from camaudit.report.places import in_short
from camaudit.report.sentences import called
from camaudit.report.words import Words, words

MAX_GROUPS = 40
_SENTENCES = ("closed", "opened", "opened_again", "accepted", "doubtful", "unseen")
_WORDS = {"opened_again": "again"}
_ORDER = tuple(What)


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """One rule and one reason with every device that they are true of, or one device with what became of it."""

    head: str
    title: str
    text: str
    where: str
    kind: str = ""
    """The class that colours it: ``compliant``, ``violation``, ``waived``, ``review``, or empty."""


@dataclass(frozen=True, slots=True)
class ChangeList:
    """A heading with its groups; ``more`` is how many groups are left out."""

    id: str
    title: str
    groups: tuple[ChangeGroup, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class SinceView:
    """A comparison as a reader gets it."""

    lead: str
    run: str
    sentences: tuple[str, ...]
    notices: tuple[str, ...]
    lists: tuple[ChangeList, ...]


def since_view(report: Report, catalogue: Words) -> SinceView | None:
    """Return what changed since the earlier run, where one was compared."""
    since, said = report.since, change_words().since
    if since is None:
        return None
    day = catalogue.day
    return SinceView(
        lead=said["lead"].format(date=day(since.run.started.date())),
        run=said["run"].format(run=since.run.id, as_of=day(since.as_of)),
        sentences=tuple(_sentences(since, catalogue)),
        notices=since.notices,
        lists=tuple(each for each in _lists(report, since, catalogue) if each.groups),
    )


def _sentences(since: Since, catalogue: Words) -> Iterator[str]:
    said, number = change_words().since, counts(since.units, since.verdicts, len(since.unseen))
    for key in _SENTENCES:
        if number[key]:
            yield catalogue.counted(said, _WORDS.get(key, key), number[key])
        elif key == "closed":
            yield said["closed_none"]
    if all(unit.what == (What.SAME,) for unit in since.units):
        yield said["same"]


def _lists(report: Report, since: Since, catalogue: Words) -> Iterator[ChangeList]:
    said, names = change_words().since, report.names
    seen = said["seen"].format(date=catalogue.day(report.run.started.date()), run=report.run.id)
    kinds = {"closed": "compliant", "opened": "violation", "accepted": "waived", "doubtful": "review"}
    met = standing_at(report)
    for key, found in (("closed", closed), ("opened", opened), ("accepted", accepted), ("doubtful", doubtful)):
        groups = _grouped(found(since.verdicts), names, kinds[key], seen if key == "closed" else "", met)
        yield _list(key, said[key], groups)
    yield _list("unseen", said["unseen"], _unseen(since.unseen, catalogue))
    moved = sorted((u for u in since.units if u.what != (What.SAME,)), key=lambda u: _ORDER.index(u.what[0]))
    yield _list("devices", said["devices"], [_unit(unit, names) for unit in moved])


def _list(key: str, title: str, groups: Sequence[ChangeGroup]) -> ChangeList:
    return ChangeList(f"changes-{key}", title, tuple(groups[:MAX_GROUPS]), max(len(groups) - MAX_GROUPS, 0))


def _grouped(
    items: Iterable[Item], names: Mapping[str, str], kind: str, seen: str, met: Mapping[str, Device]
) -> list[ChangeGroup]:
    w = change_words()
    groups: dict[tuple[str, str, str], list[VerdictChange]] = {}
    for item in items:
        change = item.change
        head = f"{w.how[item.how]} ({w.since['again']})" if item.again else w.how[item.how]
        there = _there(item, names, met)
        reason = why(change, names)
        text = f"{verdict(change)}. {there} {reason[:1].upper()}{reason[1:]}. {seen}"
        groups.setdefault((head, change.title, " ".join(text.split())), []).append(change)
    found = [ChangeGroup(*key, where=_where(changes), kind=kind) for key, changes in groups.items()]
    return sorted(found, key=lambda group: group.head)


def _there(item: Item, names: Mapping[str, str], met: Mapping[str, Device]) -> str:
    """Say what was met where a unit stood that is there no longer."""
    unit = item.change.unit
    if item.how not in (How.REPLACED, How.GONE) or unit.before is None:
        return ""
    device = unit.after or met.get(unit.before.address)
    said = change_words().since["there"]
    return said.format(device=called(device, names, words())) if device else ""


def _unseen(changes: Iterable[VerdictChange], catalogue: Words) -> list[ChangeGroup]:
    w = change_words()
    groups: dict[tuple[str, str, str], list[VerdictChange]] = {}
    for change in changes:
        where = w.whereabouts[change.unit.whereabouts]
        key = catalogue.findings[change.before], change.title, f"{where[:1].upper()}{where[1:]}."
        groups.setdefault(key, []).append(change)
    return [ChangeGroup(*key, where=_where(found), kind="review") for key, found in groups.items()]


def _where(changes: Iterable[VerdictChange]) -> str:
    places = (device.address for each in changes if (device := each.unit.after or each.unit.before))
    ranges, beyond = in_short(places)
    return ", ".join([*ranges, change_words().since["more"].format(n=beyond)] if beyond else ranges)


def _unit(unit: UnitChange, names: Mapping[str, str]) -> ChangeGroup:
    device = unit.after or unit.before
    told = how(unit, names)
    what = ", ".join(change_words().what[each] for each in unit.what)
    text = f"{told[:1].upper()}{told[1:]}." if told else ""
    return ChangeGroup(what, device_of(unit, names), text, device.address if device else "")


def board_line(report: Report, catalogue: Words) -> str:
    """Return what a board has to know of it in one sentence; empty where nothing was compared."""
    since, said = report.since, change_words().since
    if since is None:
        return ""
    number = counts(since.units, since.verdicts, len(since.unseen))
    told = [
        catalogue.counted(said, f"board_{key}", number[key])
        for key in ("closed", "opened", "unseen")
        if number[key] or key != "unseen"
    ]
    return said["board"].format(date=catalogue.day(since.run.started.date()), told=", ".join(told))


def terminal_line(report: Report, catalogue: Words) -> str:
    """Return the numbers in one short line; empty where nothing was compared."""
    since, said = report.since, change_words().since
    if since is None:
        return ""
    number = counts(since.units, since.verdicts, len(since.unseen))
    return said["terminal"].format(date=catalogue.day(since.run.started.date()), **number)
