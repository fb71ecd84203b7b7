"""A question as ``report.json`` tells it: in goes a question and names, out come values that JSON knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from camaudit.model import Choice, Effect, Question
from camaudit.report.asked import answer_name


def question_json(question: Question, names: Mapping[str, str]) -> dict[str, Any]:
    """Return one question with what each answer would give."""
    return {
        "key": question.key,
        "about": str(question.topic),
        "question": question.text,
        "why": question.why,
        "reviews": question.reviews,
        "devices": list(question.devices),
        "titles": list(question.titles),
        "unit_by_unit": question.each,
        "answers": [_choice(choice, names) for choice in question.choices],
    }


def _choice(choice: Choice, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "answer": choice.answer,
        "name": answer_name(choice.answer, names),
        "effects": [_effect(effect) for effect in choice.effects],
    }


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "policy": effect.policy,
        "title": effect.title,
        "before": str(effect.before) if effect.before else None,
        "after": str(effect.after) if effect.after else None,
        "devices": len(effect.devices),
        "then": effect.then,
    }
