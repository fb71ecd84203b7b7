"""The report that may be published: in goes a ``Report``, out comes one without addresses, serials and names.

Devices, the run and the site are built anew from what may be shown, so that a field that is added later is hidden
until somebody decides otherwise. Every format renders this report, so nothing else has to know what is secret.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from camaudit.model import (
    Citation,
    Coverage,
    Device,
    Finding,
    Identification,
    Planning,
    PlanStep,
    Prices,
    Progress,
    Report,
    Run,
    Site,
    Waiver,
)
from camaudit.model.changed import Trend
from camaudit.phrases import phrases
from camaudit.report.readers import PUBLIC
from camaudit.report.words import words
from camaudit.whereabouts import without_ports

_TITLE_IS_OURS = ("isolate", "patch", "configure", "replace")
_SHORTEST_NAME = 3


def published(report: Report) -> Report:
    """Return the report as it may be published; numbers, makers, verdicts, rules, days and costs stay."""
    label = _labels(report)
    clean = _Clean(report)
    said = words().audiences
    devices = sorted((_device(device, label, report.names) for device in report.devices), key=lambda d: d.id)
    findings = (_finding(finding, label, clean) for finding in report.findings if finding.device in label)
    return Report(
        run=_run(report.run),
        site=_site(report.site),
        judged_as_of=report.judged_as_of,
        devices=tuple(devices),
        findings=tuple(sorted(findings, key=lambda finding: finding.device)),
        plan=tuple(_step(step, label, clean) for step in report.plan),
        coverage=_coverage(report.coverage),
        policies=report.policies,
        notices=(said["notice"], *_notices(report)),
        names=_names(report, clean),
        specification=tuple(clean(text) for text in report.specification),
        progress=tuple(_progress(item, label) for item in report.progress),
        # What changed names units; how many are left names none.
        trend=_trend(report.trend) if report.trend else None,
        audience=PUBLIC,
    )


class _Clean:
    """Takes the names of the site and its people out of a text of ours or of an own rule."""

    def __init__(self, report: Report) -> None:
        waivers = {finding.waiver.granted_by for finding in report.findings if finding.waiver}
        letters = {letter.given_by for letter in report.site.attestations}
        seen = {sighting.seen_by for sighting in report.site.sightings}
        decided = {decision.decided_by for decision in report.site.decisions}
        names = {report.site.name, *waivers, *letters, *seen, *decided, *report.site.planning.who.values()}
        self._names = sorted((n for n in names if len(n) >= _SHORTEST_NAME), key=lambda name: -len(name))

    def __call__(self, text: str) -> str:
        """Return the text with each name replaced."""
        for name in self._names:
            text = text.replace(name, words().audiences["withheld"])
        return text


def _labels(report: Report) -> dict[str, str]:
    """Return a name for each device that tells nothing: neither its address nor its number among addresses."""
    # A device's id is a digest of its MAC address, and short enough to be found again by trying.
    ids = sorted((device.id for device in report.devices), key=lambda name: hashlib.sha256(name.encode()).digest())
    digits = max(3, len(str(len(ids))))
    return {name: f"unit-{number:0{digits}d}" for number, name in enumerate(ids, start=1)}


def _device(device: Device, label: Mapping[str, str], names: Mapping[str, str]) -> Device:
    found = device.identification
    return Device(
        id=label[device.id],
        address=label[device.id],
        identification=Identification(
            maker=found.maker if found.maker in names else None,
            certainty=found.certainty,
            confidence=found.confidence,
            # What a unit calls itself is its own text; a brand that we know is ours.
            brand=found.brand if found.brand in names else None,
            relation=found.relation,
            kind=found.kind,
            video=found.video,
            candidates=tuple(each for each in found.candidates if each.maker in names),
        ),
        first_seen=device.first_seen,
    )


def _finding(finding: Finding, label: Mapping[str, str], clean: _Clean) -> Finding:
    return replace(
        finding,
        device=label[finding.device],
        title=clean(finding.title),
        # Reasons and questions are filled with what a unit and a site are called.
        reason=words().audiences[f"reason_{finding.verdict}"],
        question="",
        citations=tuple(_citation(each, clean) for each in finding.citations),
        waiver=_waiver(finding.waiver) if finding.waiver else None,
    )


def _citation(cited: Citation, clean: _Clean) -> Citation:
    return replace(
        cited,
        title=clean(cited.title),
        citation=clean(cited.citation),
        url=clean(cited.url),
        binds=clean(cited.binds),
        asks=clean(cited.asks),
    )


def _waiver(waiver: Waiver) -> Waiver:
    withheld = words().audiences["withheld"]
    return Waiver(waiver.rule, (), withheld, withheld, waiver.granted, waiver.expires)


def _step(step: PlanStep, label: Mapping[str, str], clean: _Clean) -> PlanStep:
    said, number = words().audiences, len(step.devices)
    ours = step.action in _TITLE_IS_OURS
    return PlanStep(
        order=step.order,
        action=step.action,
        title=clean(step.title) if ours else words().counted(said, step.action, number),
        devices=tuple(sorted(label[device] for device in step.devices if device in label)),
        why=clean(without_ports(step.why)) if step.action in ("isolate", "replace") else said["why"],
        by=step.by,
        cost=step.cost,
        by_from=step.by_from,
        who=phrases().plan[f"who_{step.action}"],
        effort=step.effort,
    )


def _run(run: Run) -> Run:
    withheld = (words().audiences["withheld"],)
    return Run(
        id=run.started.date().isoformat(),
        started=run.started,
        finished=run.finished,
        tool_version=run.tool_version,
        scope=withheld,
        excluded=withheld if run.excluded else (),
        knowledge=run.knowledge,
        origin=run.origin,
    )


def _site(site: Site) -> Site:
    prices = site.planning.prices
    return Site(
        name=words().audiences["site"],
        # Which part of a country it is may name the place.
        jurisdiction=site.jurisdiction.partition("-")[0],
        kind=site.kind,
        facts={name: value for name, value in site.facts.items() if isinstance(value, bool)},
        planning=Planning(Prices(prices.currency) if prices else None),
    )


def _coverage(coverage: Coverage) -> Coverage:
    said = words().counted(words().audiences, "limits", len(coverage.limits))
    return Coverage(
        addresses=coverage.addresses,
        answered=coverage.answered,
        silent=coverage.silent,
        refused=coverage.refused,
        excluded=coverage.excluded,
        error=coverage.error,
        unasked=coverage.unasked,
        limits=(said,) if coverage.limits else (),
    )


def _notices(report: Report) -> tuple[str, ...]:
    said = words().audiences
    unfinished = (said["unfinished"],) if report.run.finished is None else ()
    withheld = (words().counted(said, "notices", len(report.notices)),) if report.notices else ()
    return (*unfinished, *withheld)


def _names(report: Report, clean: _Clean) -> dict[str, str]:
    found = [device.identification for device in report.devices]
    wanted = {*report.policies, *(finding.policy for finding in report.findings)}
    wanted |= {name for each in found for name in (each.maker, each.brand) if name}
    wanted |= {rival.maker for each in found for rival in each.candidates}
    return {name: clean(report.names[name]) for name in sorted(wanted & report.names.keys())}


def _trend(trend: Trend) -> Trend:
    terms = tuple(replace(each, run=each.day.isoformat() if each.day else "") for each in trend.terms)
    return Trend(words().audiences["site"], terms)


def _progress(item: Progress, label: Mapping[str, str]) -> Progress:
    return Progress("", item.action, label.get(item.device, ""), label.get(item.device, ""), item.state, item.how)
