"""Which device of one run is which of the other: in go both with their marks, out come pairs with the reason.

Its own serial number, MAC address or UUID knows a unit again wherever it stands; without one, model and place do
(an address, or a channel of the same recorder), if nothing speaks against it. Another unit in its place has
replaced it. Nothing hangs on the order of the devices, nor on which run is the earlier one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from camaudit.changes import By, FactChange, Seen, UnitChange, What
from camaudit.changes.facts import addresses_of, unit_changes
from camaudit.model import Certainty
from camaudit.sameness import Marks, alike, apart

_MARKS = (By.SERIAL, By.MAC, By.UUID)
_TELLING = (By.SERIAL, By.MAC)
"""Marks that speak against a pair where they differ; a UUID may be made up anew."""
_GONE = ("other", "unlisted")
_OF_FIRMWARE = frozenset({"firmware", "firmware_date"})
_AT_A_RECORDER = "#"


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
    read = _lists_read(before, matched)
    return tuple(_change(each, whereabouts, read) for each in pairs)


def _matched(before: Sequence[Seen], after: Sequence[Seen]) -> list[_Pair]:
    found: list[_Pair] = []
    for by in _MARKS:
        done = {id(seen) for each in found for seen in (each.before, each.after)}
        # A mark that several units of a run show is a placeholder or a clone: it knows nobody again.
        was, now = _own(before, by), _own(after, by)
        found += [
            _Pair(seen, now[mark], by)
            for mark, seen in was.items()
            if mark in now and done.isdisjoint((id(seen), id(now[mark]))) and _joins(by, seen, now[mark])
        ]
    found += _by_place(*_left(before, after, found), _addresses, _addresses)
    # The recorders are known by now: on which channel of which of them a camera is says where it hangs.
    recorders = [(p.before.device.id, p.after.device.id) for p in found if p.before and p.after and p.by]
    was_at, now_at = (_channels({two[side]: min(two) for two in recorders}) for side in (0, 1))
    return found + list(_by_place(*_left(before, after, found), was_at, now_at))


def _left(before: Sequence[Seen], after: Sequence[Seen], found: Sequence[_Pair]) -> tuple[list[Seen], list[Seen]]:
    was, now = {id(p.before) for p in found}, {id(p.after) for p in found}
    return [s for s in before if id(s) not in was], [s for s in after if id(s) not in now]


def _own(seen: Sequence[Seen], by: By) -> dict[str, Seen]:
    shown = Counter(getattr(each.marks, by) for each in seen)
    return {mark: each for each in seen if (mark := getattr(each.marks, by)) and shown[mark] == 1}


def _joins(by: By, one: Seen, other: Seen) -> bool:
    """Say whether a shared mark makes two looks one unit: nothing sure may differ, or a second mark agrees."""
    mine, theirs = one.marks, other.marks
    if not alike("maker", mine.maker, theirs.maker):
        return False
    clash = [kind for kind in _TELLING if not alike(kind, getattr(mine, kind), getattr(theirs, kind))]
    if not clash:
        return True
    shared = sum(mark in set(theirs.own()) for mark in mine.own())
    # A unit has a MAC address for each of its interfaces; at the same place the serial number is believed.
    stays = bool(set(addresses_of(one.device)) & set(addresses_of(other.device)))
    return shared >= 2 or (by is By.SERIAL and stays and alike("model", mine.model, theirs.model))


Places = Callable[[Seen], Iterable[str]]


def _addresses(seen: Seen) -> Iterable[str]:
    """Return the addresses that are the unit's own; one behind a recorder stands at its channel."""
    return (address for address in addresses_of(seen.device) if _AT_A_RECORDER not in address)


def _channels(recorders: Mapping[str, str]) -> Places:
    def places(seen: Seen) -> Iterable[str]:
        there = (each for each in seen.device.recorded if each.recorder in recorders)
        return (f"{recorders[each.recorder]}{_AT_A_RECORDER}{each.channel}" for each in there)

    return places


