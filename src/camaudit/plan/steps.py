"""The steps: in go devices, findings, a day and what the site states; out come steps in the order to take them.

Isolate what breaks a rule and stays for now; settle open questions, one question for all the devices it is about;
patch and configure; replace. Waived findings ask for nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from camaudit.model import Device, Effort, Finding, Planning, PlanStep, Verdict
from camaudit.phrases import phrases
from camaudit.plan.cost import cost_of, hours_of
from camaudit.plan.dates import Days
from camaudit.plan.wording import counted, said, titles

ACTIONS = ("isolate", "attest", "investigate", "patch", "configure", "replace")
"""Every action a step may have, in the order of the plan (attest and investigate share a place)."""

_STAYS_FOR_NOW = frozenset({"replace", "isolate"})
_DONE_ON_THE_UNIT = ("patch", "configure")


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step before it has its number. ``subject`` is what makes it the same step in the next audit."""

    action: str
    subject: str
    title: str
    findings: tuple[Finding, ...]
    why: str


def plan(
    devices: Iterable[Device],
    findings: Iterable[Finding],
    today: date,
    planning: Planning | None = None,
    seen: date | None = None,
) -> tuple[PlanStep, ...]:
    """Return the steps that deal with every open finding.

    ``by`` is the earliest day among what the rules and the site's own rule say; own days count from when a unit
    was first seen, else from ``seen``, the day of the scan. Costs come of the site's price table alone.
    """
    by_id = {device.id: device for device in devices}
    days = Days(planning or Planning(), by_id, seen or today)
    unwaived = tuple(f for f in findings if f.waiver is None and f.device in by_id)
    broken = [f for f in unwaived if f.verdict is Verdict.VIOLATION]
    # A review of a unit that a rule already condemns still stands: another rule, another answer.
    drafts = (*_isolate(broken), *_settle(unwaived, days), *_set_right(unwaived), *_replace(broken, days))
    place = {device: number for number, device in enumerate(by_id)}
    return tuple(_step(number, draft, place, days, today) for number, draft in enumerate(drafts, start=1))


def _step(number: int, draft: _Draft, place: Mapping[str, int], days: Days, today: date) -> PlanStep:
    ids = tuple(sorted({f.device for f in draft.findings}, key=lambda name: place[name]))
    by, by_from = days.earliest(draft.action, draft.findings)
    late = [said("overdue", date=by.isoformat())] if by is not None and by < today else []
    units = tuple(days.devices[name] for name in ids)
    prices = days.planning.prices
    return PlanStep(
        order=number,
        action=draft.action,
        title=draft.title,
        devices=ids,
        why=" ".join((draft.why, *late)),
        by=by,
        cost=cost_of(draft.action, units, prices) if prices else None,
        key=_key(draft.action, draft.subject),
        items=tuple(_items(draft, ids)),
        by_from=by_from,
        who=days.planning.who.get(draft.action) or phrases().plan[f"who_{draft.action}"],
        effort=Effort(phrases().plan[f"effort_{draft.action}"], hours_of(draft.action, len(ids), prices)),
    )


def _key(*parts: str) -> str:
    return hashlib.blake2s("\0".join(parts).encode(), digest_size=5).hexdigest()


def _items(draft: _Draft, devices: Iterable[str]) -> Iterator[str]:
    """Yield the key of what is to be done about each device: the same whatever else is in the step."""
    once = draft.action in _STAYS_FOR_NOW
    own: dict[str, list[Finding]] = {}
    for finding in draft.findings:
        own.setdefault(finding.device, []).append(finding)
    return (_key(draft.action, device, "" if once else _subject(own[device])) for device in devices)


def _subject(found: Iterable[Finding]) -> str:
    return min(f"{f.policy}/{f.rule}" for f in found)


def _isolate(violations: Sequence[Finding]) -> Iterable[_Draft]:
    found = tuple(f for f in violations if f.remedy in _STAYS_FOR_NOW)
    if not found:
        return
    key = "isolate" if any(f.remedy == "replace" for f in found) else "isolate_for_good"
    why = f"{_rules(found)} {said('isolate_first')}"
    yield _Draft("isolate", "", counted(key, _count(found)), found, why)


def _settle(unwaived: Sequence[Finding], days: Days) -> Iterable[_Draft]:
    """Group what is open by its question: one answer settles every device that asks the same."""
    asked: dict[tuple[str, str], list[Finding]] = {}
    for finding in unwaived:
        action = _asks(finding)
        if action is not None:
            asked.setdefault((action, finding.question or finding.title), []).append(finding)
    drafts = [_question(action, text, tuple(found)) for (action, text), found in asked.items()]
    yield from sorted(
        drafts, key=lambda d: (days.earliest(d.action, d.findings)[0] or date.max, -_count(d.findings))
    )


def _asks(finding: Finding) -> str | None:
    match finding.verdict:
        case Verdict.REVIEW:
            if finding.remedy in _DONE_ON_THE_UNIT:
                return None
            return "investigate" if finding.remedy == "investigate" else "attest"
        case Verdict.VIOLATION:
            done_otherwise = finding.remedy in _STAYS_FOR_NOW or finding.remedy in _DONE_ON_THE_UNIT
            return None if done_otherwise else ("investigate" if finding.remedy == "investigate" else "attest")
        case _:
            return None


def _question(action: str, text: str, found: tuple[Finding, ...]) -> _Draft:
    if any(f.verdict is Verdict.VIOLATION for f in found):
        return _Draft(action, _subject(found), text, found, f"{_rules(found)} {said('authority')}")
    # Who built one unit says little of the next, unless they are of one kind and one delivery.
    settles = counted("settles" if action == "attest" else "finds", _count(found))
    return _Draft(action, _subject(found), text, found, f"{settles} {said('decides', titles=titles(found))}")


def _set_right(unwaived: Sequence[Finding]) -> Iterable[_Draft]:
    """Group what is done on the unit itself by the rule that asks for it."""
    for action in _DONE_ON_THE_UNIT:
        by_rule: dict[tuple[str, str], list[Finding]] = {}
        for finding in unwaived:
            if finding.remedy == action and finding.verdict in (Verdict.VIOLATION, Verdict.REVIEW):
                by_rule.setdefault((finding.policy, finding.rule), []).append(finding)
        for found in by_rule.values():
            # Of a review the question is the reason: the operator weighs it, then acts or does not.
            question = next((f" {f.question}" for f in found if f.question), "")
            why = f"{found[0].title}.{question}"
            yield _Draft(action, _subject(found), counted(action, _count(found)), tuple(found), why)


def _replace(violations: Sequence[Finding], days: Days) -> Iterable[_Draft]:
    """Group replacements by the day each device is due, the soonest first."""
    due: dict[str, date] = {}
    found = [f for f in violations if f.remedy == "replace"]
    by_device: dict[str, list[Finding]] = {}
    for finding in found:
        by_device.setdefault(finding.device, []).append(finding)
    for device, own in by_device.items():
        due[device] = days.earliest("replace", own)[0] or date.max
    for day in sorted(set(due.values())):
        group = tuple(f for f in found if due[f.device] == day)
        subject = "" if day == date.max else day.isoformat()
        yield _Draft("replace", subject, counted("replace", _count(group)), group, _rules(group))


def _count(findings: Iterable[Finding]) -> int:
    return len({f.device for f in findings})


def _rules(findings: Sequence[Finding]) -> str:
    return counted("breaks", _count(findings), titles=titles(findings))
