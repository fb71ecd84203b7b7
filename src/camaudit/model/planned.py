"""What the site itself says of the work: its prices, its own days, and who does what. Stated, never invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Range:
    """An amount between two ends: money, hours or a number of things."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Hours:
    """The work of one kind of step, in hours: once for the step, and for each device of it."""

    once: Range | None = None
    each: Range | None = None


@dataclass(frozen=True, slots=True)
class Prices:
    """The site's price table. Money is in ``currency``; ``units`` and ``licences`` are by kind of device.

    ``rate`` is the price of an hour of work; ``hours`` is by action of the plan.
    """

    currency: str
    source: str = ""
    dated: date | None = None
    note: str = ""
    rate: Range | None = None
    hours: Mapping[str, Hours] = field(default_factory=dict)
    units: Mapping[str, Range] = field(default_factory=dict)
    licences: Mapping[str, Range] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Planning:
    """What the plan needs of the site: prices, own days by action, who does it, and where the recorders are.

    A day is a date, or so many days after the unit was first seen. ``locations`` says where units hang, by
    address, MAC address or device id.
    """

    prices: Prices | None = None
    days: Mapping[str, int | date] = field(default_factory=dict)
    who: Mapping[str, str] = field(default_factory=dict)
    recorders: tuple[str, ...] = ()
    locations: Mapping[str, str] = field(default_factory=dict)
