"""The plan in ``report.json``: each step with its day, people, effort and cost, the sums, and the progress."""

from __future__ import annotations

from typing import Any

from camaudit.model import Cost, PlanStep, Progress, Range, Report
from camaudit.plan import Total
from camaudit.report.costs import cost_totals
from camaudit.report.json_device import day

Json = dict[str, Any]


def step_json(step: PlanStep) -> Json:
    """Return one step as values that JSON knows."""
    return {
        "order": step.order,
        "action": step.action,
        "title": step.title,
        "devices": list(step.devices),
        "why": step.why,
        "by": day(step.by),
        "cost": _cost(step.cost) if step.cost else None,
        "key": step.key,
        "items": [{"key": key, "device": device} for key, device in zip(step.items, step.devices, strict=False)],
        "by_from": step.by_from,
        "who": step.who,
        "effort": {"text": step.effort.text, "hours": _range(step.effort.hours)} if step.effort else None,
    }


def _cost(cost: Cost) -> Json:
    return {
        "currency": cost.currency,
        "low": cost.low,
        "high": cost.high,
        "lines": [
            {
                "what": line.what,
                "quantity": _range(line.quantity),
                "price": _range(line.price),
                "low": line.low,
                "high": line.high,
            }
            for line in cost.lines
        ],
        "unpriced": list(cost.unpriced),
    }


def _range(ends: Range | None) -> Json | None:
    return {"low": ends.low, "high": ends.high} if ends else None


def _total(total: Total) -> Json:
    return {
        "site": total.site,
        "year": total.year,
        "currency": total.currency,
        "low": total.low,
        "high": total.high,
        "steps": total.steps,
        "unpriced": total.unpriced,
    }


def progress_json(item: Progress) -> Json:
    """Return what became of one item of an earlier plan."""
    return {
        "key": item.key,
        "action": item.action,
        "device": item.device,
        "address": item.address,
        "state": item.state,
        "how": item.how,
    }


def costs_json(report: Report) -> Json:
    """Return whose prices were used and the totals; no table, no total."""
    prices = report.site.planning.prices
    table = (
        {
            "currency": prices.currency,
            "source": prices.source,
            "dated": day(prices.dated),
            "note": prices.note,
        }
        if prices
        else None
    )
    return {"prices": table, "totals": [_total(each) for each in cost_totals(report)]}
