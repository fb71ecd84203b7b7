"""What a report comes to: in goes a ``Report``, out come verdicts by device, counts, questions and instruments.

Every format counts here and nowhere else, so that all formats agree. Pure.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from camaudit.model import Certainty, Citation, Device, Finding, Kind, Question, Report, Severity, Verdict
from camaudit.policy.questionnaire import questionnaire


class Standing(StrEnum):
    """The headline verdict of a device, the worst first: its worst finding that nobody waived.

    ``WAIVED`` is a device whose only open findings are waived: it is neither counted as broken nor as kept.
    ``ADVICE`` is a device of which no question of law is open, only how it is run could be better.
    """

    VIOLATION = "violation"
    REVIEW = "review"
    WAIVED = "waived"
    ADVICE = "advice"
    COMPLIANT = "compliant"
    NOT_APPLICABLE = "not_applicable"
    OTHER = "other"


STANDINGS = tuple(Standing)
STRIP = (
    (Standing.VIOLATION, "violations"),
    (Standing.REVIEW, "reviews"),
    (Standing.WAIVED, "waived"),
    (Standing.ADVICE, "advice"),
    (Standing.COMPLIANT, "compliant"),
    (Standing.NOT_APPLICABLE, "not_applicable"),
)
"""The headline verdicts of cameras and recorders, and the name of each one's count."""
SURE = (Certainty.CONFIRMED, Certainty.PROBABLE)
_OPEN = (Verdict.VIOLATION, Verdict.REVIEW)
_VERDICTS = tuple(Verdict)
_SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Judged:
    """A device with its headline verdict and its findings, the worst first."""

    device: Device
    standing: Standing
    findings: tuple[Finding, ...]

    @property
    def open(self) -> tuple[Finding, ...]:
        """Return the violations and reviews that nobody waived."""
        return tuple(f for f in self.findings if f.waiver is None and f.verdict in _OPEN)


@dataclass(frozen=True, slots=True)
class Cited:
    """One instrument, cited once, with the devices it is cited for and the findings that cite it."""

    citation: Citation
    devices: tuple[str, ...]
    rules: tuple[str, ...]


def judge(device: Device, findings: Iterable[Finding]) -> Judged:
    """Return a device with its headline verdict."""
    own = sorted((f for f in findings if f.device == device.id), key=_weight)
    unwaived = {f.state for f in own if f.waiver is None}
    if Verdict.VIOLATION in unwaived:
        standing = Standing.VIOLATION
    elif Verdict.REVIEW in unwaived:
        standing = Standing.REVIEW
    elif any(f.waiver is not None and f.verdict in _OPEN and not f.advice for f in own):
        standing = Standing.WAIVED
    elif Standing.ADVICE in unwaived:
        standing = Standing.ADVICE
    elif Verdict.COMPLIANT in unwaived:
        standing = Standing.COMPLIANT
    else:
        standing = Standing.NOT_APPLICABLE if own or is_video(device) else Standing.OTHER
    return Judged(device, standing, tuple(own))


def judged(report: Report) -> tuple[Judged, ...]:
    """Return every device of a report, the worst verdict first, then by address."""
    by_device: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_device.setdefault(finding.device, []).append(finding)
    found = [judge(device, by_device.get(device.id, ())) for device in report.devices]
    return tuple(sorted(found, key=lambda j: (STANDINGS.index(j.standing), address_order(j.device.address))))


def standing_of(report: Report) -> Mapping[str, Standing]:
    """Return the headline verdict of each device by its id."""
    return {item.device.id: item.standing for item in judged(report)}


def is_video(device: Device) -> bool:
    """Say whether a device counts as a camera, recorder or the like."""
    return device.identification.video and device.identification.kind is not Kind.OTHER


def counts(report: Report) -> Mapping[str, int]:
    """Return the numbers that every format shows; keys are fixed and part of report.json's ``summary``."""
    by_standing = Counter(item.standing for item in judged(report))
    coverage = report.coverage
    waived = sum(1 for f in report.findings if f.waiver is not None)
    unwaived = Counter(f.state for f in report.findings if f.waiver is None)
    return {
        "devices": len(report.devices),
        "video": len(report.devices) - by_standing[Standing.OTHER],
        "violations": by_standing[Standing.VIOLATION],
        "reviews": by_standing[Standing.REVIEW],
        "waived": by_standing[Standing.WAIVED],
        "advice": by_standing[Standing.ADVICE],
        "compliant": by_standing[Standing.COMPLIANT],
        "not_applicable": by_standing[Standing.NOT_APPLICABLE],
        "other": by_standing[Standing.OTHER],
        "findings": len(report.findings),
        "findings_violation": unwaived[Verdict.VIOLATION],
        "findings_review": unwaived[Verdict.REVIEW],
        "findings_advice": unwaived[Standing.ADVICE],
        "findings_waived": waived,
        "questions": len(questions(report)),
        "steps": len(report.plan),
        "addresses": coverage.addresses,
        "answered": coverage.answered,
        "silent": coverage.silent,
        "refused": coverage.refused,
    }


def makers(report: Report) -> tuple[tuple[str | None, int], ...]:
    """Count video devices by maker, the most first; ``None`` stands for all whose maker is not sure."""
    found: Counter[str | None] = Counter()
    for device in report.devices:
        identification = device.identification
        if is_video(device):
            found[identification.maker if identification.certainty in SURE else None] += 1
    return tuple(sorted(found.items(), key=lambda pair: (pair[0] is None, -pair[1], pair[0] or "")))


def questions(report: Report) -> tuple[Question, ...]:
    """Return the open questions, the one that settles most findings first."""
    return report.questions or questionnaire(report.devices, report.findings)


def instruments(report: Report) -> tuple[Cited, ...]:
    """Return each instrument once, those behind the worst verdicts first."""
    cited: dict[str, list[tuple[Citation, Finding]]] = {}
    for finding in sorted(report.findings, key=_weight):
        for citation in finding.citations:
            cited.setdefault(citation.instrument, []).append((citation, finding))
    return tuple(
        Cited(
            group[0][0],
            tuple(dict.fromkeys(f.device for _, f in group)),
            tuple(dict.fromkeys(f.title for _, f in group)),
        )
        for group in cited.values()
    )


def name_of(names: Mapping[str, str], entity: str | None) -> str:
    """Return the name people know an entity or a policy by, else its id."""
    return names.get(entity, entity) if entity else ""


def address_order(address: str) -> tuple[int, int, str]:
    """Return the sort key of an address: IPv4 by number, then IPv6, then whatever else there is."""
    try:
        # A camera that only a recorder told of stands behind it: 192.0.2.24#3.
        parsed = ipaddress.ip_address(address.partition("#")[0].partition("%")[0])
    except ValueError:
        return (9, 0, address)
    return (parsed.version, int(parsed), address)


def _weight(finding: Finding) -> tuple[int, bool, bool, int]:
    return (
        _VERDICTS.index(finding.verdict),
        finding.waiver is not None,
        finding.advice,
        _SEVERITIES.index(finding.severity),
    )
