"""The charts behind the first three: verdicts by instrument, age of firmware, what is due when. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from camaudit.model import Report
from camaudit.report.charts import Chart, draw, draw_parts
from camaudit.report.summary import is_video, judged
from camaudit.report.words import Words

_MAX_INSTRUMENTS = 6
_SHOWN = ("violation", "review", "advice", "compliant")
_YEARS = (2, 5, 8)
_YEAR_DAYS = 365.25
_DUE_DAYS = (30, 90, 365)


def more_charts(report: Report, words: Words) -> tuple[Chart, ...]:
    """Return the charts of the second row."""
    named = words.charts
    ages, due = _ages(report, words), _due(report, words)
    rows = _instruments(report, words)
    return (
        draw_parts("instruments", named["instruments"], named["instruments_text"], rows),
        draw("firmware", named["firmware"], named["firmware_text"], ages),
        draw("due", named["due"], named["due_text"], due),
    )


def _instruments(report: Report, words: Words) -> list[tuple[str, list[tuple[str, str, int]]]]:
    """Count devices by the worst that a rule of an instrument says of them, those with the most to do first."""
    worst: dict[str, dict[str, str]] = {}
    titles: dict[str, str] = {}
    for finding in report.findings:
        if finding.waiver is not None or finding.state not in _SHOWN:
            continue
        for citation in finding.citations:
            titles.setdefault(citation.instrument, citation.title)
            held = worst.setdefault(citation.instrument, {})
            before = held.get(finding.device, finding.state)
            held[finding.device] = min(before, finding.state, key=_SHOWN.index)
    counted = {name: Counter(devices.values()) for name, devices in worst.items()}
    first = sorted(counted, key=lambda name: [-counted[name][state] for state in _SHOWN])[:_MAX_INSTRUMENTS]
    return [
        (titles[name], [(s, words.findings[s], counted[name][s]) for s in _SHOWN if counted[name][s]])
        for name in first
    ]


def _ages(report: Report, words: Words) -> list[tuple[str, int, str]]:
    said = words.charts
    names = [said["age_first"].format(n=_YEARS[0])]
    names += [said["age_between"].format(a=a, b=b) for a, b in pairwise(_YEARS)]
    names += [said["age_last"].format(n=_YEARS[-1]), said["age_unknown"]]
    counted = [0] * len(names)
    for device in report.devices:
        if is_video(device):
            counted[_age(device.identification.firmware_date, report.judged_as_of)] += 1
    rows = zip(names, counted, strict=True)
    return [(name, n, "unsure" if name == names[-1] else "age") for name, n in rows if n]


def _age(built: date | None, today: date) -> int:
    if built is None:
        return len(_YEARS) + 1
    return _place((today - built).days, (years * _YEAR_DAYS for years in _YEARS))


def _due(report: Report, words: Words) -> list[tuple[str, int, str]]:
    """Count devices with something open by the first day that something is due."""
    said = words.charts
    within = (said["due_within"].format(n=n) for n in _DUE_DAYS)
    names = [said["overdue"], *within, said["due_later"], said["due_no"]]
    kinds = ["violation", "review", "review", "due", "due", "unsure"]
    counted = [0] * len(names)
    for item in judged(report):
        if item.open:
            first = min((finding.due for finding in item.open if finding.due is not None), default=None)
            counted[_when(first, report.judged_as_of)] += 1
    return [row for row in zip(names, counted, kinds, strict=True) if row[1]]


def _when(due: date | None, today: date) -> int:
    if due is None:
        return len(_DUE_DAYS) + 2
    if due < today:
        return 0
    return 1 + _place((due - today) // timedelta(days=1), _DUE_DAYS)


def _place(value: float, bounds: Iterable[float]) -> int:
    return sum(value > bound for bound in bounds)
