"""What a SIEM is told, whatever the form: in goes a ``Report``, out come findings as plain values. Pure.

A question is no alarm: of a review the severity is never above medium, of what is in order it is informational.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

from camaudit.model import Citation, Device, Finding, Report
from camaudit.report.identifiers import lasting
from camaudit.report.sentences import called
from camaudit.report.summary import SURE, judged, name_of
from camaudit.report.words import words

SEVERITIES = ("info", "low", "medium", "high", "critical")
"""From the mildest to the worst."""
_MOST = {"violation": "critical", "review": "medium", "advice": "low"}


@dataclass(frozen=True, slots=True)
class Line:
    """One finding, or the change of one, for a log. Texts may hold what a device wrote: each form escapes them.

    ``activity`` is create, update or close; ``state`` as ``Finding.state``; ``uid`` lasts from run to run.
    """

    at: datetime
    site: str
    run: str
    tool_version: str
    uid: str
    activity: str
    state: str
    severity: str
    device: str
    address: str
    name: str
    policy: str
    policy_name: str
    rule: str
    title: str
    reason: str
    waived: bool = False
    mac: str = ""
    maker: str = ""
    model: str = ""
    certainty: str = ""
    question: str = ""
    remedy: str = ""
    due: date | None = None
    citations: tuple[Citation, ...] = ()


def lines_of(report: Report) -> Iterator[Line]:
    """Yield a line for each finding, the worst devices first."""
    for item in judged(report):
        for finding in item.findings:
            yield _line(item.device, finding, report)


def _line(device: Device, finding: Finding, report: Report) -> Line:
    found = device.identification
    return Line(
        at=moment(report),
        site=report.site.name,
        run=report.run.id,
        tool_version=report.run.tool_version,
        uid=finding_uid(report.site.name, device.id, finding.policy, finding.rule),
        activity="create",
        state=finding.state,
        severity=severity_of(finding.state, finding.severity.value),
        device=device.id,
        address=device.address,
        name=called(device, report.names, words()),
        policy=finding.policy,
        policy_name=name_of(report.names, finding.policy),
        rule=finding.rule,
        title=finding.title,
        reason=finding.reason,
        waived=finding.waiver is not None,
        mac=device.mac or found.mac or "",
        # A guess must not become a field that somebody counts by.
        maker=name_of(report.names, found.maker) if found.certainty in SURE else "",
        model=found.model or "",
        certainty=found.certainty.value,
        question=finding.question,
        remedy=finding.remedy,
        due=finding.due,
        citations=finding.citations,
    )


def finding_uid(site: str, device: str, policy: str, rule: str) -> str:
    """Return the id under which a finding is known in every run."""
    return lasting("finding", site, device, policy, rule)


def severity_of(state: str, severity: str) -> str:
    """Return how loud a finding is in a log: its rule's severity, less where nothing is broken."""
    most = _MOST.get(state, "info")
    return min(severity, most, key=SEVERITIES.index)


def moment(report: Report) -> datetime:
    """Return when the run was finished, in UTC."""
    at = report.run.finished or report.run.started
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def standing(counts: Mapping[str, int]) -> str:
    """Return how a site stands in short: ``video 12, violations 3``."""
    return ", ".join(
        f"{key} {counts[key]}" for key in ("video", "violations", "reviews", "waived", "answered") if key in counts
    )
