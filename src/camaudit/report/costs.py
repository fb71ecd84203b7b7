"""Money and days of work in words: in go amounts of a plan, out come what a reader sees. Pure.

A figure is only ever one that the site's own table gives; where there is none, that is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from camaudit.model import Cost, PlanStep, Range, Report
from camaudit.plan import Total, in_all, totals
from camaudit.report.words import Words


@dataclass(frozen=True, slots=True)
class CostView:
    """What a report says of the cost of its plan: the sum, the years, whose prices, and what lacks."""

    total: str
    years: tuple[tuple[str, str, int], ...]
    """Year, money and number of steps."""
    notes: tuple[str, ...]


def cost_totals(report: Report) -> tuple[Total, ...]:
    """Return the totals by year; none where the site gives no price table."""
    if report.site.planning.prices is None:
        return ()
    return totals(report.site.name, report.plan, report.judged_as_of)


def cost_view(report: Report, words: Words) -> CostView:
    """Return the cost of the whole plan in words."""
    prices = report.site.planning.prices
    if prices is None:
        return CostView("", (), (words.costs["no_table"],))
    whole = in_all(report.site.name, report.plan)
    years = tuple(
        (str(each.year) if each.year else words.costs["no_year"], _of_total(each, words), each.steps)
        for each in cost_totals(report)
    )
    notes = []
    if prices.source or prices.dated:
        day = words.day(prices.dated) if prices.dated else words.costs["undated"]
        notes.append(words.costs["table"].format(source=prices.source or words.costs["own_table"], date=day))
    if prices.note:
        notes.append(prices.note)
    if whole.unpriced:
        notes.append(words.counted(words.costs, "unpriced", whole.unpriced))
    return CostView(_of_total(whole, words), years, tuple(notes))


def _of_total(total: Total, words: Words) -> str:
    if not total.currency:
        return words.costs["none_priced"]
    key = "at_least" if total.unpriced else "range"
    return words.costs[key].format(money=money(Range(total.low, total.high), total.currency))


def cost_of(step: PlanStep, report: Report, words: Words) -> str:
    """Return what a step costs, in a few words."""
    if report.site.planning.prices is None:
        return words.costs["not_stated"]
    if step.cost is None:
        return words.costs["none_priced"]
    key = "at_least" if step.cost.unpriced else "range"
    return words.costs[key].format(money=money(Range(step.cost.low, step.cost.high), step.cost.currency))


def lines_of(cost: Cost, words: Words) -> Iterator[str]:
    """Yield the lines that a cost is made of, and what of it has no price."""
    for line in cost.lines:
        yield words.costs["line"].format(
            what=line.what,
            quantity=amount(line.quantity),
            price=money(line.price, cost.currency),
            money=money(Range(line.low, line.high), cost.currency),
        )
    for what in cost.unpriced:
        yield words.costs["no_price"].format(what=what)


def effort_of(step: PlanStep, words: Words) -> str:
    """Return what a step asks of people."""
    if step.effort is None:
        return ""
    if step.effort.hours is None:
        return step.effort.text
    return words.costs["hours"].format(text=step.effort.text, hours=amount(step.effort.hours))


def money(ends: Range, currency: str) -> str:
    """Write money with its currency: ``GBP 1,200–1,850``."""
    low, high = _money(ends.low), _money(ends.high)
    return f"{currency} {low}" if low == high else f"{currency} {low}–{high}"


def amount(ends: Range) -> str:
    """Write a number of things or hours."""
    low, high = _amount(ends.low), _amount(ends.high)
    return low if low == high else f"{low}–{high}"


def _money(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"


def _amount(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
