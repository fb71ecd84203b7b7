"""For which days a judgement says the same: in go a day and all that was judged, out come a first and a last day.

Between two days on which a rule begins or ends, an owner changes, a decision runs out or firmware turns too old,
every verdict is the same. So what was said on one of them need not be worked out for the others. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from camaudit.model import Device, Finding, Site, Verdict
from camaudit.policy.schema import Pack
from camaudit.signatures.schema import Entity

_DAY = timedelta(days=1)
_YEARS = re.compile(r"'firmware_older_than_years': '?(\d+)")


@dataclass(frozen=True)
class Calendar:
    """The days on which what camaudit knows says something else than on the day before."""

    packs: tuple[Pack, ...]
    entities: Mapping[str, Entity]

    def epoch(
        self, day: date, site: Site, devices: Iterable[Device], findings: Iterable[Finding]
    ) -> tuple[date, date]:
        """Return the first and the last day for which the same is said of this site as for ``day``."""
        if any(f.verdict is Verdict.VIOLATION and (f.policy, f.rule) in self._relative for f in findings):
            # What is due so many days from now is due on another day tomorrow.
            return day, day
        built = {device.identification.firmware_date for device in devices} - {None}
        turns = {
            *self._days,
            *_of_site(site),
            *(turn for each in built if each for turn in self._too_old(each)),
        }
        first = max((turn for turn in turns if turn <= day), default=date.min)
        last = min((turn for turn in turns if turn > day), default=None)
        return first, last - _DAY if last else date.max

    @cached_property
    def _days(self) -> frozenset[date]:
        rules = [rule.form for pack in self.packs for rule in pack.rules]
        owners = [owner for entity in self.entities.values() for owner in entity.owned_by]
        begins = [rule.effective for rule in rules] + [owner.since for owner in owners]
        ends = [rule.until for rule in rules] + [owner.until for owner in owners]
        return frozenset({*filter(None, begins), *(_after(end) for end in ends if end)})

    @cached_property
    def _relative(self) -> frozenset[tuple[str, str]]:
        """The rules whose day hangs on the day on which is judged."""
        return frozenset(
            (pack.id, rule.id)
            for pack in self.packs
            for rule in pack.rules
            if rule.form.deadline is not None and rule.form.deadline.days_after_first_seen is not None
        )

    @cached_property
    def _ages(self) -> frozenset[int]:
        """The ages of firmware, in years, that a rule asks for, wherever in it."""
        texts = (str((pack.applies_to, rule.form.violated_when)) for pack in self.packs for rule in pack.rules)
        return frozenset(int(age) for text in texts for age in _YEARS.findall(text))

    def _too_old(self, built: date) -> Iterator[date]:
        for age in self._ages:
            days = math.floor(age * 365.25) + 1
            if (date.max - built).days > days:
                yield built + timedelta(days=days)


def _of_site(site: Site) -> Iterator[date]:
    for decision in site.decisions:
        yield decision.decided_on
        yield _after(decision.review_by)
    yield from (letter.dated for letter in site.attestations)
    yield from (sighting.seen_on for sighting in site.sightings)


def _after(day: date) -> date:
    return day + _DAY if day < date.max else day
