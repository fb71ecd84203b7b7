"""``oscal.json``: in goes a ``Report``, out come assessment results in the form of OSCAL 1.2.1 (NIST).

A device is an inventory item, what was read of it an observation, a rule's verdict a finding, a step of the plan a
risk. A review is ``not-satisfied`` with the reason ``other``, which OSCAL defines as neither passed nor failed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

from camaudit.model import Citation, PlanStep, Report, Waiver
from camaudit.report.format_words import format_words
from camaudit.report.html import linked
from camaudit.report.identifiers import identifier
from camaudit.report.oscal_findings import RiskIds, control_of, finding_json
from camaudit.report.oscal_inventory import item_json, observation_json, prop
from camaudit.report.safe import visible
from camaudit.report.summary import counts, standing_of
from camaudit.report.words import words

Json = dict[str, Any]

OSCAL_VERSION = "1.2.1"


def render(report: Report) -> str:
    """Return the whole document."""
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the text of ``render`` bit by bit, a line for each device and finding."""
    head = {
        "uuid": identifier(report, "assessment-results"),
        "metadata": _metadata(report),
        "import-ap": {"href": f"#{identifier(report, 'plan')}", "remarks": format_words().oscal["no_plan"]},
    }
    yield '{"assessment-results": {\n'
    yield from (f"{json.dumps(key)}: {json.dumps(value)},\n" for key, value in head.items())
    yield '"results": [{\n'
    yield ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in _result(report).items())
    standings = standing_of(report)
    risk_ids = RiskIds(report)
    yield from _listed(
        ',\n"local-definitions": {"inventory-items": [',
        (item_json(device, standings[device.id], report) for device in report.devices),
        "]}",
    )
    yield from _listed(',\n"observations": [', (observation_json(d, report) for d in report.devices), "]")
    yield from _listed(',\n"risks": [', _risks(report, risk_ids), "]")
    yield from _listed(
        ',\n"findings": [', (finding_json(n, f, report, risk_ids) for n, f in enumerate(report.findings)), "]"
    )
    yield f'\n}}],\n"back-matter": {json.dumps(_back_matter(report))}\n}}}}\n'


def _listed(before: str, items: Iterator[Json], after: str) -> Iterator[str]:
    """Yield a list with its brackets; nothing where it is empty, since OSCAL knows no empty list."""
    separator = before
    for item in items:
        yield f"{separator}\n{json.dumps(item)}"
        separator = ","
    if separator is not before:
        yield after


def _metadata(report: Report) -> Json:
    party = identifier(report, "party")
    site = visible(report.site.name, 200) or words().labels["site"]
    return {
        "title": visible(f"{words().labels['report']}: {site}"),
        "last-modified": _moment(report.run.finished or report.run.started),
        "version": visible(report.run.id, 200) or "1",
        "oscal-version": OSCAL_VERSION,
        "props": [
            prop("tool-version", report.run.tool_version),
            prop("judged-as-of", report.judged_as_of.isoformat()),
        ],
        "parties": [{"uuid": party, "type": "organization", "name": site}],
    }


def _result(report: Report) -> Json:
    catalogue = words()
    controls = sorted({control_of(finding) for finding in report.findings})
    chosen: Json = (
        {"include-controls": [{"control-id": each} for each in controls]} if controls else {"include-all": {}}
    )
    result = {
        "uuid": identifier(report, "result"),
        "title": visible(catalogue.labels["judged"].format(date=catalogue.day(report.judged_as_of))),
        "description": " ".join((catalogue.labels["negative"], catalogue.labels["not_legal_advice"])),
        "start": _moment(report.run.started),
        "props": [prop(f"count-{key.replace('_', '-')}", str(number)) for key, number in counts(report).items()],
        "reviewed-controls": {"control-selections": [{"description": format_words().oscal["rules"], **chosen}]},
    }
    if report.run.finished:
        result["end"] = _moment(report.run.finished)
    limits = [visible(text) for text in (*report.notices, *report.coverage.limits)]
    if limits:
        result["remarks"] = "\n\n".join(limits)
    return result


def _risks(report: Report, ids: RiskIds) -> Iterator[Json]:
    for step in report.plan:
        yield _step(step, ids.of_step(step), report)
    for waiver, risk in ids.waivers.items():
        yield _accepted(waiver, risk)


def _step(step: PlanStep, risk: str, report: Report) -> Json:
    action = words().actions.get(step.action, step.action)
    title, why = visible(step.title) or action, visible(step.why) or action
    remedy: Json = {
        "uuid": identifier(report, "remedy", str(step.order)),
        "lifecycle": "recommendation",
        "title": visible(f"{action}: {title}"),
        "description": why,
        "props": [prop("action", step.action), prop("order", str(step.order))],
    }
    if step.cost is not None:
        cost = {
            "currency": step.cost.currency,
            "cost-low": f"{step.cost.low:.2f}",
            "cost-high": f"{step.cost.high:.2f}",
        }
        remedy["props"] += [prop(name, value) for name, value in cost.items()]
    said: Json = {"uuid": risk, "title": title, "description": why, "statement": why, "status": "open"}
    if step.by is not None:
        said["deadline"] = _end_of(step.by)
    return {**said, "remediations": [remedy]}


def _accepted(waiver: Waiver, risk: str) -> Json:
    catalogue = words()
    said = catalogue.labels["waiver"].format(
        date=catalogue.day(waiver.expires), who=waiver.granted_by, reason=waiver.reason
    )
    return {
        "uuid": risk,
        "title": visible(f"{catalogue.verdicts['waived']}: {waiver.rule}"),
        "description": visible(said),
        "statement": visible(waiver.reason) or visible(said),
        "status": "deviation-approved",
        "props": [prop("granted-by", waiver.granted_by), prop("expires", waiver.expires.isoformat())],
    }


def _back_matter(report: Report) -> Json:
    cited = {c.instrument: c for finding in report.findings for c in finding.citations}
    scope = ", ".join(visible(each, 200) for each in report.run.scope) or words().labels["none"]
    plan = {
        "uuid": identifier(report, "plan"),
        "title": words().labels["scope"],
        "description": visible(scope),
    }
    return {"resources": [plan, *(_instrument(each, report) for each in cited.values())]}


def _instrument(cited: Citation, report: Report) -> Json:
    said: Json = {
        "uuid": identifier(report, "instrument", cited.instrument),
        "title": visible(cited.title) or cited.instrument,
        "description": visible(cited.asks) or visible(cited.citation) or cited.instrument,
        "props": [prop("instrument", cited.instrument), prop("known-as-of", cited.known_as_of)],
        "citation": {"text": visible(f"{cited.citation} {cited.url}")},
    }
    return {**said, "rlinks": [{"href": cited.url}]} if linked(cited.url) else said


def _moment(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _end_of(day: date) -> str:
    return f"{day.isoformat()}T23:59:59Z"
