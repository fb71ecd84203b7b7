"""The sentences of a report: in go a ``Report`` and the catalogue of words, out comes plain language.

What a device or a pack wrote is filled in as it is; each format escapes it in its own way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from camaudit.model import Device, Finding, Identification, Kind, Relation, Report, Verdict
from camaudit.report.safe import plain
from camaudit.report.summary import SURE, Judged, counts, name_of
from camaudit.report.words import Words

_ON_THE_WALL = ("replace", "isolate")
_ON_THE_UNIT = ("patch", "configure")
_MAX_NAME = 80
_MAX_RULE = 120
_MAX_NAMED = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The first screen: how bad, in one sentence, in a second one, and what has to be decided."""

    standing: str
    headline: str
    lead: str
    decisions: tuple[str, ...]


def answer(report: Report, words: Words, law: Callable[[str], str] = str) -> Answer:
    """Say in plain words whether there is a problem and what to decide; ``law`` wraps what a pack says."""
    number = counts(report)
    total = _total(words, number["video"])
    standing = _standing(number, report)
    lead = words.leads.get(standing, "")
    match standing:
        case "violation" | "review":
            headline = _headline(words, standing, number[f"{standing}s"], number["video"], total)
        case "advice":
            headline = _headline(words, standing, number["advice"], number["video"], total)
        case _:
            headline = words.headlines[standing].format(total=total)
    if standing == "violation":
        lead = _broken(report, words, law)
    return Answer(standing, headline, lead, tuple(_decisions(report, words, standing)))


def _standing(number: Mapping[str, int], report: Report) -> str:
    if not report.devices and not number["answered"]:
        return "nothing_answered"
    if not number["video"]:
        return "no_camera"
    for standing in ("violation", "review"):
        if number[f"{standing}s"]:
            return standing
    if not report.findings:
        return "no_rules"
    return next(s for s in ("waived", "advice", "compliant", "not_applicable") if number[s])


def _total(words: Words, number: int) -> str:
    return words.counted(words.headlines, "total", number)


def _headline(words: Words, standing: str, number: int, video: int, total: str) -> str:
    if video == 1:
        return words.headlines[f"{standing}_only"]
    return words.counted(words.headlines, standing, number, total=total)


def _broken(report: Report, words: Words, law: Callable[[str], str]) -> str:
    found = [f for f in report.findings if f.verdict is Verdict.VIOLATION and f.waiver is None]
    rules = [
        words.leads["broken_rule"].format(
            rule=law(plain(finding.title, _MAX_RULE).rstrip(".")),
            policy=law(name_of(report.names, finding.policy)),
        )
        for finding in found
    ]
    told = words.leads["broken"].format(rules="; ".join(_first(rules)))
    concerned = {f.device for f in found}
    makers = [
        name_of(report.names, device.identification.maker)
        for device in report.devices
        if device.id in concerned and device.identification.maker
    ]
    *most, last = _first(makers) or [""]
    named = f"{', '.join(most)} {words.labels['and']} {last}" if most else last
    return f"{told} {words.leads['makers'].format(makers=named)}" if named else told


def _first(named: list[str]) -> list[str]:
    """Return what is named, each once, the most frequent first, as far as a sentence bears it."""
    often = [name for name, _ in Counter(named).most_common()]
    return often if len(often) <= _MAX_NAMED else [*often[:_MAX_NAMED], "…"]


def _decisions(report: Report, words: Words, standing: str) -> list[str]:
    if standing in ("no_camera", "nothing_answered"):
        return [words.decisions["look_again"]]
    said = []
    unwaived = [f for f in report.findings if f.waiver is None]
    violations = [f for f in unwaived if f.verdict is Verdict.VIOLATION]
    if violations:
        said.append(_act(violations, words, report.judged_as_of))
    asked = [step for step in report.plan if step.action == "attest"]
    if asked:
        settled = words.devices(_concerned(report, ("attest",)))
        said.append(words.counted(words.decisions, "ask", len(asked), devices=settled))
    for key, actions in (("find", ("investigate",)), ("tend", _ON_THE_UNIT)):
        number = _concerned(report, actions)
        if number:
            said.append(words.counted(words.decisions, key, number))
    waived = {f.device: f.waiver.expires for f in report.findings if f.waiver is not None}
    if waived:
        first = words.day(min(waived.values()))
        said.append(words.counted(words.decisions, "waived", len(waived), date=first))
    return said or [words.decisions["nothing"]]


def _concerned(report: Report, actions: Container[str]) -> int:
    return len({device for step in report.plan if step.action in actions for device in step.devices})


def _act(violations: list[Finding], words: Words, today: date) -> str:
    number = len({f.device for f in violations})
    leaves = all(f.remedy in _ON_THE_WALL for f in violations)
    text = words.counted(words.decisions, "act" if leaves else "act_plain", number)
    due = min((f.due for f in violations if f.due is not None), default=None)
    if due is None:
        return text
    return f"{text} {words.decisions['overdue' if due < today else 'due'].format(date=words.day(due))}"


