"""Terms: in go days and a way to divide the year, out come the periods from the first day to the last. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise


class Scheme(StrEnum):
    """How the year is divided; school terms begin on 1 September, 1 January and 1 April."""

    TERM = "term"
    QUARTER = "quarter"
    YEAR = "year"
    SCHOOL_YEAR = "school-year"


@dataclass(frozen=True, slots=True)
class Term:
    """A period with its first and its last day; ``name`` is the operator's, else a key of the words for terms."""

    name: str
    first: date
    last: date
    number: int = 0
    """Which quarter it is; 0 for all else."""


_BEGINS = {
    Scheme.TERM: ((1, "spring"), (4, "summer"), (9, "autumn")),
    Scheme.QUARTER: ((1, "quarter"), (4, "quarter"), (7, "quarter"), (10, "quarter")),
    Scheme.YEAR: ((1, "year"),),
    Scheme.SCHOOL_YEAR: ((9, "school_year"),),
}


def terms_between(scheme: Scheme, first: date, last: date) -> tuple[Term, ...]:
    """Return the terms that hold the days from ``first`` to ``last``."""
    starts = [start for start in _starts(scheme, first.year - 1, last.year + 1)]
    found = [
        Term(name, day, after - timedelta(days=1), number)
        for (day, name, number), (after, _, _) in pairwise(starts)
    ]
    return tuple(term for term in found if term.last >= first and term.first <= last)


def _starts(scheme: Scheme, first_year: int, last_year: int) -> Iterator[tuple[date, str, int]]:
    for year in range(first_year, last_year + 1):
        for number, (month, name) in enumerate(_BEGINS[scheme], start=1):
            yield date(year, month, 1), name, number if scheme is Scheme.QUARTER else 0
