"""What a report shows of its plan: in goes a ``Report``, out come its steps, sums and progress in words. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from camaudit.model import PlanStep, Report
from camaudit.report.costs import cost_of, effort_of, lines_of
from camaudit.report.words import Words

_STATES = ("done", "open", "unseen", "new")


@dataclass(frozen=True, slots=True)
class StepView:
    """One step with its cost and its effort in words."""

    step: PlanStep
    cost: str
    lines: tuple[str, ...]
    effort: str
    own_day: bool
    """Whether the day is the site's own rule and not that of an instrument."""


@dataclass(frozen=True, slots=True)
class ProgressView:
    """How far an earlier plan has come: a sentence for each state, and where nothing answered."""

    sentences: tuple[str, ...]
    unseen: tuple[str, ...]


def step_views(report: Report, words: Words) -> tuple[StepView, ...]:
    """Return the steps in their order."""
    return tuple(
        StepView(
            step=step,
            cost=cost_of(step, report, words),
            lines=tuple(lines_of(step.cost, words)) if step.cost else (),
            effort=effort_of(step, words),
            own_day=step.by_from == "site",
        )
        for step in report.plan
    )


def progress_view(report: Report, words: Words) -> ProgressView | None:
    """Return what became of an earlier plan, where one was compared."""
    if not report.progress:
        return None
    number = Counter(item.state for item in report.progress)
    said = [words.counted(words.progress, state, number[state]) for state in _STATES if number[state]]
    unseen = tuple(dict.fromkeys(item.address for item in report.progress if item.state == "unseen"))
    return ProgressView(tuple(said), unseen)


def actions_of(report: Report, words: Words) -> dict[str, str]:
    """Return what is to be done about each device, by its id: the steps in order, each with its number."""
    found: dict[str, list[str]] = {}
    for step in report.plan:
        text = f"{step.order}. {words.actions.get(step.action, step.action)}"
        for device in step.devices:
            found.setdefault(device, []).append(text)
    return {device: ", ".join(texts) for device, texts in found.items()}
