"""How many are left, term by term: in goes what was said of a site's runs, out come counts that add up. Pure.

A unit that was not seen stays among those not seen until somebody sees it again, or something else in its place:
a scan of half the site never looks like half the work done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date

from camaudit.changes import Seen, UnitChange
from camaudit.changes.closing import tells_less
from camaudit.changes.facts import addresses_of
from camaudit.changes.pairing import pair
from camaudit.changes.remembered import is_video, seen_of
from camaudit.changes.terms import Term
from camaudit.model import Judgement, KeptUnit
from camaudit.model.changed import TermCount, Trend

_VIOLATION, _REVIEW, _WAIVED = "violation", "review", "+waived"
_BREAKS, _ASKS, _CLEAR = 2, 1, 0


@dataclass(frozen=True, slots=True)
class Stand:
    """The run that stands for a term: when it was, what it asked, what was said of it; nothing where none is."""

    term: Term
    run: str = ""
    day: date | None = None
    complete: bool = False
    addresses: int = 0
    answered: int = 0
    kept: Judgement | None = None


_Units = dict[str, tuple[Seen, int]]
"""Units with how each stands, by the device's id; ids of a judgement name its run and the place in it."""


def trend(site: str, stands: Iterable[Stand]) -> Trend:
    """Return the terms of a site; those before its first run are left out."""
    terms: list[TermCount] = []
    seen: _Units = {}
    lost: _Units = {}
    for stand in stands:
        if stand.kept is None:
            if not terms:
                continue
            lost, seen = {**lost, **seen}, {}
            terms.append(replace(_count(stand, {}, lost), complete=False))
            continue
        now = _now(stand.kept)
        if not terms:
            terms.append(_count(stand, now, {}))
        else:
            moves, lost = _moved(seen, lost, now)
            terms.append(_with_moves(_count(stand, now, lost), moves))
        seen = now
    return Trend(site, tuple(terms))


def _with_moves(term: TermCount, moves: Mapping[str, int]) -> TermCount:
    return replace(
        term,
        closed=moves["closed"],
        doubtful=moves["doubtful"],
        opened=moves["opened"],
        opened_new=moves["opened_new"],
    )


def _now(kept: Judgement) -> _Units:
    units = zip(seen_of(kept), kept.units, strict=True)
    return {each.device.id: (each, level(unit)) for each, unit in units}


def level(unit: KeptUnit) -> int:
    """Return how a unit stands: 2 breaks a rule, accepted or not; 1 asks a question; 0 neither."""
    states = {state.removesuffix(_WAIVED) for state in unit.states.values()}
    return _BREAKS if _VIOLATION in states else _ASKS if _REVIEW in states else _CLEAR


def _count(stand: Stand, now: _Units, lost: _Units) -> TermCount:
    units = stand.kept.units if stand.kept else ()
    return TermCount(
        term=stand.term.name,
        first=stand.term.first,
        last=stand.term.last,
        run=stand.run,
        day=stand.day,
        complete=stand.complete,
        addresses=stand.addresses,
        answered=stand.answered,
        video=sum(is_video(unit) for unit in units),
        left=sum(standing == _BREAKS for _, standing in now.values()),
        unseen=sum(standing == _BREAKS for _, standing in lost.values()),
        waived=sum(_accepted(unit) for unit in units),
        reviews=sum(standing == _ASKS for _, standing in now.values()),
    )


def _accepted(unit: KeptUnit) -> bool:
    broken = [state for state in unit.states.values() if state.startswith(_VIOLATION)]
    return bool(broken) and all(state.endswith(_WAIVED) for state in broken)


def _moved(seen: _Units, lost: _Units, now: _Units) -> tuple[dict[str, int], _Units]:
    """Return what was closed and opened since the last look at each unit, and who has not been seen again."""
    taken = {address for each, _ in now.values() for address in addresses_of(each.device)}
    new = [each for each, _ in now.values()]
    moves = dict.fromkeys(("closed", "doubtful", "opened", "opened_new"), 0)
    missing: _Units = {}
    # Who was seen last time comes first; only who is new then may be one that was lost before.
    for then in (seen, lost):
        units = pair([each for each, _ in then.values()], new, lambda a: "other" if a in taken else "silent")
        unmet = {unit.after.id for unit in units if unit.after is not None and unit.before is None}
        new = [each for each in new if each.device.id in unmet]
        for unit in units:
            if unit.before is not None:
                _add(moves, unit, then[unit.before.id][1], now)
                if unit.unseen:
                    missing[unit.before.id] = then[unit.before.id]
    met_first = sum(now[each.device.id][1] == _BREAKS for each in new)
    return {**moves, "opened": moves["opened"] + met_first, "opened_new": moves["opened_new"] + met_first}, missing


def _add(moves: dict[str, int], unit: UnitChange, before: int, now: _Units) -> None:
    """Count one unit that was known: what it was, and what it, or what took its place, is now."""
    if unit.unseen:
        return
    after = now[unit.after.id][1] if unit.after is not None else _CLEAR
    if unit.by is None:
        # Gone, or another unit in its place: what broke a rule then is closed, what does now is another's.
        moves["closed"] += before == _BREAKS
        moves["opened"] += after == _BREAKS
        moves["opened_new"] += after == _BREAKS
    elif before == _BREAKS and after != _BREAKS:
        moves["doubtful" if after == _ASKS or tells_less(unit) else "closed"] += 1
    elif before != _BREAKS and after == _BREAKS:
        moves["opened"] += 1


_NUMBERS = tuple(each.name for each in fields(TermCount) if each.type in ("int", int))


def in_all(trends: Sequence[Trend], name: str) -> Trend:
    """Return the sums over sites, term by term; a term is complete where every site's run of it is."""
    by_term: dict[date, list[TermCount]] = {}
    for each in trends:
        for term in each.terms:
            by_term.setdefault(term.first, []).append(term)
    terms = []
    for first in sorted(by_term):
        found = by_term[first]
        sums = {number: sum(getattr(each, number) for each in found) for number in _NUMBERS}
        whole = all(each.complete for each in found)
        terms.append(TermCount(term=found[0].term, first=first, last=found[0].last, complete=whole, **sums))
    return Trend(name, tuple(terms))
