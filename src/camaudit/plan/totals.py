"""What a plan comes to: in go steps, out come totals by the year in which they are due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from camaudit.model import PlanStep


@dataclass(frozen=True, slots=True)
class Total:
    """The cost of all steps of one site that are due in one year; no year: no day is given.

    ``unpriced`` counts the steps that have no cost at all or a part without a price: the true sum is higher.
    """

    site: str
    year: int | None
    currency: str
    low: float
    high: float
    steps: int
    unpriced: int


def totals(site: str, steps: Iterable[PlanStep], today: date) -> tuple[Total, ...]:
    """Return a total for each year, the next first, and last of what has no day; what is overdue is due now."""
    by_year: dict[int | None, list[PlanStep]] = {}
    for step in steps:
        by_year.setdefault(max(step.by.year, today.year) if step.by else None, []).append(step)
    years = sorted(by_year, key=lambda year: (year is None, year or 0))
    return tuple(_total(site, year, by_year[year]) for year in years)


def in_all(site: str, steps: Iterable[PlanStep]) -> Total:
    """Return the total of all steps, whenever they are due."""
    return _total(site, None, list(steps))


def _total(site: str, year: int | None, steps: list[PlanStep]) -> Total:
    costs = [step.cost for step in steps if step.cost is not None]
    # One site has one price table, so one currency.
    currency = next((cost.currency for cost in costs), "")
    low, high = round(sum(cost.low for cost in costs), 2), round(sum(cost.high for cost in costs), 2)
    unpriced = sum(step.cost is None or bool(step.cost.unpriced) for step in steps)
    return Total(site, year, currency, low, high, len(steps), unpriced)
