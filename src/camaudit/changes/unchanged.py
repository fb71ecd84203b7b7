"""Units of which nothing needs to be judged: in go pairs and two settings, out come the pairs that may differ.

Most units of a site are as they were. What they are judged by may have changed all the same, so one of each kind
is judged in both settings: where that tells a difference, those of its kind are judged one by one. Pure.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace

from camaudit.changes import Judge, Setting, UnitChange
from camaudit.changes.state import states
from camaudit.model import Device, Judgement, KeptUnit, Planning, Site, Verdict
from camaudit.policy.epochs import Calendar
from camaudit.policy.profiles import profile_of

_QUIET = Verdict.NOT_APPLICABLE.value
_Said = dict[str, str]
"""What each rule says of a unit, by ``pack/rule``; what asks nothing of anybody is left out."""


@dataclass(frozen=True, slots=True)
class Stillness:
    """What tells that nothing changed: the days on which law does, and what was said of each kind of unit.

    One of these may serve many sites: what a rule says hangs on neither a site's name nor its addresses.
    """

    calendar: Calendar
    said: MutableMapping[Hashable, _Said] = field(default_factory=dict)

    def stirring(
        self, units: Sequence[UnitChange], before: Setting, after: Setting, kept: Judgement | None, judge: Judge
    ) -> list[int]:
        """Return the numbers of the pairs of which a rule may say something else than before.

        Every other pair is one unit that said the same twice, of which no rule says anything else.
        """
        same = {n: unit.after for n, unit in enumerate(units) if unit.after and unit.before == unit.after}
        calm = set(self._calm(same, before, after, kept, judge)) if same else set()
        return [number for number in range(len(units)) if number not in calm]

    def _calm(
        self, same: Mapping[int, Device], before: Setting, after: Setting, kept: Judgement | None, judge: Judge
    ) -> Iterable[int]:
        # What was reported then is compared whatever our knowledge: it may not be what would be said anew.
        if kept is None and self._is_steady(same.values(), before, after):
            return same
        if _names_units(before) or _names_units(after) or before.site.core_networks != after.site.core_networks:
            return ()
        return self._alike(same, before, after, kept, judge)

    def _is_steady(self, devices: Iterable[Device], before: Setting, after: Setting) -> bool:
        """Say whether both settings are one but for the day, and no day between them changes anything."""
        if replace(before, day=after.day) != after:
            return False
        days = sorted((before.day, after.day))
        turns = (day for waiver in after.waivers for day in (waiver.granted, waiver.expires))
        if any(days[0] <= day <= days[1] for day in turns):
            return False
        first, last = self.calendar.epoch(before.day, before.site, devices, ())
        return first <= after.day <= last

    def _alike(
        self, same: Mapping[int, Device], before: Setting, after: Setting, kept: Judgement | None, judge: Judge
    ) -> Iterator[int]:
        kinds: dict[Hashable, list[int]] = {}
        for number, device in same.items():
            kinds.setdefault(profile_of(device, after.site, after.day), []).append(number)
        ones = {kind: same[numbers[0]] for kind, numbers in kinds.items()}
        was, now = (self._said_of(ones, setting, judge) for setting in (before, after))
        reported = {address: unit for unit in kept.units for address in unit.addresses} if kept else {}
        for kind, numbers in kinds.items():
            if was[kind] == now[kind]:
                for number in numbers:
                    if kept is None or _as_reported(reported.get(same[number].address)) == now[kind]:
                        yield number

    def _said_of(
        self, ones: Mapping[Hashable, Device], setting: Setting, judge: Judge
    ) -> Mapping[Hashable, _Said]:
        """Return what is said of one unit of each kind in a setting, judging only kinds that were not met yet."""
        where = (setting.day, _essence(setting.site), setting.chosen)
        new = {kind: one for kind, one in ones.items() if (kind, where) not in self.said}
        # Under names of our own: two units have one id where both show a mark that is nobody's.
        named = {number: replace(one, id=str(number)) for number, one in enumerate(new.values())}
        told: list[_Said] = [{} for _ in new]
        for (number, rule), said in states(named, setting, judge).items():
            if said.state != _QUIET:
                told[number][rule] = said.mark
        self.said.update({(kind, where): one for kind, one in zip(new, told, strict=True)})
        return {kind: self.said[kind, where] for kind in ones}


def _names_units(setting: Setting) -> bool:
    """Say whether something in a setting is about units one by one."""
    return bool(setting.waivers or setting.site.decisions or setting.site.sightings)


def _essence(site: Site) -> str:
    """Return what of a site a rule can hang on; a unit's being on a core network is part of its kind."""
    bare = replace(
        site, name="", scope=(), exclude=(), core_networks=(), groups={}, planning=Planning(), language=""
    )
    return f"{bare} {bool(site.core_networks)}"


def _as_reported(unit: KeptUnit | None) -> _Said:
    return {rule: state for rule, state in (unit.states if unit else {}).items() if state != _QUIET}
