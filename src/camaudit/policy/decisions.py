"""Decisions on questions that no fact settles: in go findings, decisions, devices and a day, out come the findings
with each decision as an acceptance that ends, and what has to be said of decisions that miss.

A decision answers a review and nothing else: what breaks a rule is accepted by a waiver only. Pure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date

from camaudit.model import Decision, Device, Finding, Topic, Verdict, Waiver
from camaudit.phrases import phrases
from camaudit.policy.questionnaire import key_of
from camaudit.policy.waivers import is_target

DECIDED = frozenset({Topic.DECISION, Topic.STANDING, Topic.STATE, Topic.INSTRUMENT})
"""What a decision can answer; facts and makers are stated, not decided."""


def apply_decisions(
    findings: Iterable[Finding],
    decisions: Iterable[Decision],
    devices: Iterable[Device],
    today: date,
    *,
    unwaivable: Collection[str] = (),
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """Fill ``Finding.waiver`` of the reviews that were answered, and say which decisions to look at again.

    ``unwaivable`` holds the ``pack/rule`` ids that nobody can accept.
    """
    by_id = {device.id: device for device in devices}
    judged = list(findings)
    open_by_key = _open_by_key(judged, by_id)
    notices: list[str] = []
    for decision in decisions:
        meant = [n for n in open_by_key.get(decision.question, ()) if _means(decision, judged[n], by_id)]
        refused = [n for n in meant if f"{judged[n].policy}/{judged[n].rule}" in unwaivable]
        notices += _notices(decision, len(meant), len(refused), today)
        if decision.decided_on <= today <= decision.review_by:
            for number in set(meant) - set(refused):
                judged[number] = replace(judged[number], waiver=_as_waiver(decision, judged[number]))
    return tuple(judged), tuple(notices)


def _open_by_key(findings: list[Finding], devices: Mapping[str, Device]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, finding in enumerate(findings):
        device = devices.get(finding.device)
        decided = not finding.asks or finding.asks[0].topic in DECIDED
        if device is not None and finding.verdict is Verdict.REVIEW and finding.waiver is None and decided:
            found.setdefault(key_of(finding, device), []).append(number)
    return found


def _means(decision: Decision, finding: Finding, devices: Mapping[str, Device]) -> bool:
    return any(is_target(target.strip(), devices[finding.device]) for target in decision.targets)


def _as_waiver(decision: Decision, finding: Finding) -> Waiver:
    return Waiver(
        rule=f"{finding.policy}/{finding.rule}",
        targets=decision.targets,
        reason=decision.answer,
        granted_by=decision.decided_by,
        granted=decision.decided_on,
        expires=decision.review_by,
        cites=decision.reference,
    )


def _notices(decision: Decision, meant: int, refused: int, today: date) -> Iterable[str]:
    said = phrases().decisions
    about = {
        "question": decision.question,
        "who": decision.decided_by,
        "date": decision.decided_on.isoformat(),
        "until": decision.review_by.isoformat(),
    }
    if decision.review_by < today:
        yield said["over"].format(**about)
    elif decision.decided_on > today:
        yield said["later"].format(**about)
    elif not meant:
        yield said["no_match"].format(**about)
    if refused:
        yield said["refused"].format(n=refused, **about)
