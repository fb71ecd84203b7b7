"""The budget of an estate: in go the steps of the sites' plans, out come sums by when they are due and of what.

Sums are of what is priced; what has no price is counted beside them, so that no sum looks whole that is not. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from camaudit.model import PlanStep

Sums = Mapping[str, tuple[int, int]]
"""Low and high sums by currency."""
_MONTHS_A_TERM = 4


@dataclass(frozen=True, slots=True)
class Due:
    """The steps of one site of one kind that are due on one day (``by`` is empty where no day is given).

    ``units`` counts devices, ``unpriced`` the steps that have no price or only a part of it.
    """

    action: str
    by: str
    steps: int
    units: int
    unpriced: int
    cost: Sums = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """All of one kind that is due in one term: its first day, or ``overdue``, or empty where no day is given."""

    term: str
    action: str
    sites: int
    steps: int
    units: int
    unpriced: int
    cost: Sums


def due_of(steps: Iterable[PlanStep]) -> tuple[Due, ...]:
    """Return the steps of a plan summed by kind and day."""
    found: dict[tuple[str, str], Due] = {}
    for step in steps:
        key = (step.action, step.by.isoformat() if step.by else "")
        cost = {step.cost.currency: (int(step.cost.low), int(step.cost.high))} if step.cost else {}
        unpriced = int(step.cost is None or bool(step.cost.unpriced))
        one = Due(*key, 1, len(step.devices), unpriced, cost)
        before = found.get(key)
        found[key] = one if before is None else _joined(before, one)
    return tuple(found[key] for key in sorted(found))


def _joined(one: Due, other: Due) -> Due:
    return Due(
        one.action,
        one.by,
        one.steps + other.steps,
        one.units + other.units,
        one.unpriced + other.unpriced,
        added(one.cost, other.cost),
    )


def due_from(saved: Mapping[str, Any]) -> Due:
    """Return what ``asdict`` made of a ``Due`` and JSON carried."""
    return Due(**{**saved, "cost": {currency: (low, high) for currency, (low, high) in saved["cost"].items()}})


def budget(sites: Iterable[Iterable[Due]], as_of: date) -> tuple[Row, ...]:
    """Return the sums over all sites, what is overdue first, then term by term, last what has no day."""
    found: dict[tuple[str, str], Row] = {}
    for site in sites:
        met: set[tuple[str, str]] = set()
        for due in site:
            key = (term_of(due.by, as_of), due.action)
            before = found.get(key, Row(*key, 0, 0, 0, 0, {}))
            found[key] = Row(
                *key,
                before.sites + (key not in met),
                before.steps + due.steps,
                before.units + due.units,
                before.unpriced + due.unpriced,
                added(before.cost, due.cost),
            )
            met.add(key)
    return tuple(found[key] for key in sorted(found, key=lambda key: (_order(key[0]), key[1])))


def term_of(by: str, as_of: date) -> str:
    """Return the first day of the third of a year in which a day lies; ``overdue`` where it is past."""
    if not by:
        return ""
    if by < as_of.isoformat():
        return "overdue"
    day = date.fromisoformat(by)
    return day.replace(month=(day.month - 1) // _MONTHS_A_TERM * _MONTHS_A_TERM + 1, day=1).isoformat()


def _order(term: str) -> tuple[int, str]:
    return (0 if term == "overdue" else 1 if term else 2), term


def added(one: Sums, other: Sums) -> dict[str, tuple[int, int]]:
    """Return two sums together, each currency by itself."""
    total = dict(one)
    for currency, (low, high) in other.items():
        before = total.get(currency, (0, 0))
        total[currency] = (before[0] + low, before[1] + high)
    return total
