"""What changed between two looks at a site, and why: devices paired, verdicts compared, causes told apart.

In go two sides (devices, and what they were judged by) and the judge, out comes a ``Difference``. Pure. A cause is
found out by judging again with one input swapped at a time, never guessed; where that tells nothing, it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from camaudit.model import Device, Finding, Judgement, Site, Waiver
from camaudit.model.changed import UNSEEN, By, Cause, FactChange, UnitChange, VerdictChange, What, Why
from camaudit.sameness import Marks

__all__ = [
    "UNSEEN",
    "By",
    "Cause",
    "Difference",
    "FactChange",
    "Judge",
    "Known",
    "Past",
    "Seen",
    "Setting",
    "Side",
    "UnitChange",
    "VerdictChange",
    "What",
    "Why",
]


@dataclass(frozen=True, slots=True)
class Seen:
    """A device of one run with the marks by which it may be known again."""

    device: Device
    marks: Marks


@dataclass(frozen=True, slots=True)
class Setting:
    """What a verdict hangs on beside the device and what camaudit knows; ``chosen`` are packs named by hand."""

    day: date
    site: Site
    waivers: tuple[Waiver, ...] = ()
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two looks."""

    seen: tuple[Seen, ...]
    setting: Setting


@dataclass(frozen=True, slots=True)
class Past:
    """A run before the two that are compared: its day, and what was said of it."""

    day: date
    kept: Judgement

    @property
    def setting(self) -> Setting:
        """Return what it was judged by."""
        return Setting(self.kept.as_of, self.kept.site, self.kept.waivers, self.kept.chosen)


Judge = Callable[[Sequence[Device], Setting], Sequence[Finding]]
"""Judges devices in a setting by what camaudit knows today."""


@dataclass(frozen=True, slots=True)
class Known:
    """What camaudit knows today: the digest of each part, its version, and the days on which rules begin and end.

    ``days`` maps ``pack/rule`` to its first and its last day.
    """

    marks: Mapping[str, str]
    tool_version: str
    days: Mapping[str, tuple[date | None, date | None]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed; ``kept`` says whether the earlier verdicts are those that were reported then.

    ``unseen`` holds what was open of units that the later look tells nothing of: nobody may call it closed.
    """

    units: tuple[UnitChange, ...]
    verdicts: tuple[VerdictChange, ...]
    kept: Judgement | None = None
    unseen: tuple[VerdictChange, ...] = ()
