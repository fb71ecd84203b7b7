"""Why a verdict is another one: each input is swapped alone, and that which brings the new verdict is its cause.

In go pairs, both settings and both looks, out come causes. Where no input brings it alone, those are named without
which it would not have come, together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from camaudit.changes import Cause, FactChange, Judge, Known, Setting, UnitChange, Why
from camaudit.changes.facts import site_changes
from camaudit.changes.state import Key, Said, quiet, states
from camaudit.model import Device, Site

Told = tuple[tuple[Cause, ...], bool]


class Input(StrEnum):
    """What can be swapped."""

    DEVICE = "device"
    DAY = "day"
    SITE = "site"
    WAIVERS = "waivers"


@dataclass(frozen=True, slots=True)
class Case:
    """What the causes are sought in."""

    units: Sequence[UnitChange]
    before: Setting
    after: Setting
    was: Mapping[Key, Said]
    now: Mapping[Key, Said]
    known: Known


def swapped_causes(case: Case, keys: Sequence[Key], judge: Judge) -> dict[Key, Told]:
    """Return the causes of each changed verdict, and whether only all of them together bring it."""
    if not keys:
        return {}
    pairs = sorted({number for number, _ in keys})
    inputs = [each for each in Input if _differs(case, each, pairs)]
    alone = {each: _judged(case, pairs, {each}, judge) for each in inputs}
    without = {}
    if len(inputs) > 1:
        without = {each: _judged(case, pairs, set(inputs) - {each}, judge) for each in inputs}
    lines = _lines(case, pairs, judge) if Input.SITE in inputs else {}
    chosen = _other_packs(case, pairs, judge) if Input.SITE in inputs else {}
    found = {}
    for key in keys:
        goal = _mark(case.now, key)
        causes = [each for each in inputs if _mark(alone[each], key) == goal]
        together = not causes
        if together:
            causes = [each for each in inputs if _mark(without.get(each, {}), key) != goal] or inputs
        told = tuple(_cause(case, key, each, lines, chosen) for each in causes)
        found[key] = told, together and len(causes) > 1
    return found


def _differs(case: Case, each: Input, pairs: Iterable[int]) -> bool:
    before, after = case.before, case.after
    match each:
        case Input.DEVICE:
            return any(case.units[n].before != case.units[n].after for n in pairs)
        case Input.DAY:
            return before.day != after.day
        case Input.SITE:
            return bool(site_changes(before.site, after.site)) or before.chosen != after.chosen
        case Input.WAIVERS:
            return before.waivers != after.waivers


def _judged(case: Case, pairs: Iterable[int], swapped: set[Input], judge: Judge) -> dict[Key, Said]:
    """Judge the earlier look with some inputs of the later one."""
    old, new = case.before, case.after
    setting = Setting(
        day=new.day if Input.DAY in swapped else old.day,
        site=new.site if Input.SITE in swapped else old.site,
        waivers=new.waivers if Input.WAIVERS in swapped else old.waivers,
        chosen=new.chosen if Input.SITE in swapped else old.chosen,
    )
    return states(_devices(case, pairs, later=Input.DEVICE in swapped), setting, judge)


def _devices(case: Case, pairs: Iterable[int], *, later: bool) -> dict[int, Device]:
    units = ((n, case.units[n].after if later else case.units[n].before) for n in pairs)
    return {number: device for number, device in units if device is not None}


def _lines(case: Case, pairs: Sequence[int], judge: Judge) -> dict[FactChange, dict[Key, Said]]:
    """Judge the earlier look with one line of the later site file at a time."""
    devices = _devices(case, pairs, later=False)
    changes = site_changes(case.before.site, case.after.site)
    return {
        change: states(devices, replace(case.before, site=_with(case.before.site, case.after.site, change)), judge)
        for change in changes
    }


def _other_packs(case: Case, pairs: Sequence[int], judge: Judge) -> dict[Key, Said]:
    """Judge the earlier look by the packs that were chosen by hand for the later one, where they are others."""
    if case.before.chosen == case.after.chosen:
        return {}
    devices = _devices(case, pairs, later=False)
    return states(devices, replace(case.before, chosen=case.after.chosen), judge)


def _with(old: Site, new: Site, change: FactChange) -> Site:
    if change.name in Site.__slots__:
        return replace(old, **{change.name: getattr(new, change.name)})
    facts = {name: value for name, value in old.facts.items() if name != change.name}
    if change.name in new.facts:
        facts[change.name] = new.facts[change.name]
    return replace(old, facts=facts)


def _cause(
    case: Case,
    key: Key,
    each: Input,
    lines: Mapping[FactChange, Mapping[Key, Said]],
    chosen: Mapping[Key, Said],
) -> Cause:
    match each:
        case Input.DEVICE:
            return Cause(Why.DEVICE, case.units[key[0]].facts)
        case Input.DAY:
            return _of_the_day(case, key)
        case Input.SITE:
            goal = _mark(case.now, key)
            if case.before.chosen != case.after.chosen and _mark(chosen, key) == goal:
                return Cause(Why.SITE, names=case.after.chosen)
            telling = tuple(change for change, said in lines.items() if _mark(said, key) == goal)
            return Cause(Why.SITE, telling or tuple(lines), () if lines else case.after.chosen)
        case Input.WAIVERS:
            return _of_waivers(case, key)


def _of_waivers(case: Case, key: Key) -> Cause:
    said = next((s for s in (case.now.get(key), case.was.get(key)) if s and s.waived and s.finding), None)
    return Cause(Why.WAIVER, waiver=said.finding.waiver if said and said.finding else None)


def _of_the_day(case: Case, key: Key) -> Cause:
    was, now = case.was.get(key), case.now.get(key)
    if was and now and was.state == now.state:
        return replace(_of_waivers(case, key), day=case.after.day)
    first, last = case.known.days.get(key[1], (None, None))
    for day in (first, last):
        if day is not None and _between(case.before.day, day, case.after.day):
            return Cause(Why.LAW_DATE, names=("from" if day == first else "until",), day=day)
    return Cause(Why.DAY, day=case.after.day)


def _between(one: date, day: date, other: date) -> bool:
    return min(one, other) <= day <= max(one, other)


def _mark(said: Mapping[Key, Said], key: Key) -> str:
    found = said.get(key)
    return "" if quiet(found) or found is None else found.mark
