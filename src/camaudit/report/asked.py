"""The questionnaire in words: in goes a question, out comes what each answer would give. Pure.

Answers that would give the same are said together: of a unit that nobody knows a dozen makers are possible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from camaudit.model import Effect, Question, Topic, Verdict
from camaudit.phrases import phrases
from camaudit.report.summary import name_of
from camaudit.report.words import Words, words

_Signature = tuple[tuple[str, str, Verdict | None, Verdict | None, tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One or more answers that would come to the same: what they are called, and what would come of them.

    ``becomes`` counts findings by the verdict that they would get; ``then`` is what would be asked next.
    """

    answers: tuple[str, ...]
    becomes: tuple[tuple[Verdict, int], ...]
    then: tuple[str, ...]
    devices: int


def answer_name(word: str, names: Mapping[str, str]) -> str:
    """Return how an answer is called: yes, a kind of site, a maker's name."""
    return phrases().explain.get(word) or phrases().site_kinds.get(word) or name_of(names, word)


def outcomes(question: Question) -> tuple[Outcome, ...]:
    """Return what the answers would give, those that give the same together."""
    alike: dict[_Signature, list[str]] = {}
    effects: dict[_Signature, tuple[Effect, ...]] = {}
    for choice in question.choices:
        key = tuple((e.policy, e.title, e.before, e.after, e.devices, e.then) for e in choice.effects)
        alike.setdefault(key, []).append(choice.answer)
        effects[key] = choice.effects
    return tuple(_outcome(tuple(answers), effects[key]) for key, answers in alike.items())


def _outcome(answers: tuple[str, ...], effects: tuple[Effect, ...]) -> Outcome:
    becomes: Counter[Verdict] = Counter()
    for effect in effects:
        if effect.before is not effect.after:
            becomes[effect.after or Verdict.NOT_APPLICABLE] += len(effect.devices)
    ordered = tuple((verdict, becomes[verdict]) for verdict in Verdict if becomes[verdict])
    then = tuple(dict.fromkeys(effect.then for effect in effects if effect.then))
    return Outcome(answers, ordered, then, len({device for effect in effects for device in effect.devices}))


def outcome_lines(question: Question, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each outcome: the answers, and what would come of them."""
    catalogue = words()
    said = catalogue.answers
    for outcome in outcomes(question):
        yield said["line"].format(
            answers=answers_named(outcome, names, catalogue), comes=comes(outcome, catalogue)
        )
    if not question.choices:
        yield said[f"free_{question.topic}" if question.topic in (Topic.KIND,) else "free"]


def with_outcomes(
    questions: Iterable[Question], names: Mapping[str, str], catalogue: Words
) -> list[tuple[Question, list[tuple[str, str]]]]:
    """Return each question with the answers as people say them and what would come of each."""
    return [
        (each, [(answers_named(o, names, catalogue), comes(o, catalogue)) for o in outcomes(each)])
        for each in questions
    ]


def answers_named(outcome: Outcome, names: Mapping[str, str], catalogue: Words) -> str:
    """Return the answers of an outcome as people say them."""
    called = [answer_name(word, names) for word in outcome.answers]
    return catalogue.answers["or"].join(called)


def comes(outcome: Outcome, catalogue: Words) -> str:
    """Say what would come of an outcome: how many findings get which verdict, or what is asked next."""
    said = catalogue.answers
    parts = [
        catalogue.counted(said, "becomes", number, verdict=catalogue.findings[verdict])
        for verdict, number in outcome.becomes
    ]
    if outcome.then:
        more = said["then_more"].format(n=len(outcome.then) - 1) if len(outcome.then) > 1 else ""
        parts.append(said["then"].format(question=outcome.then[0]) + more)
    return "; ".join(parts) if parts else said["same"]
