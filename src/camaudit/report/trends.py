"""Trends: in go the terms of sites, out come JSON (``camaudit/trends@1``), CSV, and what the terminal shows."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from itertools import pairwise

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from camaudit.changes.trend import in_all
from camaudit.model.changed import TermCount, Trend
from camaudit.report.change_words import change_words
from camaudit.report.csv import cell
from camaudit.report.json_changes import term_json
from camaudit.report.safe import visible
from camaudit.report.styles import safe
from camaudit.report.words import words

SCHEMA = "camaudit/trends@1"
NUMBERS = ("left", "unseen", "waived", "reviews", "closed", "doubtful", "opened", "opened_new")
_SHOWN = ("left", "unseen", "closed", "opened", "reviews")
_NARROWER = 0.9


def render(trends: Sequence[Trend]) -> str:
    """Return the terms of every site, and the sums, as JSON in ASCII."""
    told = {
        "schema": SCHEMA,
        "sites": [{"site": each.site, "terms": [term_json(term) for term in each.terms]} for each in trends],
        "in_all": [term_json(term) for term in in_all(trends, "").terms],
    }
    return json.dumps(told, indent=1) + "\n"


def as_csv(trends: Sequence[Trend]) -> str:
    """Return a row for each site and term."""
    text = io.StringIO()
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    keys = ("site", "term", "first", "last", "run", "day", "complete", "addresses", "answered", "video", *NUMBERS)
    sheet.writerow(keys)
    for each in trends:
        for term in each.terms:
            told = {**term_json(term), "site": each.site}
            sheet.writerow([cell("" if told[key] is None else str(told[key])) for key in keys])
    return "\ufeff" + text.getvalue()


def shown(trends: Sequence[Trend]) -> RenderableType:
    """Return what the terminal shows: a table for each site, and one for all where there are several."""
    w = change_words().trend
    told = [each for each in trends if each.terms]
    if not told:
        return Text(w["nothing"])
    whole = [*told, in_all(told, w["in_all"])] if len(told) > 1 else told
    return Group(*(part for each in whole for part in _site(each)), Text(f"\n{w['note']}", style="dim"))


def _site(trend: Trend) -> Iterable[RenderableType]:
    w = change_words().trend
    yield Text(f"\n{visible(trend.site, 78)}", style="bold")
    table = Table(box=None, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(w["column_term"], overflow="fold")
    table.add_column(w["column_run"], no_wrap=True)
    table.add_column(w["column_reach"], justify="right", no_wrap=True)
    for key in _SHOWN:
        table.add_column(w[f"column_{key}"], justify="right")
    for term in trend.terms:
        numbers = (str(getattr(term, key)) for key in _SHOWN)
        table.add_row(safe(term.term, 40), when(term), reach_of(term), *numbers)
    yield table
    for note in notes(trend):
        yield Text(f"! {visible(note, 300)}", style="yellow")


def when(term: TermCount) -> str:
    """Return the day of the run that stands for a term, or that there is none."""
    w = change_words().trend
    return term.day.isoformat() if term.day else "" if term.addresses else w["no_run"]


def reach_of(term: TermCount) -> str:
    """Return how many of the addresses that were asked answered."""
    w = change_words().trend
    return w["reach"].format(answered=term.answered, addresses=term.addresses) if term.addresses else "–"


def notes(trend: Trend) -> Iterable[str]:
    """Yield what keeps the numbers of a term from being compared with those of the one before."""
    w = change_words().trend
    for term in trend.terms:
        if term.day is not None and not term.complete:
            yield f"{term.term}: {w['incomplete']}"
    for before, term in pairwise(each for each in trend.terms if each.day is not None):
        if term.complete and term.addresses < before.addresses * _NARROWER:
            day = words().day(term.day)
            yield f"{term.term}: {w['narrower']} ({before.addresses} → {term.addresses}, {day})"
