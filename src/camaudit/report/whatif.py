"""``camaudit check --explain``: in go open questions, out comes which answer would change which verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from camaudit.model import Choice, Effect, Report, Verdict
from camaudit.phrases import phrases
from camaudit.policy.facts import FACTS, question_about
from camaudit.policy.whatif import OpenQuestion
from camaudit.report.asked import answer_name
from camaudit.report.styles import safe
from camaudit.report.summary import name_of
from camaudit.report.words import words

_MAX_SENTENCE = 1200
_MAX_NAMED = 3


def explained(questions: Iterable[OpenQuestion], report: Report) -> RenderableType:
    """Return every open question with its answers and what each would change."""
    said = phrases().explain
    addresses = {device.id: device.address for device in report.devices}
    parts: list[RenderableType] = [Text(f"\n{said['title']}", style="bold")]
    for question in questions:
        parts.append(Padding(safe(_asked(question, addresses), _MAX_SENTENCE), (1, 0, 0, 0)))
        for choice in question.answers:
            head = said["answer"].format(answer=answer_name(choice.answer, report.names))
            parts.append(Padding(safe(head, _MAX_SENTENCE), (0, 0, 0, 2)))
            for line in _lines(choice, report.names, addresses):
                parts.append(Padding(safe(line, _MAX_SENTENCE), (0, 0, 0, 4)))
    if len(parts) == 1:
        parts.append(Text(said["nothing"]))
    return Group(*parts)


def _asked(question: OpenQuestion, addresses: Mapping[str, str]) -> str:
    if question.name == "maker":
        return phrases().explain["maker"].format(devices=_devices(question.devices, addresses))
    return FACTS[question.name].question if question.name in FACTS else question_about(question.name)


def _lines(choice: Choice, names: Mapping[str, str], addresses: Mapping[str, str]) -> Iterable[str]:
    if not choice.effects:
        yield phrases().explain["same"]
    for effect in choice.effects:
        yield _line(effect, names, addresses)


def _line(change: Effect, names: Mapping[str, str], addresses: Mapping[str, str]) -> str:
    said = phrases().explain
    about = {
        "devices": _devices(change.devices, addresses),
        "title": change.title,
        "policy": name_of(names, change.policy),
    }
    if change.before is change.after:
        return said["asks"].format(question=change.then, **about)
    return said["change"].format(before=_verdict(change.before), after=_verdict(change.after), **about)


def _verdict(verdict: Verdict | None) -> str:
    return f'"{words().findings[verdict]}"' if verdict is not None else phrases().explain["no_finding"]


def _devices(ids: Sequence[str], addresses: Mapping[str, str]) -> str:
    said = phrases().explain
    shown = [addresses.get(each, each) for each in ids]
    if len(shown) == 1:
        return said["device_one"].format(address=shown[0])
    named = ", ".join(shown[:_MAX_NAMED])
    rest = len(shown) - _MAX_NAMED
    listed = said["more"].format(addresses=named, n=rest) if rest > 0 else named
    return said["devices_many"].format(n=len(shown), addresses=listed)
