"""The JSON Schema of what is to be done and answered: the plan, its costs, its progress, and the questions."""

from __future__ import annotations

from camaudit.model import Topic, Verdict
from camaudit.report.json_shapes import (
    AMOUNT,
    COUNT,
    DAY,
    ENDS,
    TEXT,
    YES_NO,
    Schema,
    an_object,
    list_of,
    maybe,
    one_of,
)


def question_schema() -> Schema:
    """Return the schema of a question that is still open."""
    verdict = maybe(one_of(Verdict))
    effect = an_object(policy=TEXT, title=TEXT, before=verdict, after=verdict, devices=COUNT, then=TEXT)
    return an_object(
        key=TEXT,
        about=one_of(Topic),
        question=TEXT,
        why=TEXT,
        reviews=COUNT,
        devices=list_of(TEXT),
        titles=list_of(TEXT),
        unit_by_unit=YES_NO,
        answers=list_of(an_object(answer=TEXT, name=TEXT, effects=list_of(effect))),
    )


def step_schema() -> Schema:
    """Return the schema of a step of the plan."""
    line = an_object(what=TEXT, quantity=ENDS, price=ENDS, low=AMOUNT, high=AMOUNT)
    cost = an_object(currency=TEXT, lines=list_of(line), unpriced=list_of(TEXT), low=AMOUNT, high=AMOUNT)
    return an_object(
        order={"type": "integer", "minimum": 1},
        action=TEXT,
        title=TEXT,
        devices=list_of(TEXT),
        why=TEXT,
        by=maybe(DAY),
        cost=maybe(cost),
        key=TEXT,
        items=list_of(an_object(key=TEXT, device=TEXT)),
        by_from=one_of(("instrument", "site", "")),
        who=TEXT,
        effort=maybe(an_object(text=TEXT, hours=maybe(ENDS))),
        noted=maybe(an_object(responsible=TEXT, status=TEXT, done=maybe(DAY), note=TEXT)),
    )


def costs_schema() -> Schema:
    """Return the schema of the prices and what they come to."""
    table = an_object(currency=TEXT, source=TEXT, dated=maybe(DAY), note=TEXT)
    year, money = maybe({"type": "integer"}), {"currency": TEXT, "low": AMOUNT, "high": AMOUNT}
    total = an_object(site=TEXT, year=year, steps=COUNT, unpriced=COUNT, **money)
    return an_object(prices=maybe(table), totals=list_of(total))


def progress_schema() -> Schema:
    """Return the schema of what became of an item of an earlier plan."""
    words = {
        "state": one_of(("done", "open", "unseen", "new")),
        "how": one_of(("replaced", "gone", "settled", "")),
    }
    return an_object(key=TEXT, action=TEXT, device=TEXT, address=TEXT, **words)
