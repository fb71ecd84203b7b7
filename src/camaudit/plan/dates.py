"""By when: in go findings of one step and the site's own days, out come the earliest day and whose day it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from camaudit.model import Device, Finding, Planning

INSTRUMENT = "instrument"
"""The day is that of the rule that a finding cites."""
SITE = "site"
"""The day is the site's own rule; it is earlier, or there is no other."""


@dataclass(frozen=True, slots=True)
class Days:
    """What the days of a plan hang on: what the site states, the devices by id, and the day of the scan."""

    planning: Planning
    devices: Mapping[str, Device]
    seen: date

    def earliest(self, action: str, findings: Iterable[Finding]) -> tuple[date | None, str]:
        """Return the earliest day among findings and own days, and whose it is; empty where there is none."""
        found = tuple(findings)
        due = min((f.due for f in found if f.due is not None), default=None)
        own = min((day for f in found if (day := self._own(action, f.device))), default=None)
        if due is not None and (own is None or due <= own):
            return due, INSTRUMENT
        return own, SITE if own is not None else ""

    def _own(self, action: str, device: str) -> date | None:
        stated = self.planning.days.get(action)
        if stated is None or isinstance(stated, date):
            return stated
        return (self.devices[device].first_seen or self.seen) + timedelta(days=stated)
