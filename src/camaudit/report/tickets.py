"""Tickets: in goes a ``Report``, out come rows that Jira or ServiceNow import, one for each step of the plan.

A ticket has an id that stays the same from audit to audit. What an earlier plan asked and this one no longer does
is closed where ``--since`` compared the two and every unit of it was seen to be done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from camaudit.model import Device, PlanStep, Progress, Report
from camaudit.report.costs import cost_of
from camaudit.report.format_words import format_words
from camaudit.report.identifiers import lasting
from camaudit.report.safe import plain
from camaudit.report.sentences import called
from camaudit.report.words import words

MAX_UNITS = 200
"""Units that one ticket names."""
_MAX_SUMMARY, _MAX_LINE = 200, 400
_URGENT = ("isolate", "replace", "patch")
_ASKED, _DONE_ON_THE_UNIT = ("attest", "investigate"), ("patch", "configure")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a description; ``said`` is what others wrote, which each tracker escapes its way."""

    ours: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket. ``id`` lasts; ``urgency`` is 1 (most) to 3; ``closed`` where nothing is left to do."""

    id: str
    summary: str
    lines: tuple[Line, ...]
    action: str
    urgency: int
    due: date | None
    who: str
    site: str
    closed: bool = False


def tickets(report: Report) -> Iterator[Ticket]:
    """Yield the tickets in the order of the plan, then those to close."""
    devices = {device.id: device for device in report.devices}
    seen: dict[str, int] = {}
    for step in report.plan:
        # Two questions may rest on one rule; the second then has an id of its own.
        seen[step.key] = seen.get(step.key, 0) + 1
        key = step.key if seen[step.key] == 1 else f"{step.key}-{seen[step.key]}"
        yield _open(step, _id(report, key), devices, report)
    left: dict[str, list[Progress]] = {}
    for item in report.progress:
        if item.step and item.step not in seen:
            left.setdefault(item.step, []).append(item)
    for key, items in left.items():
        if all(item.state == "done" for item in items):
            yield _closed(items, _id(report, key), report)


def _id(report: Report, key: str) -> str:
    return f"camaudit-{lasting('site', report.site.name)[:8]}-{key}"


def _open(step: PlanStep, name: str, devices: Mapping[str, Device], report: Report) -> Ticket:
    w, catalogue = format_words().tickets, words()
    action = catalogue.actions.get(step.action, step.action)
    lines = [Line(plain(step.why, 4 * _MAX_LINE))]
    if step.cost is not None:
        lines.append(Line(w["cost"].format(cost=plain(cost_of(step, report, catalogue), _MAX_LINE))))
    lines.append(Line(w["units"].format(n=len(step.devices))))
    lines += [_unit(devices[each], report) for each in step.devices[:MAX_UNITS] if each in devices]
    if len(step.devices) > MAX_UNITS:
        lines.append(Line(w["more"].format(n=len(step.devices) - MAX_UNITS)))
    lines.append(Line(w["source"].format(run=report.run.id, date=catalogue.day(report.judged_as_of), id=name)))
    late = step.by is not None and step.by < report.judged_as_of
    return Ticket(
        id=name,
        summary=plain(_summary(step, action), _MAX_SUMMARY),
        lines=tuple(lines),
        action=step.action,
        urgency=1 if late or step.action in _URGENT else 2,
        due=step.by,
        who=step.who,
        site=report.site.name,
    )


def _summary(step: PlanStep, action: str) -> str:
    if step.action in _ASKED:
        return f"{action}: {step.title}"
    # Two steps may be done alike for two rules; the reason, which begins with the rule, tells them apart.
    return f"{step.title}: {step.why.partition('.')[0]}" if step.action in _DONE_ON_THE_UNIT else step.title


def _unit(device: Device, report: Report) -> Line:
    place = report.locations.get(device.id, "")
    said = called(device, report.names, words())
    return Line(f"- {plain(device.address, 60)} ", plain(f"{said}, {place}" if place else said, _MAX_LINE))


def _closed(items: list[Progress], name: str, report: Report) -> Ticket:
    w, catalogue = format_words().tickets, words()
    action = catalogue.actions.get(items[0].action, items[0].action)
    how = (f"- {plain(item.address, 60)}: {w[f'done_{item.how}']}" for item in items[:MAX_UNITS])
    source = w["source"].format(run=report.run.id, date=catalogue.day(report.judged_as_of), id=name)
    return Ticket(
        id=name,
        summary=plain(w["closed"].format(action=action, n=len(items)), _MAX_SUMMARY),
        lines=(Line(w["done"]), *map(Line, how), Line(source)),
        action=items[0].action,
        urgency=3,
        due=None,
        who="",
        site=report.site.name,
        closed=True,
    )
