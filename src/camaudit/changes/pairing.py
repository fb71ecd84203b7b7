"""Which device of one run is which of the other: in go both with their marks, out come pairs with the reason.

Its own serial number, MAC address or UUID knows a unit again wherever it stands; without one, model and place do,
if nothing speaks against it. Another unit at the same address has replaced the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from camaudit.changes import By, Seen, UnitChange, What
from camaudit.changes.facts import addresses_of, unit_changes
from camaudit.sameness import differ

_MARKS = (By.SERIAL, By.MAC, By.UUID)


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Seen | None
    after: Seen | None
    by: By | None = None


def pair(
    before: Sequence[Seen], after: Sequence[Seen], whereabouts: Callable[[str], str]
) -> tuple[UnitChange, ...]:
    """Return every device of both runs once, in the order of the later run, then those that are gone.

    ``whereabouts`` says of an address what came of it in the later run.
    """
    matched = _matched(before, after)
    known = {id(each.after): each for each in matched}
    kept = {id(each.before) for each in matched}
    pairs = [known.get(id(seen), _Pair(None, seen)) for seen in after]
    pairs += [_Pair(seen, None) for seen in before if id(seen) not in kept]
    return tuple(_change(each, whereabouts) for each in pairs)


def _matched(before: Sequence[Seen], after: Sequence[Seen]) -> list[_Pair]:
    found: list[_Pair] = []
    for by in _MARKS:
        done = {id(seen) for each in found for seen in (each.before, each.after)}
        # A mark that several units of a run show is a placeholder or a clone: it knows nobody again.
        was, now = _own(before, by), _own(after, by)
        found += [
            _Pair(seen, now[mark], by)
            for mark, seen in was.items()
            if mark in now and done.isdisjoint((id(seen), id(now[mark]))) and not _other_maker(seen, now[mark])
        ]
    return found + list(_by_place(*_left(before, after, found)))


def _left(before: Sequence[Seen], after: Sequence[Seen], found: Sequence[_Pair]) -> tuple[list[Seen], list[Seen]]:
    was, now = {id(p.before) for p in found}, {id(p.after) for p in found}
    return [s for s in before if id(s) not in was], [s for s in after if id(s) not in now]


def _own(seen: Sequence[Seen], by: By) -> dict[str, Seen]:
    shown = Counter(getattr(each.marks, by) for each in seen)
    return {mark: each for each in seen if (mark := getattr(each.marks, by)) and shown[mark] == 1}


def _other_maker(one: Seen, other: Seen) -> bool:
    makers = {one.marks.maker, other.marks.maker} - {""}
    return len(makers) > 1


def _by_place(before: Sequence[Seen], after: Sequence[Seen]) -> Iterator[_Pair]:
    standing = {address: seen for seen in reversed(after) for address in addresses_of(seen.device)}
    taken: set[int] = set()
    for seen in before:
        there = next((standing[a] for a in addresses_of(seen.device) if a in standing), None)
        if there is None or id(there) in taken:
            continue
        taken.add(id(there))
        same = not differ(seen.marks, there.marks)
        yield _Pair(seen, there, By.PLACE if same else None)


def _change(each: _Pair, whereabouts: Callable[[str], str]) -> UnitChange:
    before = each.before.device if each.before else None
    after = each.after.device if each.after else None
    if before is None or after is None:
        where = whereabouts(before.address) if before else ""
        return UnitChange((What.GONE if before else What.NEW,), before, after, whereabouts=where)
    facts = unit_changes(before, after)
    if each.by is None:
        return UnitChange((What.REPLACED,), before, after, facts=facts)
    moved = not set(addresses_of(before)) & set(addresses_of(after))
    changed = any(fact.name != "address" or not moved for fact in facts)
    what = tuple(w for w, so in ((What.MOVED, moved), (What.CHANGED, changed)) if so)
    return UnitChange(what or (What.SAME,), before, after, each.by, facts)
