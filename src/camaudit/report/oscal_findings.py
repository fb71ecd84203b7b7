"""Findings in OSCAL: in goes a finding, out come its target, its status and the risks it raises.

Advice is no rule: it is never a failure, and is told apart by the property ``verdict``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from camaudit.model import Finding, PlanStep, Report, Verdict
from camaudit.report.identifiers import identifier
from camaudit.report.oscal_inventory import prop
from camaudit.report.safe import visible

Json = dict[str, Any]

_NO_TOKEN = re.compile(r"[^0-9A-Za-z._-]+")
_STATUS: Mapping[str, Json] = {
    Verdict.VIOLATION: {"state": "not-satisfied", "reason": "fail"},
    Verdict.REVIEW: {"state": "not-satisfied", "reason": "other"},
    Verdict.COMPLIANT: {"state": "satisfied", "reason": "pass"},
    Verdict.NOT_APPLICABLE: {"state": "satisfied", "reason": "other"},
    "advice": {"state": "satisfied", "reason": "other"},
}
_OPEN = (Verdict.VIOLATION, Verdict.REVIEW)


class RiskIds:
    """Which risks a finding raises: the steps of the plan for its device and remedy, and who accepted it."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._steps: dict[tuple[str, str], list[str]] = {}
        for step in report.plan:
            for device in step.devices:
                self._steps.setdefault((device, step.action), []).append(self.of_step(step))
        named = dict.fromkeys(f.waiver for f in report.findings if f.waiver is not None)
        self.waivers = {each: identifier(report, "waiver", str(place)) for place, each in enumerate(named)}

    def of_step(self, step: PlanStep) -> str:
        """Return the risk that a step of the plan answers."""
        return identifier(self._report, "risk", str(step.order))

    def of(self, finding: Finding) -> list[str]:
        """Return the risks of a finding."""
        if finding.waiver is not None:
            return [self.waivers[finding.waiver]]
        if finding.verdict not in _OPEN:
            return []
        actions = [finding.remedy, *(["isolate"] if finding.verdict is Verdict.VIOLATION else ["attest"])]
        return list(dict.fromkeys(r for a in actions for r in self._steps.get((finding.device, a), ())))


def control_of(finding: Finding) -> str:
    """Return the rule of a finding as OSCAL names a control: the pack and the rule."""
    name = _NO_TOKEN.sub("-", f"{finding.policy}.{finding.rule}")
    return name if name[:1].isalpha() else f"r-{name}"


def finding_json(place: int, finding: Finding, report: Report, risks: RiskIds) -> Json:
    """Return what a rule says of a device; ``place`` is its number in the report."""
    title = visible(finding.title) or finding.rule
    target: Json = {
        "type": "objective-id",
        "target-id": control_of(finding),
        "status": _STATUS[finding.state],
    }
    if finding.verdict is Verdict.NOT_APPLICABLE:
        target["implementation-status"] = {"state": "not-applicable"}
    own = {"verdict": finding.state, "severity": str(finding.severity)}
    own |= {"waived": "true"} if finding.waiver else {}
    own |= {"due": finding.due.isoformat()} if finding.due else {}
    said: Json = {
        "uuid": identifier(report, "finding", str(place)),
        "title": title,
        "description": visible(finding.reason) or title,
        "props": [prop(name, value) for name, value in own.items()],
        "target": target,
        "related-observations": [{"observation-uuid": identifier(report, "observation", finding.device)}],
    }
    links = [
        {"href": f"#{identifier(report, 'instrument', citation.instrument)}", "rel": "reference"}
        for citation in finding.citations
    ]
    if links:
        said["links"] = links
    if related := risks.of(finding):
        said["related-risks"] = [{"risk-uuid": each} for each in related]
    if finding.question:
        said["remarks"] = visible(finding.question)
    return said
