"""``camaudit.prom``: in goes a ``Report``, out come figures for Prometheus, as node_exporter's collector wants.

Gauges with base units in their names. Labels are few and bounded: sites, packs, our own words, sure makers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime

from camaudit.model import Report
from camaudit.report.safe import visible
from camaudit.report.siem import moment
from camaudit.report.summary import STRIP, counts, is_video, makers

Labels = dict[str, str]
Sample = tuple[Labels, float]
Figures = Mapping[tuple[str, str], tuple[str, ...]]
"""The lines of each metric by its name and its help."""
_MAX_LABEL = 200
_COVERAGE = ("answered", "silent", "refused", "excluded", "error", "unasked")
_STATES = ("violation", "review", "advice", "compliant", "not_applicable")


def pieces(report: Report) -> Iterator[str]:
    """Yield the metrics of one site, each with its help and its type."""
    return together([figures(report)])


def figures(report: Report) -> Figures:
    """Return the lines of each metric by its name and its help; small, whatever the number of devices."""
    return {
        (name, help_text): tuple(_line(name, labels, value, report) for labels, value in samples)
        for name, help_text, samples in _metrics(report)
    }


def together(sites: Sequence[Figures]) -> Iterator[str]:
    """Yield the metrics of several sites as one file: each metric once, with all its sites."""
    for name, help_text in dict.fromkeys(key for site in sites for key in site):
        lines = [line for site in sites for line in site.get((name, help_text), ())]
        if lines:
            yield f"# HELP camaudit_{name} {help_text}\n# TYPE camaudit_{name} gauge\n"
            yield from lines


def _line(name: str, labels: Labels, value: float, report: Report) -> str:
    shown = {"site": report.site.name, **labels}
    inside = ",".join(f'{key}="{_label(text)}"' for key, text in shown.items())
    return f"camaudit_{name}{{{inside}}} {value:.15g}\n"


def _metrics(report: Report) -> Iterator[tuple[str, str, Iterable[Sample]]]:
    run, reach, number = report.run, report.coverage, counts(report)
    yield "run_timestamp_seconds", "When the last run ended, seconds since 1970.", [({}, _seconds(moment(report)))]
    if run.finished:
        took = (run.finished - run.started).total_seconds()
        yield "run_duration_seconds", "How long the last run took.", [({}, took)]
    yield "run_complete", "Whether the last run was brought to its end.", [({}, float(run.finished is not None))]
    yield (
        "run_limits",
        "Things that the last run could not do, each named in the report.",
        [({}, len(reach.limits))],
    )
    yield (
        "addresses",
        "Addresses in scope by what came of asking them.",
        (({"outcome": outcome}, getattr(reach, outcome)) for outcome in _COVERAGE),
    )
    yield "devices", "Devices that answered, cameras or not.", [({}, number["devices"])]
    yield (
        "units",
        "Cameras and recorders by their headline verdict.",
        (({"verdict": str(standing)}, number[key]) for standing, key in STRIP),
    )
    yield (
        "units_by_maker",
        "Cameras and recorders by maker; unknown where it is not sure.",
        (({"maker": maker or "unknown"}, amount) for maker, amount in makers(report)),
    )
    yield "units_by_kind", "Cameras, recorders and the like by kind.", _kinds(report)
    yield "findings", "Findings by policy and state; accepted ones (waivers) apart.", _findings(report)
    yield "questions", "Questions that are open.", [({}, number["questions"])]
    yield "plan_steps", "Steps of the plan by action.", _steps(report)
    yield "due_timestamp_seconds", "The earliest day by which an open finding is due.", _due(report)


def _findings(report: Report) -> Iterator[Sample]:
    found = Counter((f.policy, f.state, f.waiver is not None) for f in report.findings)
    for policy in report.policies or sorted({f.policy for f in report.findings}):
        for state in _STATES:
            for accepted in (False, True):
                labels = {"policy": policy, "state": state, "accepted": str(accepted).lower()}
                if found[policy, state, accepted] or not accepted:
                    # Nought is told too: an alert on a series that is not there never ends.
                    yield labels, found[policy, state, accepted]


def _kinds(report: Report) -> Iterator[Sample]:
    found = Counter(d.identification.kind.value for d in report.devices if is_video(d))
    return (({"kind": kind}, amount) for kind, amount in sorted(found.items()))


def _steps(report: Report) -> Iterator[Sample]:
    found = Counter(step.action for step in report.plan)
    return (({"action": action}, amount) for action, amount in sorted(found.items()))


def _due(report: Report) -> Iterator[Sample]:
    days = [f.due for f in report.findings if f.due and f.waiver is None and f.state in ("violation", "review")]
    if days:
        yield {}, _seconds(_midnight(min(days)))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _seconds(at: datetime) -> float:
    return at.timestamp()


def _label(text: str) -> str:
    return visible(text, _MAX_LABEL).replace("\\", "\\\\").replace('"', '\\"')
