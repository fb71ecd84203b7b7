"""The board's page: in goes a ``Report``, out come one page of words: is there a problem, and what to decide.

One decision on a line, in plain words, with its day and its cost. It says that a rule is broken, never that a make
is forbidden: a rule binds some, for some purpose, from some day on.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from camaudit.model import PlanStep, Range, Report
from camaudit.plan import in_all
from camaudit.report.costs import CostView, cost_view, money
from camaudit.report.sentences import Answer, answer
from camaudit.report.since_view import board_line
from camaudit.report.summary import counts
from camaudit.report.words import Words

_GROUPS = (
    ("isolate", ("isolate",)),
    ("replace", ("replace",)),
    ("attest", ("attest",)),
    ("investigate", ("investigate",)),
    ("tend", ("patch", "configure")),
)
"""The decisions in the order in which a board takes them; each settles some actions of the plan."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing to decide: what, by when, and what it costs as far as the site's prices say."""

    text: str
    by: str
    cost: str


@dataclass(frozen=True, slots=True)
class BoardView:
    """Everything on the page."""

    answer: Answer
    decisions: tuple[Decision, ...]
    costs: CostView
    notes: tuple[str, ...]
    """What is to be known of the prices."""
    seen: str
    since: str
    """What was closed and opened since an earlier run; empty where none was compared."""
    more: str
    """That the full report says more of what was not checked; empty where it does not."""


def board_view(report: Report, words: Words) -> BoardView:
    """Return the page's words."""
    number = counts(report)
    seen = words.board["seen"].format(
        answered=number["answered"],
        addresses=number["addresses"],
        total=words.counted(words.headlines, "total", number["video"]),
        date=words.day(report.run.started.date()),
    )
    found = tuple(_decisions(report, words))
    costs = cost_view(report, words)
    priced = report.site.planning.prices is not None
    notes = costs.notes if priced else (words.board["no_prices"],) if report.plan else ()
    # Notices are written for who runs the audit: a board needs to know that there are some.
    more = words.counted(words.board, "more", len(report.notices)) if report.notices else ""
    return BoardView(answer(report, words), found, costs, notes, seen, board_line(report, words), more)


def _decisions(report: Report, words: Words) -> Iterator[Decision]:
    for key, actions in _GROUPS:
        steps = [step for step in report.plan if step.action in actions]
        if steps:
            yield _decision(key, steps, report, words)
    ends = {f.device: f.waiver.expires for f in report.findings if f.waiver is not None}
    if ends:
        text = words.counted(words.board, "waived", len(ends))
        yield Decision(text, _by(min(ends.values()), report.judged_as_of, words), "")
    if not report.plan and not ends:
        video = counts(report)["video"]
        yield Decision(words.board["nothing" if video else "look_again"], "", "")


def _decision(key: str, steps: list[PlanStep], report: Report, words: Words) -> Decision:
    devices = {device for step in steps for device in step.devices}
    by = min((step.by for step in steps if step.by is not None), default=None)
    if key == "attest":
        settled = words.devices(len(devices))
        text = words.counted(words.board, key, len(steps), devices=settled)
    else:
        text = words.counted(words.board, key, len(devices))
    return Decision(text, _by(by, report.judged_as_of, words), _cost(steps, report, words))


def _by(by: date | None, today: date, words: Words) -> str:
    if by is None:
        return ""
    return words.board["late" if by < today else "by"].format(date=words.day(by))


def _cost(steps: list[PlanStep], report: Report, words: Words) -> str:
    whole = in_all(report.site.name, steps)
    if report.site.planning.prices is None or not whole.currency:
        return ""
    key = "at_least" if whole.unpriced else "range"
    # A board decides on round figures; the ends are rounded away from each other.
    ends = Range(math.floor(whole.low), math.ceil(whole.high))
    return words.costs[key].format(money=money(ends, whole.currency))