def _by_place(before: Sequence[Seen], after: Sequence[Seen], was_at: Places, now_at: Places) -> Iterator[_Pair]:
    """Yield who stands where the other stood: first those that nothing keeps apart, then who took its place."""
    was, now = _standing(before, was_at), _standing(after, now_at)
    shared: dict[tuple[int, int], list[str]] = {}
    for place in was.keys() & now.keys():
        shared.setdefault((id(was[place]), id(now[place])), []).append(place)
    ranked = sorted(
        (bool(_apart(was[common[0]], now[common[0]])), -len(common), min(common)) for common in shared.values()
    )
    taken: set[int] = set()
    for parted, _, place in ranked:
        one, other = was[place], now[place]
        if taken.isdisjoint((id(one), id(other))):
            taken |= {id(one), id(other)}
            yield _Pair(one, other, None if parted else _reason(one.marks, other.marks, place))


def _apart(one: Seen, other: Seen) -> tuple[str, ...]:
    """Return by what two that stood at one place are told from each other; another likely maker is enough here."""
    mine, theirs = one.device.identification, other.device.identification
    likely = mine.certainty is not Certainty.UNKNOWN and theirs.certainty is not Certainty.UNKNOWN
    named = likely and bool(mine.maker and theirs.maker) and mine.maker != theirs.maker
    return apart(one.marks, other.marks) or (("maker",) if named else ())


def _standing(seen: Sequence[Seen], places: Places) -> dict[str, Seen]:
    """Return who stands where; a place that two share is nobody's."""
    number = Counter(place for each in seen for place in set(places(each)))
    return {place: each for each in seen for place in places(each) if number[place] == 1}


def _reason(one: Marks, other: Marks, place: str) -> By:
    if _AT_A_RECORDER in place:
        return By.CHANNEL
    return By.PLACE if one.model and other.model else By.ADDRESS


def _lists_read(before: Sequence[Seen], matched: Iterable[_Pair]) -> frozenset[str]:
    """Return the addresses of earlier recorders that are there again and whose list was read again."""
    there = (p for p in matched if p.by and p.before and p.after)
    read = (p.before for p in there if p.after and p.after.device.identification.channels_identified is not None)
    return frozenset(address for seen in read if seen for address in addresses_of(seen.device))


def _change(each: _Pair, whereabouts: Callable[[str], str], read: frozenset[str]) -> UnitChange:
    before = each.before.device if each.before else None
    after = each.after.device if each.after else None
    if before is None:
        return UnitChange((What.NEW,), before, after)
    if after is None:
        where = _where(addresses_of(before), whereabouts, read)
        what = What.GONE if where in _GONE else What.NOT_ASKED if where == "not_asked" else What.SILENT
        return UnitChange((what,), before, after, whereabouts=where)
    facts = unit_changes(before, after)
    if each.by is None:
        told = _apart(each.before, each.after) if each.before and each.after else ()
        return UnitChange((What.REPLACED,), before, after, facts=facts, apart=told)
    moved = not set(addresses_of(before)) & set(addresses_of(after))
    return UnitChange(tuple(_became(facts, each.by, moved=moved)) or (What.SAME,), before, after, each.by, facts)


def _where(addresses: Sequence[str], whereabouts: Callable[[str], str], read: frozenset[str]) -> str:
    """Return what the addresses of a unit did; it is gone only where something else is at every one of them."""
    found = []
    for address in addresses:
        recorder, at_one, _ = address.partition(_AT_A_RECORDER)
        found.append(("unlisted" if recorder in read else "not_asked") if at_one else whereabouts(address))
    order = ("not_asked", "silent", "refused", *_GONE)
    return min(found, key=order.index)


def _became(facts: Sequence[FactChange], by: By, *, moved: bool) -> Iterator[What]:
    names = {fact.name for fact in facts}
    if moved:
        yield What.MOVED
        names.discard("address")
    # Another label on what is known to be the same unit came with its firmware; an address alone knows nobody.
    if "brand" in names and by is not By.ADDRESS:
        yield What.REBADGED
        names -= {"brand", "model"}
    if "firmware" in names:
        yield What.FIRMWARE
        # Which known weaknesses it has follows from its firmware.
        names -= _OF_FIRMWARE | {"weaknesses"}
    if names:
        yield What.CHANGED
