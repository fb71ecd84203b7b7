"""The report over many sites: in go reports, one at a time, out comes a line for each, and files over all of them.

A line is all that is kept of a site: the memory of an estate report does not grow with its cameras. Pure.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import reduce
from typing import Any

from camaudit.model import Report, Verdict
from camaudit.report.csv import cell
from camaudit.report.estate_budget import Due, Row, Sums, added, budget, due_from, due_of
from camaudit.report.summary import SURE, counts, is_video, judged

SCHEMA = "camaudit/estate-report@1"
LATE_AFTER = 150
"""Days after which a scan is old: a term and its holidays."""
COUNTS = ("video", "violations", "reviews", "waived", "advice", "compliant", "not_applicable")


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site in short. ``state`` is ``complete``, ``partly`` (jobs wait or were not done) or ``never``.

    ``waiting`` is the day since which a newer scan of it waits for its worker, empty where none does.

    ``makers`` counts the cameras and recorders that are surely of a maker and break a rule, by the maker's id;
    ``cost`` holds low and high sums by currency; ``due`` is the first day that something is due.
    """

    id: str
    name: str = ""
    area: str = ""
    state: str = "never"
    run: str = ""
    scanned: str = ""
    addresses: int = 0
    answered: int = 0
    unasked: int = 0
    counts: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    makers: Mapping[str, int] = field(default_factory=dict)
    due: str = ""
    cost: Sums = field(default_factory=dict)
    steps: tuple[Due, ...] = ()
    waiting: str = ""

    @property
    def rank(self) -> tuple[int, int, int, str]:
        """Return what the sites are ordered by: most broken rules first, then most questions, then never seen."""
        return -self.counts["violations"], -self.counts["reviews"], -(self.state == "never"), self.id


@dataclass(frozen=True, slots=True)
class EstateReport:
    """The lines of all sites, the worst first, and the day they were judged by."""

    name: str
    as_of: date
    lines: tuple[SiteLine, ...]
    names: Mapping[str, str]
    late_after: int = LATE_AFTER

    def is_late(self, line: SiteLine) -> bool:
        """Say whether a site was scanned, but longer ago than it should be."""
        if not line.scanned:
            return False
        return (self.as_of - date.fromisoformat(line.scanned)).days > self.late_after

    @property
    def budget(self) -> tuple[Row, ...]:
        """Return what the plans of all sites come to, by when it is due and what is to be done."""
        return budget((line.steps for line in self.lines), self.as_of)

    @property
    def totals(self) -> SiteLine:
        """Return the sum of all sites."""
        return _sum("", self.lines)

    @property
    def areas(self) -> tuple[SiteLine, ...]:
        """Return a sum for each area, the worst first; none where no site names one."""
        named = sorted({line.area for line in self.lines if line.area})
        found = (_sum(area, [line for line in self.lines if line.area == area]) for area in named)
        return tuple(sorted(found, key=lambda line: line.rank))


def line_of(report: Report, site: str, area: str) -> SiteLine:
    """Return a site's line from its report."""
    number, coverage = counts(report), report.coverage
    broken = [item for item in judged(report) if any(f.verdict is Verdict.VIOLATION for f in item.open)]
    named = Counter(
        item.device.identification.maker or ""
        for item in broken
        if is_video(item.device) and item.device.identification.certainty in SURE
    )
    due = [f.due for item in broken for f in item.open if f.due is not None and f.verdict is Verdict.VIOLATION]
    steps = due_of(report.plan)
    cost: Sums = reduce(added, (each.cost for each in steps), {})
    whole = report.run.finished is not None and not coverage.unasked
    return SiteLine(
        id=site,
        name=report.site.name,
        area=area,
        state="complete" if whole else "partly",
        run=report.run.id,
        scanned=report.run.started.date().isoformat(),
        addresses=coverage.addresses,
        answered=coverage.answered,
        unasked=coverage.unasked,
        counts={key: number[key] for key in COUNTS},
        makers=dict(named.most_common()),
        due=min(due).isoformat() if due else "",
        cost=cost,
        steps=steps,
    )


def line_from(saved: Mapping[str, Any]) -> SiteLine:
    """Return a line that ``asdict`` made and JSON carried."""
    cost = {currency: (low, high) for currency, (low, high) in saved["cost"].items()}
    steps = tuple(due_from(each) for each in saved["steps"])
    return SiteLine(**{**saved, "cost": cost, "steps": steps})


def _sum(name: str, lines: Iterable[SiteLine]) -> SiteLine:
    listed = tuple(lines)
    number: Counter[str] = Counter()
    makers: Counter[str] = Counter()
    cost: Sums = reduce(added, (line.cost for line in listed), {})
    for line in listed:
        number.update(line.counts)
        makers.update(line.makers)
    days = [line.due for line in listed if line.due]
    return SiteLine(
        id=name,
        name=name,
        state="complete" if all(line.state == "complete" for line in listed) else "partly",
        addresses=sum(line.addresses for line in listed),
        answered=sum(line.answered for line in listed),
        unasked=sum(line.unasked for line in listed),
        counts={key: number[key] for key in COUNTS},
        makers=dict(makers.most_common()),
        due=min(days) if days else "",
        cost=cost,
    )


def as_json(report: EstateReport) -> str:
    """Return the report as JSON in ASCII."""
    values = {
        "schema": SCHEMA,
        "name": report.name,
        "judged_as_of": report.as_of.isoformat(),
        "totals": _without(report.totals, "id", "name", "area", "run", "scanned", "steps", "waiting"),
        "areas": [_without(line, "name", "area", "run", "scanned", "steps", "waiting") for line in report.areas],
        "budget": [asdict(row) for row in report.budget],
        "late_after_days": report.late_after,
        "late": sorted(line.id for line in report.lines if report.is_late(line)),
        "sites": [asdict(line) for line in report.lines],
    }
    return json.dumps(values, indent=1) + "\n"


def _without(line: SiteLine, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in asdict(line).items() if key not in keys}


def as_csv(report: EstateReport, columns: Mapping[str, str]) -> str:
    """Return a row for each site, the worst first; ``columns`` holds the heading of each key in order."""
    text = io.StringIO()
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow([cell(heading) for heading in columns.values()])
    for line in report.lines:
        row = {**asdict(line), **line.counts, "cost": cost_text(line.cost)}
        row["makers"] = ", ".join(f"{report.names.get(maker, maker)}: {n}" for maker, n in line.makers.items())
        sheet.writerow([cell(str(row[key])) for key in columns])
    return "\ufeff" + text.getvalue()


def cost_text(cost: Mapping[str, tuple[int, int]]) -> str:
    """Return sums as a reader writes them: ``GBP 1,200 to 2,400``; nothing where no price is known."""
    shown = (f"{c} {low:,}" + (f" to {high:,}" if high != low else "") for c, (low, high) in cost.items())
    return ", ".join(shown)
