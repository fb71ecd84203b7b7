"""The questionnaire: in go devices and findings, out come questions, each put once for all it settles.

Every review that nobody accepted is part of exactly one question, the one about the first thing that is open. Who
built a unit is asked for all units of one label and model together; where no model was read, unit by unit. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from camaudit.model import Ask, Device, Finding, Question, Topic, Verdict
from camaudit.phrases import phrases
from camaudit.policy.facts import FACTS, question_about
from camaudit.policy.words import TERMINAL, possible_makers

OF_UNITS = frozenset({Topic.MAKER, Topic.KIND})
_LOOKED_UP = frozenset({Topic.SITE, *OF_UNITS})
"""What has an answer that somebody can look up, and that changes a verdict by itself."""
_MAX_SLUG = 48
_MAX_NAME = 60
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
_USUAL = re.compile(r"[A-Za-z0-9 ._/()+-]+")
_NO_CHOICE = Ask(Topic.DECISION)


@dataclass(slots=True)
class _Group:
    """The findings that ask one thing, while they are gathered."""

    topic: Topic
    name: str
    findings: list[Finding] = field(default_factory=list)
    units: dict[str, Device] = field(default_factory=dict)


def questionnaire(devices: Iterable[Device], findings: Iterable[Finding]) -> tuple[Question, ...]:
    """Return the open questions: what can be looked up before what has to be weighed, the most useful first."""
    by_id = {device.id: device for device in devices}
    groups: dict[str, _Group] = {}
    for finding in findings:
        unit = by_id.get(finding.device)
        # Advice on how a unit is run is counted apart and asks nothing.
        if unit is None or finding.state != Verdict.REVIEW or finding.waiver is not None:
            continue
        ask = first_ask(finding)
        group = groups.setdefault(key_of(finding, unit), _Group(ask.topic, ask.name))
        group.findings.append(finding)
        group.units[unit.id] = unit
    found = [_question(key, group) for key, group in groups.items()]
    return tuple(sorted(found, key=lambda q: (q.topic not in _LOOKED_UP, -q.reviews, -len(q.devices))))


def first_ask(finding: Finding) -> Ask:
    """Return what a review asks for first; a finding that does not say leaves it to a person."""
    return finding.asks[0] if finding.asks else _NO_CHOICE


def key_of(finding: Finding, unit: Device) -> str:
    """Return the key of the question that a review belongs to."""
    ask = first_ask(finding)
    rule = f"{finding.policy}/{finding.rule}"
    match ask.topic:
        case Topic.SITE:
            return ask.name
        case Topic.MAKER | Topic.KIND:
            return f"{ask.topic.value}:{unit_group(unit)}"
        case Topic.STANDING:
            meant = TERMINAL if ask.name == TERMINAL else unit.identification.maker
            return f"standing:{rule}:{meant or 'unknown'}"
        case Topic.INSTRUMENT:
            return f"instrument:{ask.name}"
        case Topic.STATE:
            return f"state:{rule}"
        case Topic.DECISION:
            return f"rule:{rule}"


def unit_group(unit: Device) -> str:
    """Return the name of the units that one look may settle: of one label and model, else the makers possible."""
    found = unit.identification
    if not found.model:
        return f"no-model-read-{'-or-'.join(possible_makers(found)) or 'nobody-likely'}"
    return _slug(found.brand_name or found.brand or "", found.model)


def _slug(brand: str, model: str) -> str:
    # A device may call itself anything: what does not survive as plain letters is told apart by its digest.
    raw = f"{brand} {model}".strip()
    plain = _NOT_PLAIN.sub("-", raw.lower()).strip("-")
    if plain and len(plain) <= _MAX_SLUG and _USUAL.fullmatch(raw):
        return plain
    digest = hashlib.sha256(raw.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return f"{plain[: _MAX_SLUG - 9].strip('-')}-{digest}".strip("-")


def _question(key: str, group: _Group) -> Question:
    unread = any(not unit.identification.model for unit in group.units.values())
    return Question(
        key=key,
        topic=group.topic,
        text=_text(group),
        why=_why(group),
        devices=tuple(group.units),
        reviews=len(group.findings),
        titles=tuple(dict.fromkeys(finding.title for finding in group.findings)),
        each=group.topic in OF_UNITS and unread,
    )


def _text(group: _Group) -> str:
    said = phrases().questions
    match group.topic:
        case Topic.SITE if group.name in FACTS:
            return FACTS[group.name].question
        case Topic.SITE:
            return question_about(group.name)
        case Topic.MAKER | Topic.KIND:
            number = len(group.units)
            unit = next(iter(group.units.values()))
            key = f"{group.topic.value}_{'model' if unit.identification.model else 'each'}"
            form = said[f"{key}_one" if number == 1 else f"{key}_many"]
            return form.format(n=number, name=_called(unit), address=unit.address)
        case _:
            often = Counter(finding.question or finding.title for finding in group.findings)
            return often.most_common(1)[0][0]


def _called(unit: Device) -> str:
    found = unit.identification
    raw = " ".join(part for part in (found.brand_name or found.brand, found.model) if part)
    clean = "".join(c if c.isprintable() else " " for c in raw)
    return " ".join(clean.split())[:_MAX_NAME]


def _why(group: _Group) -> str:
    if group.topic is Topic.SITE:
        return FACTS[group.name].why if group.name in FACTS else phrases().init.get(f"{group.name}_why", "")
    if group.topic in OF_UNITS:
        # The cheapest way to find out, as most of these units have it.
        steps = Counter(u.identification.next_step for u in group.units.values() if u.identification.next_step)
        return steps.most_common(1)[0][0] if steps else ""
    return ""
