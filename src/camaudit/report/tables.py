"""The rows of a report as a table holds them: in goes a ``Report``, out come rows for the workbook, CSV and PDF.

Pure. A text may hold anything that a device wrote; each format makes it harmless in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from camaudit.model import Citation, Coverage, Device, Finding, HostCoverage, Question, Report, StepNote, Verdict
from camaudit.plan import Total, in_all
from camaudit.report.asked import outcome_lines
from camaudit.report.costs import cost_totals
from camaudit.report.format_words import format_words
from camaudit.report.noted import step_key, step_notes, unit_notes, unit_said
from camaudit.report.placed import contact_words, port_words
from camaudit.report.plan_view import StepView, actions_of, step_views
from camaudit.report.sentences import brand_of, next_step
from camaudit.report.summary import Judged, judged, name_of, questions
from camaudit.report.words import words

Value = str | int | float | date | None
Row = Mapping[str, Value]

MAX_NAMED = 50
"""Addresses that a cell names; a step may be about twenty thousand devices."""
_OPEN = (Verdict.VIOLATION, Verdict.REVIEW)
_MAX_HOSTS = 1024
_TELLING = ("answered", "refused", "error")


def register_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each device, the worst verdicts first."""
    written, steps = unit_notes(report), actions_of(report, words())
    return ({**register_row(i, report, steps), **unit_said(written.get(i.device.id))} for i in judged(report))


def register_row(item: Judged, report: Report, steps: Mapping[str, str]) -> Row:
    """Return the row of one device, keyed as ``columns.REGISTER``."""
    catalogue = words()
    device, found = item.device, item.device.identification
    return {
        "id": device.id,
        "verdict": catalogue.verdicts[item.standing],
        "address": device.address,
        "also_at": " ".join(device.also_at),
        "kind": catalogue.kinds[found.kind],
        "maker": name_of(report.names, found.maker),
        "certainty": catalogue.certainties[found.certainty],
        # Never rounded up to certainty, as everywhere.
        "confidence": min(int(found.confidence * 100 + 0.5), 99),
        "brand": brand_of(found, report.names),
        "model": found.model,
        "firmware": found.firmware,
        "firmware_date": found.firmware_date,
        "serial": found.serial,
        "mac": device.mac or found.mac,
        "first_seen": device.first_seen,
        "ports": "; ".join(port_words(port, catalogue) for port in device.ports),
        "contacts": ", ".join(contact_words(each, report.names, catalogue) for each in device.contacts),
        "findings": len(item.open),
        "rules": " ".join(f"{f.policy}/{f.rule}" for f in item.findings if f.verdict in _OPEN),
        "due": min((f.due for f in item.open if f.due is not None), default=None),
        "next_step": next_step(item, catalogue),
        "steps": steps.get(device.id),
        "location": report.locations.get(device.id),
    }


def finding_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each finding, in the order of the register: the worst devices first."""
    cited: dict[tuple[Citation, ...], tuple[str, str]] = {}
    for item in judged(report):
        for finding in item.findings:
            yield _finding_row(item.device, finding, report, cited)


def _finding_row(
    device: Device, finding: Finding, report: Report, cited: dict[tuple[Citation, ...], tuple[str, str]]
) -> Row:
    catalogue = words()
    if finding.citations not in cited:
        known = [c.known_as_of for c in finding.citations]
        cited[finding.citations] = ("; ".join(c.citation for c in finding.citations), min(known, default=""))
    citations, known_as_of = cited[finding.citations]
    return {
        "id": device.id,
        "address": device.address,
        "verdict": catalogue.findings[finding.shown_as],
        "severity": catalogue.severities[finding.severity],
        "policy": name_of(report.names, finding.policy),
        "rule": finding.rule,
        "title": finding.title,
        "reason": finding.reason,
        "question": finding.question,
        "due": finding.due,
        "remedy": catalogue.actions.get(finding.remedy, finding.remedy),
        "citations": citations,
        "known_as_of": known_as_of,
        "waived_until": finding.waiver.expires if finding.waiver else None,
        "granted_by": finding.waiver.granted_by if finding.waiver else None,
    }


def plan_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each step of the plan, in its order."""
    addresses = {device.id: device.address for device in report.devices}
    written = step_notes(report)
    views = step_views(report, words())
    return (_step_row(view, addresses, written.get(step_key(view.step))) for view in views)


