"""``camaudit diff``: in goes a ``Compared``, out comes JSON (``camaudit/diff@1``) or what the terminal shows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from camaudit.changes import Difference, Setting, UnitChange, VerdictChange, What
from camaudit.changes.closing import closed, opened
from camaudit.changes.compare import worsened
from camaudit.model import Run, Verdict
from camaudit.report import json_changes
from camaudit.report.change_sentences import device_of, how, verdict, why
from camaudit.report.change_words import change_words
from camaudit.report.json_changes import item_json, unit_json, unseen_json, verdict_json
from camaudit.report.safe import visible
from camaudit.report.styles import STYLES, safe
from camaudit.report.summary import Standing, address_order, name_of
from camaudit.report.words import words

SCHEMA = "camaudit/diff@1"
_MAX_ROWS = 40
_MAX_NAMED = 3
_MAX_SENTENCE = 1200
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """Two looks and what changed between them, with the names of entities and packs and what to say first."""

    before: tuple[Run, Setting]
    after: tuple[Run, Setting]
    difference: Difference
    names: Mapping[str, str]
    notices: tuple[str, ...] = ()


def render(compared: Compared) -> str:
    """Return the comparison as JSON in ASCII."""
    difference, names = compared.difference, compared.names
    told = {
        "schema": SCHEMA,
        "before": {**_side(*compared.before), "as_reported": difference.kept is not None},
        "after": _side(*compared.after),
        "notices": list(compared.notices),
        "summary": dict(counts(difference)),
        "devices": [unit_json(u, names) for u in difference.units if u.what != (What.SAME,)],
        "verdicts": [verdict_json(v, names) for v in difference.verdicts],
        "closed": [item_json(item, names) for item in closed(difference.verdicts)],
        "opened": [item_json(item, names) for item in opened(difference.verdicts)],
        "unseen": [unseen_json(each) for each in difference.unseen],
    }
    return json.dumps(told, indent=1) + "\n"


def counts(difference: Difference) -> Mapping[str, int]:
    """Count devices by what became of them (one may be moved and changed), and verdicts."""
    worse = worsened(difference, frozenset({Verdict.VIOLATION, Verdict.REVIEW}))
    return {
        **json_changes.counts(difference.units, difference.verdicts, len(difference.unseen)),
        str(What.SAME): sum(What.SAME in unit.what for unit in difference.units),
        "worsened": len(list(worse)),
    }


def _side(run: Run, setting: Setting) -> Json:
    return {"run": run.id, "started": run.started.isoformat(), "as_of": setting.day.isoformat()}


def shown(compared: Compared) -> RenderableType:
    """Return what the terminal shows."""
    head, difference = change_words().head, compared.difference
    parts: list[RenderableType] = [Text(_head(compared), style="bold")]
    parts += [Text(f"! {visible(each, _MAX_SENTENCE)}", style="yellow") for each in compared.notices]
    number = counts(difference)
    told = ", ".join(f"{change_words().what[what]} {number[what]}" for what in What if number[what])
    parts.append(safe(head["counts"].format(counts=told or "0", verdicts=number["verdicts"])))
    parts.append(safe(head["balance"].format(**number)))
    moved = [unit for unit in difference.units if unit.what != (What.SAME,)]
    if not moved and not difference.verdicts and not difference.unseen:
        return Group(*parts, Text(head["nothing"]))
    if moved:
        parts += [Text(f"\n{head['devices']}", style="bold"), *_devices(moved, compared.names)]
    if difference.verdicts:
        parts += [Text(f"\n{head['verdicts']}", style="bold"), *_verdicts(compared)]
    if difference.unseen:
        parts += [Text(f"\n{head['unseen']}", style="bold"), *_unseen(difference.unseen, compared.names)]
    return Group(*parts)


def _head(compared: Compared) -> str:
    (old, was), (new, now) = compared.before, compared.after
    day = words().day
    return (
        change_words()
        .head["one" if old.id == new.id else "two"]
        .format(
            before=old.id,
            after=new.id,
            day_before=day(old.started.date()),
            day_after=day(new.started.date()),
            as_of_before=day(was.day),
            as_of_after=day(now.day),
        )
    )


def _devices(units: Iterable[UnitChange], names: Mapping[str, str]) -> Iterable[RenderableType]:
    """Yield two lines for each device: what became of it, and by what that is known."""
    order = sorted(units, key=lambda unit: (list(What).index(unit.what[0]), _place(unit)))
    for unit in order[:_MAX_ROWS]:
        device = unit.after or unit.before
        what = ", ".join(change_words().what[each] for each in unit.what)
        address = visible(device.address, 45) if device else ""
        line = Text.assemble((what, "bold"), f": {address}, {visible(device_of(unit, names), 120)}")
        told = how(unit, names)
        yield line.append(f"\n  {visible(told, _MAX_SENTENCE)}.") if told else line
    if len(order) > _MAX_ROWS:
        yield Text(change_words().head["more"].format(n=len(order) - _MAX_ROWS), style="dim")


def _place(unit: UnitChange) -> tuple[int, int, str]:
    device = unit.after or unit.before
    return address_order(device.address) if device else (9, 0, "")


def _verdicts(compared: Compared) -> Iterable[RenderableType]:
    """Yield one paragraph for each rule, change and cause: a fleet says most of it many times."""
    groups: dict[tuple[str, str, str, str, str], list[VerdictChange]] = {}
    for change in compared.difference.verdicts:
        key = (verdict(change), change.title, change.policy, why(change, compared.names), _colour(change))
        groups.setdefault(key, []).append(change)
    largest = sorted(groups.items(), key=lambda item: -len(item[1]))
    for (told, title, policy, reason, colour), found in largest[:_MAX_ROWS]:
        line = Text.assemble((told, colour), f": {visible(title, 200)} ({name_of(compared.names, policy)})")
        line.append(f"\n  {_named(found)}: {visible(reason, _MAX_SENTENCE)}.")
        yield line
    if len(largest) > _MAX_ROWS:
        yield Text(change_words().head["more"].format(n=len(largest) - _MAX_ROWS), style="dim")


def _unseen(changes: Sequence[VerdictChange], names: Mapping[str, str]) -> Iterable[RenderableType]:
    """Yield one paragraph for each rule and state: who could not be checked."""
    groups: dict[tuple[str, str, str], list[VerdictChange]] = {}
    for change in changes:
        groups.setdefault((change.before, change.title, change.policy), []).append(change)
    for (state, title, policy), found in groups.items():
        said = words().findings[state]
        line = Text.assemble((said, "bold"), f": {visible(title, 200)} ({name_of(names, policy)})")
        yield line.append(f"\n  {_named(found)}: {visible(_where_now(found), _MAX_SENTENCE)}.")


def _where_now(found: Sequence[VerdictChange]) -> str:
    told = dict.fromkeys(change_words().whereabouts[each.unit.whereabouts] for each in found)
    return " / ".join(told)


def _colour(change: VerdictChange) -> str:
    known = change.after in tuple(Standing)
    return STYLES[Standing.WAIVED if change.waived_after else Standing(change.after)] if known else "bold"


def _named(found: list[VerdictChange]) -> str:
    places = [device.address for each in found if (device := each.unit.after or each.unit.before)]
    rest = len(places) - _MAX_NAMED
    shown = ", ".join(places[:_MAX_NAMED])
    more = words().labels["more_devices"].format(n=rest)
    return visible(f"{shown} {more}" if rest > 0 else shown)
