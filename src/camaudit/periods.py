"""The periods that an operator chose: in goes a file, out come terms by their own names and days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Literal

from camaudit.changes.terms import Term
from camaudit.errors import DataFileError
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, lines_of, load


@dataclass(frozen=True, slots=True)
class _PeriodForm:
    __pydantic_config__ = STRICT
    name: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class PeriodsFile:
    """The periods by which an operator counts, in their order."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/periods@1"]
    periods: tuple[_PeriodForm, ...]


def load_periods(file: Traversable) -> tuple[Term, ...]:
    """Read a file of periods; raise ``DataFileError`` with every problem at its line."""
    forms, name, lines = load(file, PeriodsFile).periods, shown_path(file), lines_of(file)
    problems = tuple(
        f"{name}:{lines.get(('periods', *where), lines.get(('periods', *where[:1]), 1))}: "
        f"{'.'.join(map(str, ('periods', *where)))}: {problem}"
        for where, problem in _problems(forms)
    )
    if problems:
        raise DataFileError(problems)
    return tuple(Term(form.name.strip(), form.first, form.last) for form in forms)


def _problems(forms: tuple[_PeriodForm, ...]) -> Iterator[tuple[tuple[int | str, ...], str]]:
    if not forms:
        yield (), "names no period; write at least one with name, first and last"
    names: set[str] = set()
    for index, form in enumerate(forms):
        if not form.name.strip() or form.name.strip() in names:
            yield (index, "name"), "must say which period it is, and no other one of the same name"
        names.add(form.name.strip())
        if form.last < form.first:
            yield (index, "last"), f"lies before first ({form.first.isoformat()})"
        if index and form.first <= forms[index - 1].last:
            yield (index, "first"), "lies in the period before; write them in their order, none within another"
