"""``report.json``: in goes a ``Report``, out comes ``camaudit/report@1``, the outward contract of camaudit.

An own mapping on purpose: the types inside may change, this may only grow.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from camaudit.model import (
    Citation,
    Device,
    Finding,
    HostCoverage,
    Load,
    Report,
    Waiver,
)
from camaudit.report.background import background_json
from camaudit.report.json_changes import since_json, trend_json
from camaudit.report.json_device import day, device_json
from camaudit.report.json_placed import reconciled_json
from camaudit.report.json_plan import costs_json, progress_json, step_json
from camaudit.report.json_question import question_json
from camaudit.report.json_schema import SCHEMA, schema
from camaudit.report.noted import step_key, step_noted_json, step_notes, unit_noted_json, unit_notes
from camaudit.report.reach import causes, heaviest, protocols
from camaudit.report.sentences import by_when, todo
from camaudit.report.summary import counts, name_of, questions, standing_of
from camaudit.report.words import words

__all__ = ["render", "schema"]

Json = dict[str, Any]


def render(report: Report) -> str:
    """Return the report as JSON in ASCII, so that no terminal obeys what a device wrote.

    Each item of a top-level list has a line of its own: two reports can be compared with ``diff``, and the
    encoder written in C can do the work, which one with indents cannot.
    """
    return "".join(pieces(report))


def pieces(report: Report) -> Iterator[str]:
    """Yield the text of ``render`` bit by bit: a fleet of thousands is never held twice."""
    yield "{"
    for number, (key, value) in enumerate(_members(report)):
        yield f"{',' if number else ''}\n  {json.dumps(key)}: "
        if isinstance(value, Iterator):
            yield "["
            for place, item in enumerate(value):
                yield f"{',' if place else ''}\n    {json.dumps(item)}"
            yield "\n  ]"
        else:
            yield json.dumps(value)
    yield "\n}\n"


def as_json(report: Report) -> Json:
    """Return the report as values that JSON knows."""
    return {key: list(value) if isinstance(value, Iterator) else value for key, value in _members(report)}


def _members(report: Report) -> Iterator[tuple[str, Any]]:
    standings = standing_of(report)
    head = {
        "schema": SCHEMA,
        "audience": report.audience,
        "judged_as_of": report.judged_as_of.isoformat(),
        "run": _run(report),
        "site": {
            "name": report.site.name,
            "jurisdiction": report.site.jurisdiction,
            "kind": report.site.kind,
            "facts": dict(report.site.facts),
        },
        "policies": [{"id": policy, "name": name_of(report.names, policy)} for policy in report.policies],
        "notices": list(report.notices),
        "summary": dict(counts(report)),
        "coverage": _coverage(report),
    }
    yield from head.items()
    units, steps = unit_notes(report), step_notes(report)
    devices = ((device, unit_noted_json(units.get(device.id))) for device in report.devices)
    yield "devices", ({**_device(d, report, standings[d.id]), "noted": noted} for d, noted in devices)
    yield "findings", (_finding(finding, report.judged_as_of) for finding in report.findings)
    yield (
        "remediation",
        ({**step_json(step), "noted": step_noted_json(steps.get(step_key(step)))} for step in report.plan),
    )
    yield "register", (reconciled_json(row) for row in report.reconciled)
    yield "costs", costs_json(report)
    yield "specification", list(report.specification)
    yield "progress", (progress_json(item) for item in report.progress)
    yield "changes", since_json(report)
    yield "trend", trend_json(report.trend)
    yield "questions", (question_json(question, report.names) for question in questions(report))
    if report.background is not None:
        yield "background", background_json(report.background)


def _device(device: Device, report: Report, standing: str) -> Json:
    return {
        **device_json(device, report.names),
        "verdict": str(standing),
        "location": report.locations.get(device.id),
    }


def _run(report: Report) -> Json:
    run = report.run
    return {
        "id": run.id,
        "started": _moment(run.started),
        "finished": _moment(run.finished) if run.finished else None,
        "tool_version": run.tool_version,
        "origin": run.origin,
        "knowledge": dict(run.knowledge),
        "scope": list(run.scope),
        "excluded": list(run.excluded),
    }


def _coverage(report: Report) -> Json:
    coverage = report.coverage
    return {
        "addresses": coverage.addresses,
        "answered": coverage.answered,
        "silent": coverage.silent,
        "refused": coverage.refused,
        "excluded": coverage.excluded,
        "error": coverage.error,
        "unasked": coverage.unasked,
        "limits": list(coverage.limits),
        "protocols": {
            each.name: {str(outcome): number for outcome, number in each.outcomes.items()}
            for each in protocols(coverage)
        },
        "causes": [_cause(name) for name in causes(report)],
        "heaviest": _load(heaviest(coverage)),
        "hosts": [_host(host) for host in coverage.hosts],
    }


def _cause(name: str) -> Json:
    found = words().causes[name]
    return {"id": name, "cause": found.cause, "step": found.step}


def _host(host: HostCoverage) -> Json:
    return {
        "address": host.address,
        "outcome": str(host.outcome),
        "probes": {name: str(outcome) for name, outcome in host.probes.items()},
        "notes": list(host.notes),
        "load": _load(host.load),
    }


def _load(load: Load | None) -> Json | None:
    return asdict(load) if load is not None else None


def _finding(finding: Finding, today: date) -> Json:
    return {
        "device": finding.device,
        "policy": finding.policy,
        "rule": finding.rule,
        "title": finding.title,
        "verdict": str(finding.verdict),
        "severity": str(finding.severity),
        "reason": finding.reason,
        "question": finding.question,
        "citations": [_citation(citation) for citation in finding.citations],
        "due": day(finding.due),
        "remedy": finding.remedy,
        "waiver": _waiver(finding.waiver) if finding.waiver else None,
        "advice": finding.advice,
        "todo": todo(finding, words()),
        "when": by_when(finding, words(), today),
        "asks": [{"about": str(ask.topic), "name": ask.name} for ask in finding.asks],
    }


def _citation(citation: Citation) -> Json:
    return {
        "instrument": citation.instrument,
        "title": citation.title,
        "citation": citation.citation,
        "url": citation.url,
        "known_as_of": citation.known_as_of,
        "binds": citation.binds,
        "asks": citation.asks,
        "confidence": citation.confidence,
        "recheck": citation.recheck,
        "documents": list(dict.fromkeys(note.document for note in citation.documents)),
        "document_notes": [
            {"document": n.document, "title": n.title, "states": n.states, "correction": n.correction}
            for n in citation.documents
        ],
    }


def _waiver(waiver: Waiver) -> Json:
    return {
        "rule": waiver.rule,
        "targets": list(waiver.targets),
        "reason": waiver.reason,
        "granted_by": waiver.granted_by,
        "granted": waiver.granted.isoformat(),
        "expires": waiver.expires.isoformat(),
        "cites": waiver.cites,
    }


def _moment(moment: datetime) -> str:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