def relation(identification: Identification, names: Mapping[str, str], words: Words) -> str:
    """Say how the label on a unit relates to who built it, never surer than the identification is."""
    maker = name_of(names, identification.maker)
    brand = brand_of(identification, names)
    sure = identification.certainty in SURE
    if not maker:
        return words.relations["unknown" if brand else "nothing"].format(brand=brand)
    if not brand:
        return words.relations["no_label" if sure else "no_label_unsure"].format(maker=maker)
    key = str(identification.relation)
    if not sure and identification.relation is not Relation.OWN_BRAND:
        key = "oem_unsure"
    return words.relations[key].format(brand=brand, maker=maker)


def brand_of(identification: Identification, names: Mapping[str, str]) -> str:
    """Return the name on the label, empty where it is not known."""
    return identification.brand_name or name_of(names, identification.brand)


def called(device: Device, names: Mapping[str, str], words: Words) -> str:
    """Return what to call a device in a sentence: label or maker, model, kind and address."""
    identification = device.identification
    name = brand_of(identification, names)
    if not name and identification.certainty in SURE:
        name = name_of(names, identification.maker)
    if identification.kind is Kind.UNKNOWN:
        kind = words.labels["unit" if identification.video else "device"]
    else:
        kind = words.kinds[identification.kind]
    parts = (name, identification.model or "", kind)
    return " ".join(plain(part, _MAX_NAME) for part in parts if part)


def percent(confidence: float) -> str:
    """Write a confidence as parts in a hundred, never rounded up to certainty."""
    return str(min(int(confidence * 100 + 0.5), 99))


def next_step(item: Judged, words: Words, law: Callable[[str], str] = str) -> str:
    """Return the one thing to do next about a device: what its worst open finding asks, else how to be surer.

    ``law`` wraps what a pack says.
    """
    for finding in item.open:
        if finding.verdict is Verdict.VIOLATION:
            action = words.actions.get(finding.remedy)
            return f"{action}: {law(finding.title)}" if action else law(finding.title)
        return law(finding.question or finding.title)
    ends = [f.waiver.expires for f in item.findings if f.waiver is not None]
    if ends:
        return words.labels["waived_until"].format(date=words.day(min(ends)))
    return law(item.device.identification.next_step)


def todo(finding: Finding, words: Words) -> str:
    """Say what has to be done about one finding; nothing where nothing has to."""
    if finding.verdict not in (Verdict.VIOLATION, Verdict.REVIEW):
        return ""
    return finding.todo or words.todo.get(finding.remedy, "")


def by_when(finding: Finding, words: Words, today: date) -> str:
    """Say by when: the day, the rule's own words, or that it sets none; of advice nothing, for it sets no duty."""
    if finding.verdict is not Verdict.VIOLATION:
        return words.finding["no_day_review"] if finding.state == Verdict.REVIEW else ""
    day = ""
    if finding.due:
        said = words.finding["past"] if finding.due < today else f"{words.labels['by']}."
        day = said.format(date=words.day(finding.due))
    return " ".join(part for part in (day, finding.when) if part) or words.finding["no_day"]


def four_answers(findings: Iterable[Finding], words: Words, today: date) -> tuple[tuple[str, str], ...]:
    """Return which rule, whom it binds, what to do and by when of findings of one rule, each wording once.

    Nothing is returned of a rule that asks for nothing.
    """
    said: dict[str, dict[str, None]] = {}
    for finding in findings:
        if finding.verdict in (Verdict.VIOLATION, Verdict.REVIEW) and finding.citations:
            told = {
                "rule": _which(finding, words),
                "binds": _whom(finding, words),
                "todo": todo(finding, words),
                "by": by_when(finding, words, today),
            }
            for key, text in told.items():
                said.setdefault(key, {})[text] = None
    return tuple((words.finding[key], " ".join(filter(None, texts))) for key, texts in said.items() if any(texts))


def _which(finding: Finding, words: Words) -> str:
    first, *others = finding.citations
    rule = f"{first.title} ({first.citation})"
    # Advice is no rule by itself; what it serves at this site is.
    served = "; ".join(each.title for each in others) if finding.advice else ""
    return words.finding["serves"].format(rule=rule, others=served) if served else rule


def _whom(finding: Finding, words: Words) -> str:
    first, *others = finding.citations
    if finding.advice and others:
        beside = " ".join(dict.fromkeys(each.binds for each in others))
        return words.finding["binds_beside"].format(binds=first.binds, others=beside)
    # Only where the site is known to be meant is anything called broken.
    return f"{first.binds} {words.finding['binds_you']}" if finding.verdict is Verdict.VIOLATION else first.binds
