"""What changed and how many are left, for the PDF: in goes a ``Report``, out come values that JSON knows."""

from __future__ import annotations

from typing import Any

from camaudit.model import Report
from camaudit.report.change_words import change_words
from camaudit.report.since_view import ChangeList, since_view
from camaudit.report.trend_view import trend_view
from camaudit.report.words import words

Json = dict[str, Any]


def change_data(report: Report) -> Json:
    """Return the section of changes; None in it where nothing was compared and no trend was asked for."""
    since, trend, catalogue = since_view(report, words()), trend_view(report, words()), words()
    shown = {
        "title": catalogue.sections["changes"],
        "lead": f"{since.lead} {' '.join(since.sentences)} {since.run}" if since else "",
        "notices": list(since.notices) if since else [],
        "lists": [_change_list(each) for each in since.lists] if since else [],
        "trend": [trend.title, list(trend.heads), [[term, *cells] for term, cells in trend.rows]] if trend else [],
        "trend_notes": [*trend.notes, trend.note] if trend else [],
    }
    return {"changes": shown if since or trend else None}


def _change_list(found: ChangeList) -> Json:
    more = change_words().since["more"].format(n=found.more) if found.more else ""
    groups = [[each.kind, each.head, each.title, each.text, each.where] for each in found.groups]
    return {"title": found.title, "groups": groups, "more": more}
