"""What changed between two looks at a site, and why: devices paired, verdicts compared, causes told apart.

In go two sides (devices, and what they were judged by) and the judge, out comes a ``Difference``. Pure. A cause is
found out by judging again with one input swapped at a time, never guessed; where that tells nothing, it says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from camaudit.model import Device, Finding, Judgement, Site, Waiver
from camaudit.sameness import Marks


class What(StrEnum):
    """What became of a device."""

    NEW = "new"
    GONE = "gone"
    MOVED = "moved"
    REPLACED = "replaced"
    CHANGED = "changed"
    SAME = "same"


class By(StrEnum):
    """By what a device was known again."""

    SERIAL = "serial"
    MAC = "mac"
    UUID = "uuid"
    PLACE = "place"


class Why(StrEnum):
    """What a changed verdict is put down to."""

    DEVICE = "device"
    SIGNATURES = "signatures"
    RULES = "rules"
    OWNERS = "owners"
    LAW_DATE = "law_date"
    DAY = "day"
    SITE = "site"
    WAIVER = "waiver"
    PROGRAM = "program"
    UNKNOWN = "unknown"


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
class FactChange:
    """One thing that a device said, or a site file states, before and after; empty where it was not known."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One device and what became of it; ``before`` and ``after`` are two units where it was replaced.

    ``whereabouts`` says of one that is gone what its address did: ``silent``, ``refused``, ``other`` or
    ``not_asked``.
    """

    what: tuple[What, ...]
    before: Device | None
    after: Device | None
    by: By | None = None
    facts: tuple[FactChange, ...] = ()
    whereabouts: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause of a changed verdict, with what shows it."""

    why: Why
    facts: tuple[FactChange, ...] = ()
    names: tuple[str, ...] = ()
    day: date | None = None
    waiver: Waiver | None = None


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A rule that speaks otherwise of a device; a state is a verdict or ``advice``, empty where there is none.

    ``together``: only all causes at once change the verdict, else each would alone.
    """

    unit: UnitChange
    policy: str
    rule: str
    title: str
    before: str
    after: str
    waived_before: bool
    waived_after: bool
    causes: tuple[Cause, ...]
    together: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that changed; ``kept`` says whether the earlier verdicts are those that were reported then."""

    units: tuple[UnitChange, ...]
    verdicts: tuple[VerdictChange, ...]
    kept: Judgement | None = None
