"""What a report shows of a trend: in goes a ``Report``, out come a table, its notes and a chart. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from camaudit.model import Report
from camaudit.report.change_words import change_words
from camaudit.report.charts import Chart, draw_parts
from camaudit.report.trends import NUMBERS, notes, reach_of
from camaudit.report.words import Words

_COLUMN = {"opened_new": "new"}
_ALWAYS = ("left", "unseen", "closed", "opened")


@dataclass(frozen=True, slots=True)
class TrendView:
    """A trend as a reader gets it: the headings, a row for each term, what limits them, and the same drawn."""

    title: str
    text: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]
    note: str
    chart: Chart


def trend_view(report: Report, catalogue: Words) -> TrendView | None:
    """Return how many were left term by term; nothing where nobody asked, or no run is stored."""
    trend, w = report.trend, change_words().trend
    if trend is None or not trend.terms:
        return None
    # A column of zeros says nothing; what always stands is what the others are asked against.
    keys = [key for key in NUMBERS if key in _ALWAYS or any(getattr(term, key) for term in trend.terms)]
    rows = tuple(
        (
            term.term,
            (
                catalogue.day(term.day) if term.day else w["no_run"],
                reach_of(term),
                *(str(getattr(term, key)) for key in keys),
            ),
        )
        for term in trend.terms
    )
    parts = [
        (
            term.term,
            [p for p in (("violation", w["seen"], term.left), ("unsure", w["unseen"], term.unseen)) if p[2]],
        )
        for term in trend.terms
        if term.left or term.unseen
    ]
    heads = ("column_term", "column_run", "column_reach", *(f"column_{_COLUMN.get(key, key)}" for key in keys))
    return TrendView(
        title=w["title"],
        text=w["text"],
        heads=tuple(w[head] for head in heads),
        rows=rows,
        notes=tuple(notes(trend)),
        note=w["note"],
        chart=draw_parts("trend", w["title"], w["text"], parts),
    )