def _step_row(view: StepView, addresses: Mapping[str, str], written: StepNote | None) -> Row:
    step, cost = view.step, view.step.cost
    return {
        "order": step.order,
        "action": words().actions.get(step.action, step.action),
        "what": step.title,
        "why": step.why,
        "count": len(step.devices),
        "addresses": named(step.devices, addresses),
        "due": step.by,
        "currency": cost.currency if cost else None,
        "cost_low": cost.low if cost else None,
        "cost_high": cost.high if cost else None,
        "status": format_words().statuses[(written.status if written else "") or "open"],
        "responsible": written.responsible if written else None,
        "done": written.done if written else None,
        "note": written.note if written else None,
        "who": step.who,
        "effort": view.effort,
        "hours_low": step.effort.hours.low if step.effort and step.effort.hours else None,
        "hours_high": step.effort.hours.high if step.effort and step.effort.hours else None,
        "cost": view.cost,
        "cost_lines": "; ".join(view.lines),
        "key": step.key,
    }


def cost_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each year of the plan and one for the whole; without a price table, one that says so."""
    said = words()
    if report.site.planning.prices is None:
        yield {"site": report.site.name, "year": said.costs["no_table"]}
        return
    for total in cost_totals(report):
        yield _total_row(total, str(total.year) if total.year else said.costs["no_year"])
    yield _total_row(in_all(report.site.name, report.plan), said.labels["in_all"])


def _total_row(total: Total, year: str) -> Row:
    return {
        "site": total.site,
        "year": year,
        "steps": total.steps,
        "currency": total.currency,
        "cost_low": total.low if total.currency else None,
        "cost_high": total.high if total.currency else None,
        "unpriced": total.unpriced,
    }


def specification_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each requirement of a new unit."""
    return ({"number": n, "requirement": text} for n, text in enumerate(report.specification, start=1))


def question_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each open question, the one that settles most devices first."""
    addresses = {device.id: device.address for device in report.devices}
    return (_question_row(question, addresses, report.names) for question in questions(report))


def _question_row(question: Question, addresses: Mapping[str, str], names: Mapping[str, str]) -> Row:
    return {
        "question": " ".join(part for part in (question.text, question.why) if part),
        "settles": len(question.devices),
        "addresses": named(question.devices, addresses),
        "fact": question.key,
        "outcomes": "; ".join(outcome_lines(question, names)),
    }


def coverage_rows(report: Report) -> Iterator[Row]:
    """Yield a row for each address that was asked; of a large network, those that something came of."""
    return (_host_row(host) for host in telling(report.coverage))


def telling(coverage: Coverage) -> Sequence[HostCoverage]:
    """Return the addresses to list: all of a small network, of a large one those that something came of."""
    if len(coverage.hosts) <= _MAX_HOSTS:
        return coverage.hosts
    return [host for host in coverage.hosts if host.outcome in _TELLING]


def _host_row(host: HostCoverage) -> Row:
    catalogue = words()
    probes = (f"{name}: {catalogue.probes.get(str(came), str(came))}" for name, came in host.probes.items())
    return {
        "host": host.address,
        "outcome": catalogue.hosts.get(host.outcome, host.outcome),
        "probes": "; ".join(probes),
        "notes": "; ".join(host.notes),
    }


def named(devices: Sequence[str], addresses: Mapping[str, str]) -> str:
    """Return the addresses of some devices, the first ones where they are many."""
    shown = [addresses.get(device, device) for device in devices[:MAX_NAMED]]
    rest = len(devices) - len(shown)
    return ", ".join([*shown, format_words().pdf["rest"].format(n=rest)] if rest else shown)
