"""The plan: in go devices, what the rules say of them and a day; out come steps in the order to take them.

Isolate what breaks a rule and stays for now; settle open questions, one question for all the devices it is about;
patch and configure; replace. Waived findings ask for nothing. Pure; nothing is costed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from camaudit.model import Device, Finding, PlanStep, Verdict

ACTIONS = ("isolate", "attest", "investigate", "patch", "configure", "replace")
"""Every action a step may have, in the order of the plan (attest and investigate share a place)."""

_STAYS_FOR_NOW = frozenset({"replace", "isolate"})
_DONE_ON_THE_UNIT = ("patch", "configure")
_MAX_RULES_NAMED = 3


@dataclass(frozen=True, slots=True)
class _Draft:
    """A step before it has its number."""

    action: str
    title: str
    findings: tuple[Finding, ...]
    why: str


def plan(devices: Iterable[Device], findings: Iterable[Finding], today: date) -> tuple[PlanStep, ...]:
    """Return the steps that deal with every open finding; ``by`` is the earliest day due among them."""
    place = {device.id: number for number, device in enumerate(devices)}
    unwaived = tuple(f for f in findings if f.waiver is None and f.device in place)
    # A review of a unit that a rule already condemns still stands: another rule, another answer.
    drafts = (
        *_isolate([f for f in unwaived if f.verdict is Verdict.VIOLATION]),
        *_settle(unwaived),
        *_set_right(unwaived),
        *_replace([f for f in unwaived if f.verdict is Verdict.VIOLATION]),
    )
    return tuple(_step(number, draft, place, today) for number, draft in enumerate(drafts, start=1))


def _step(number: int, draft: _Draft, place: Mapping[str, int], today: date) -> PlanStep:
    concerned = tuple(sorted({f.device for f in draft.findings}, key=lambda name: place[name]))
    by = _earliest(draft.findings)
    overdue = f" The day for it was {by.isoformat()} and is past." if by is not None and by < today else ""
    return PlanStep(number, draft.action, draft.title, concerned, draft.why + overdue, by)


def _isolate(violations: Sequence[Finding]) -> Iterable[_Draft]:
    found = tuple(f for f in violations if f.remedy in _STAYS_FOR_NOW)
    if not found:
        return
    many = _devices(found)
    stays = "until it is replaced" if _count(found) == 1 else "until they are replaced"
    if not any(f.remedy == "replace" for f in found):
        stays = "for good"
    why = f"{_rules(found)} Cutting off comes first: it can be done this week and nothing has to be bought."
    yield _Draft("isolate", f"Cut {many} off from the internet and from other networks {stays}", found, why)


def _settle(unwaived: Sequence[Finding]) -> Iterable[_Draft]:
    """Group what is open by its question: one answer settles every device that asks the same."""
    asked: dict[tuple[str, str], list[Finding]] = {}
    for finding in unwaived:
        action = _asks(finding)
        if action is not None:
            asked.setdefault((action, finding.question or finding.title), []).append(finding)
    drafts = [_question(action, text, tuple(found)) for (action, text), found in asked.items()]
    yield from sorted(drafts, key=lambda d: (_earliest(d.findings) or date.max, -_count(d.findings)))


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
        return _Draft(action, text, found, f"{_rules(found)} Somebody with authority has to decide what follows.")
    if action == "attest":
        settles = f"One answer settles {_devices(found)}."
    elif _count(found) == 1:
        settles = "The answer is to be found at the device or in its papers."
    else:
        # Who built one unit says little of the next, unless they are of one kind and one delivery.
        settles = f"{_devices(found)} ask this; an answer holds for all of the same model and delivery."
    return _Draft(action, text, found, f"{settles} It decides: {_titles(found)}.")


def _set_right(unwaived: Sequence[Finding]) -> Iterable[_Draft]:
    """Group what is done on the unit itself by the rule that asks for it."""
    for action in _DONE_ON_THE_UNIT:
        by_rule: dict[tuple[str, str], list[Finding]] = {}
        for finding in unwaived:
            if finding.remedy == action and finding.verdict in (Verdict.VIOLATION, Verdict.REVIEW):
                by_rule.setdefault((finding.policy, finding.rule), []).append(finding)
        for found in by_rule.values():
            verb = "Update the firmware of" if action == "patch" else "Change the settings of"
            # Of a review the question is the reason: the operator weighs it, then acts or does not.
            question = next((f" {f.question}" for f in found if f.question), "")
            why = f"{found[0].title}.{question}"
            yield _Draft(action, f"{verb} {_devices(found)}", tuple(found), why)


def _replace(violations: Sequence[Finding]) -> Iterable[_Draft]:
    """Group replacements by the day each device is due, the soonest first."""
    due: dict[str, date] = {}
    found = [f for f in violations if f.remedy == "replace"]
    for finding in found:
        due[finding.device] = min(due.get(finding.device, date.max), finding.due or date.max)
    for day in sorted(set(due.values())):
        group = tuple(f for f in found if due[f.device] == day)
        yield _Draft("replace", f"Replace {_devices(group)}", group, _rules(group))


def _earliest(findings: Iterable[Finding]) -> date | None:
    return min((f.due for f in findings if f.due is not None), default=None)


def _count(findings: Iterable[Finding]) -> int:
    return len({f.device for f in findings})


def _devices(findings: Iterable[Finding]) -> str:
    number = _count(findings)
    return "1 device" if number == 1 else f"{number} devices"


def _rules(findings: Sequence[Finding]) -> str:
    verb = "breaks" if _count(findings) == 1 else "break"
    subject = "It" if _count(findings) == 1 else "They"
    return f"{subject} {verb} a rule: {_titles(findings)}."


def _titles(findings: Iterable[Finding]) -> str:
    titles = list(dict.fromkeys(f.title.rstrip(".") for f in findings))
    named = "; ".join(titles[:_MAX_RULES_NAMED])
    rest = len(titles) - _MAX_RULES_NAMED
    return f"{named}; and {rest} more" if rest > 0 else named
