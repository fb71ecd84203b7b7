"""The site's price table: in goes the ``prices`` of a site file or a file of its own, out come ``Prices``.

camaudit brings no prices: what is not in the table has no figure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from camaudit.model import Hours, Kind, Prices, Range
from camaudit.plan import ACTIONS
from camaudit.yamlio import STRICT, Path

_CURRENCY = re.compile(r"[A-Z]{3}")
_KINDS = tuple(kind.value for kind in Kind if kind is not Kind.OTHER)


@dataclass(frozen=True, slots=True)
class RangeForm:
    """Two ends of an amount; the same number twice where it is known."""

    __pydantic_config__ = STRICT
    low: float
    high: float

    def range(self) -> Range:
        """Return it as a value."""
        return Range(self.low, self.high)


@dataclass(frozen=True, slots=True)
class HoursForm:
    """Hours of work for one kind of step: once for all its devices, and for each of them."""

    __pydantic_config__ = STRICT
    once: RangeForm | None = None
    each: RangeForm | None = None


@dataclass(frozen=True, slots=True)
class LabourForm:
    """What an hour costs, and the hours by action of the plan."""

    __pydantic_config__ = STRICT
    rate: RangeForm | None = None
    hours: dict[str, HoursForm] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PricesForm:
    """The form of a price table; ``examples/school/prices.yaml`` shows it.

    ``units`` and ``licences`` are what one new unit of a kind (camera, recorder and so on) costs.
    """

    __pydantic_config__ = STRICT
    currency: str
    source: str = ""
    dated: date | None = None
    note: str = ""
    units: dict[str, RangeForm] = field(default_factory=dict)
    licences: dict[str, RangeForm] = field(default_factory=dict)
    labour: LabourForm = LabourForm()

    def prices(self) -> Prices:
        """Return the table as a value."""
        hours = self.labour.hours.items()
        return Prices(
            currency=self.currency,
            source=self.source,
            dated=self.dated,
            note=self.note,
            rate=_range(self.labour.rate),
            hours={action: Hours(_range(each.once), _range(each.each)) for action, each in hours},
            units={kind: each.range() for kind, each in self.units.items()},
            licences={kind: each.range() for kind, each in self.licences.items()},
        )


@dataclass(frozen=True, slots=True)
class PricesFile:
    """A price table in a file of its own, named by ``prices_file`` of the site file."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/prices@1"]
    prices: PricesForm


def _range(form: RangeForm | None) -> Range | None:
    return form.range() if form is not None else None


def problems_of(form: PricesForm, where: Path = ("prices",)) -> Iterator[tuple[Path, str]]:
    """Yield what is wrong with a table, each with its place in the file."""
    if not _CURRENCY.fullmatch(form.currency):
        yield (*where, "currency"), f"{form.currency!r} is no currency; write GBP, USD, EUR or the like"
    for name, kinds in (("units", form.units), ("licences", form.licences)):
        yield from _unknown((*where, name), kinds, _KINDS, "kind of device")
        for kind, each in kinds.items():
            yield from _wrong((*where, name, kind), each)
    labour = (*where, "labour")
    yield from _wrong((*labour, "rate"), form.labour.rate)
    yield from _unknown((*labour, "hours"), form.labour.hours, ACTIONS, "action of the plan")
    for action, hours in form.labour.hours.items():
        yield from _wrong((*labour, "hours", action, "once"), hours.once)
        yield from _wrong((*labour, "hours", action, "each"), hours.each)


def _unknown(
    where: Path, given: Mapping[str, object], known: tuple[str, ...], what: str
) -> Iterator[tuple[Path, str]]:
    for name in given:
        if name not in known:
            yield (*where, name), f"is no {what}; there are {', '.join(known)}"


def _wrong(where: Path, form: RangeForm | None) -> Iterator[tuple[Path, str]]:
    if form is None:
        return
    if not 0 <= form.low <= form.high < 1e9:
        yield where, "needs 0 <= low <= high; give both ends, the same number twice where it is known"
