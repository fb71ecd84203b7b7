"""Who was seen in earlier runs: in go a comparison and those runs, out comes who is back and what is open again.

Two runs alone would call a unit new that only did not answer the last time. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from camaudit.changes import Difference, Past, Seen, Side, UnitChange, VerdictChange, What
from camaudit.changes.compare import OPEN
from camaudit.changes.facts import addresses_of
from camaudit.changes.pairing import pair
from camaudit.model import Certainty, Device, DeviceState, Identification, Judgement, KeptUnit, Kind, Vulnerability
from camaudit.sameness import Marks, marks_from

_SAID = {"yes": True, "no": False}
_MARKS = ("serial", "mac", "uuid")
_VIDEO = frozenset({Kind.CAMERA, Kind.RECORDER, Kind.DOOR_STATION, Kind.ENCODER})
Compare = Callable[[Past, tuple[Seen, ...], tuple[Seen, ...]], Difference]
"""Compares some units of an earlier run with some of the later side."""


def with_past(found: Difference, before: Side, after: Side, past: Iterable[Past], compare: Compare) -> Difference:
    """Return the comparison with those that are back told from those that are new, and what is open again.

    ``past`` are runs before both, the newest first; none is read that is not needed.
    """
    if not _asks(found):
        return found
    for run in past:
        found = _with_back(found, run, before, after, compare)
        found = replace(found, verdicts=tuple(_again(found.verdicts, run)))
        if not _asks(found):
            break
    return found


def _asks(found: Difference) -> bool:
    return any(unit.what == (What.NEW,) for unit in found.units) or any(map(_may_be_again, found.verdicts))


def seen_of(kept: Judgement, near: Iterable[Device] | None = None) -> tuple[Seen, ...]:
    """Return the units of a judgement as far as it tells of them; ``near`` leaves who may be one of these."""
    wanted = None if near is None else {each for device in near for each in _handles(device)}
    shown = Counter((kind, value) for unit in kept.units for kind in _MARKS if (value := unit.facts.get(kind)))
    found = []
    for number, unit in enumerate(kept.units):
        own = {kind: value for kind in _MARKS if (value := unit.facts.get(kind)) and shown[kind, value] == 1}
        if wanted is None or not wanted.isdisjoint((*unit.addresses, *own.values())):
            device = _device(unit, f"{kept.run}/{number}")
            marks = marks_from(device)
            # What several units of a run show is nobody's mark, though only one of them is looked at here.
            clones = {kind: "" for kind in _MARKS if kind not in own}
            found.append(Seen(device, replace(marks, **clones)))
    return tuple(found)


def is_video(unit: KeptUnit) -> bool:
    """Say whether a unit is video equipment; an older camaudit kept only its kind."""
    return unit.facts.get("video", "yes" if unit.facts.get("kind") in _VIDEO else "no") == "yes"


def _handles(device: Device) -> Iterator[str]:
    yield from addresses_of(device)
    marks = marks_from(device)
    yield from (value for _, value in marks.own())


def _device(unit: KeptUnit, name: str) -> Device:
    told = unit.facts
    first, *others = unit.addresses
    built = told.get("firmware_date")
    found = Identification(
        maker=told.get("maker") or None,
        certainty=Certainty(told.get("certainty") or Certainty.UNKNOWN),
        confidence=0.0,
        brand_name=told.get("brand") or None,
        kind=Kind(told.get("kind") or Kind.UNKNOWN),
        video=is_video(unit),
        model=told.get("model") or None,
        firmware=told.get("firmware") or None,
        firmware_date=date.fromisoformat(built) if built else None,
        serial=told.get("serial") or None,
        mac=told.get("mac") or None,
        state=DeviceState(
            _SAID.get(told.get("activated", "")),
            told.get("cloud") or "unknown",
            _listed(told, "analytics"),
            access_terminal=bool(told.get("use")),
        ),
    )
    return Device(
        name,
        first,
        found,
        mac=found.mac,
        also_at=tuple(others),
        uuid=told.get("uuid", ""),
        exposed=_listed(told, "exposed"),
        vulnerabilities=tuple(map(_weakness, _listed(told, "weaknesses"))),
    )


def _listed(told: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, told.get(name, "").split(", ")))


def _weakness(told: str) -> Vulnerability:
    name, _, status = told.rpartition(" ")
    return Vulnerability(name or told, "", status if name else "")


def _with_back(found: Difference, run: Past, before: Side, after: Side, compare: Compare) -> Difference:
    """Compare who was lost since that run with who is new, and take over who is known again."""
    names = {id(unit.after) for unit in found.units if unit.what == (What.NEW,)}
    new = tuple(seen for seen in after.seen if id(seen.device) in names)
    then = seen_of(run.kept, (seen.device for seen in new))
    there = {id(unit.before) for unit in pair(then, before.seen, _anywhere) if unit.after}
    lost = tuple(seen for seen in then if id(seen.device) not in there)
    met = {(id(u.before), id(u.after)) for u in pair(lost, new, _anywhere) if u.before and u.by}
    if not met:
        return found
    olds, news = ({pair_[side] for pair_ in met} for side in (0, 1))
    again = compare(run, _only(lost, olds), _only(new, news))
    back = {id(u.after): _back(u, run.day) for u in again.units if u.by and u.after}
    units = tuple(back.get(id(unit.after), unit) for unit in found.units)
    others = tuple(each for each in found.verdicts if id(each.unit.after) not in back)
    mine = tuple(replace(v, unit=back[id(v.unit.after)]) for v in again.verdicts if id(v.unit.after) in back)
    return replace(found, units=units, verdicts=(*others, *mine))


def _only(seen: Sequence[Seen], devices: set[int]) -> tuple[Seen, ...]:
    return tuple(each for each in seen if id(each.device) in devices)


def _back(unit: UnitChange, day: date) -> UnitChange:
    return replace(unit, what=(What.BACK, *(what for what in unit.what if what is not What.SAME)), last_seen=day)


def _anywhere(_: str) -> str:
    return "not_asked"


def first_seen(devices: Sequence[Device], past: Iterable[Past]) -> dict[str, date]:
    """Return since when units are known, by their id in ``devices``; ``past`` comes the newest first.

    Each run kept it of its own units, so that the last one that saw a unit is enough.
    """
    left = [Seen(device, marks_from(device)) for device in devices]
    found: dict[str, date] = {}
    for run in past:
        if not left:
            break
        then = seen_of(run.kept, (seen.device for seen in left))
        for unit in pair(then, left, _anywhere):
            if unit.before is not None and unit.after is not None and unit.by is not None:
                told = run.kept.units[_place(unit.before)].facts.get("first_seen")
                found[unit.after.id] = date.fromisoformat(told) if told else run.day
        left = [seen for seen in left if seen.device.id not in found]
    return found


def _place(device: Device) -> int:
    """Return which unit of its judgement a rebuilt device is."""
    return int(device.id.rpartition("/")[2])


def _may_be_again(each: VerdictChange) -> bool:
    """Say whether something is open now that was not in the look before, and may have been in an earlier one."""
    opened = each.after in OPEN and not each.waived_after and (each.before not in OPEN or each.waived_before)
    return opened and each.open_before is None and each.unit.after is not None


def _again(verdicts: Iterable[VerdictChange], run: Past) -> Iterator[VerdictChange]:
    asked = [each.unit.after for each in verdicts if _may_be_again(each) and each.unit.after]
    then = {mark: seen for seen in seen_of(run.kept, asked) for mark in seen.marks.own()} if asked else {}
    for each in verdicts:
        same = _known(each.unit.after, then) if each.unit.after and _may_be_again(each) else None
        states = run.kept.units[_place(same.device)].states if same else {}
        again = same is not None and states.get(f"{each.policy}/{each.rule}", "") == each.after
        yield replace(each, open_before=run.day) if again else each


def _known(device: Device, then: dict[tuple[str, str], Seen]) -> Seen | None:
    """Return the unit by a mark of its own; model and place alone do not carry so far back."""
    marks: Marks = marks_from(device)
    found = (then[mark] for mark in marks.own() if mark in then)
    return next((seen for seen in found if seen.marks.maker in ("", marks.maker)), None)
