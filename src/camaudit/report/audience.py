"""Whom a report is for: in go a ``Report`` and an audience, out comes the report as that reader gets it.

The facts stay the same; what is shown, and in which order, differs. Only ``public`` takes something away.
"""

from __future__ import annotations

from dataclasses import replace

from camaudit.model import Report
from camaudit.report.public import published
from camaudit.report.readers import AUDIT, FACILITIES, IT, PUBLIC

_EVERYTHING = (
    "answer",
    "nothing",
    "changes",
    "plan",
    "containment",
    "findings",
    "devices",
    "sections",
    "instruments",
    "questions",
    "register",
    "coverage",
    "waivers",
    "signs",
    "documents",
    "glossary",
    "knowledge",
    "background",
)
_SECTIONS = {
    # What, where, and how to contain it tonight.
    IT: (
        "answer",
        "nothing",
        "containment",
        "plan",
        "changes",
        "devices",
        "sections",
        "findings",
        "questions",
        "register",
        "coverage",
        "instruments",
        "signs",
        "knowledge",
    ),
    # Which unit, which wall, what it costs, in what order.
    FACILITIES: (
        *("answer", "nothing", "plan", "changes", "devices", "sections", "questions", "register", "glossary"),
    ),
    # Which instrument, which evidence.
    AUDIT: (
        "answer",
        "nothing",
        "changes",
        "findings",
        "instruments",
        "waivers",
        "devices",
        "sections",
        "signs",
        "coverage",
        "register",
        "questions",
        "plan",
        "documents",
        "glossary",
        "knowledge",
        "background",
    ),
    PUBLIC: (
        "answer",
        "nothing",
        "changes",
        "findings",
        "devices",
        "sections",
        "instruments",
        "plan",
        "coverage",
        "waivers",
        "documents",
        "glossary",
        "knowledge",
    ),
}


def for_audience(report: Report, audience: str) -> Report:
    """Return the report for an audience; an empty one leaves it whole."""
    return published(report) if audience == PUBLIC else replace(report, audience=audience)


def sections_of(audience: str) -> tuple[str, ...]:
    """Return the sections that a reader gets, in their order; those without content are left out by the format."""
    return _SECTIONS.get(audience, _EVERYTHING)
