"""Answers as people give them: in go ``KEY=VALUE`` or a file of answers, out come values that know their place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from importlib.resources.abc import Traversable
from typing import Literal

from camaudit.errors import UsageError
from camaudit.phrases import phrases
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, lines_of, load


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: the key of its question, what was said, and by whom and when where it is about a unit.

    ``targets`` narrows it to some units; ``until`` is the day by which a decision is looked at again. ``where`` is
    what a problem with it is reported at: a line of a file, a cell, a flag.
    """

    key: str
    answer: str
    where: str
    by: str = ""
    on: date | None = None
    targets: tuple[str, ...] = ()
    how: str = ""
    reads: str = ""
    reference: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class _AnswerForm:
    """One answer of the file; ``answer`` may be written as yes or no without quotes.

    ``day`` is not called ``on``, which YAML takes for a yes.
    """

    __pydantic_config__ = STRICT
    question: str
    answer: bool | str | tuple[str, ...]
    by: str = ""
    day: date | None = None
    targets: tuple[str, ...] = ()
    how: str = ""
    reads: str = ""
    reference: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class AnswersFile:
    """The form of a file of answers (``camaudit answer --file``)."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/answers@1"]
    answers: tuple[_AnswerForm, ...]
    by: str = ""
    day: date | None = None


def from_text(text: str) -> Given:
    """Read ``KEY=VALUE``; raise UsageError where it has no such form."""
    key, sign, answer = (part.strip() for part in text.partition("="))
    if not key or not sign:
        raise UsageError(phrases().answering["form"].format(value=text))
    return Given(key, answer, where=key)


def from_file(file: Traversable) -> tuple[Given, ...]:
    """Read a file of answers; what an answer does not say itself, the file says for all."""
    form = load(file, AnswersFile)
    lines = lines_of(file)
    return tuple(
        Given(
            each.question.strip(),
            _as_text(each.answer),
            where=f"{shown_path(file)}:{lines.get(('answers', number), 1)}",
            by=each.by or form.by,
            on=each.day or form.day,
            targets=each.targets,
            how=each.how,
            reads=each.reads,
            reference=each.reference,
            until=each.until,
        )
        for number, each in enumerate(form.answers)
    )


def completed(given: Given, *, by: str = "", on: date | None = None, how: str = "", reads: str = "") -> Given:
    """Return an answer with what flags say for all, where it does not say so itself."""
    return replace(given, by=given.by or by, on=given.on or on, how=given.how or how, reads=given.reads or reads)


def _as_text(answer: bool | str | tuple[str, ...]) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return answer if isinstance(answer, str) else ", ".join(answer)
