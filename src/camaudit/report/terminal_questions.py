"""The questionnaire on the terminal: in goes a report, out come its open questions with their keys."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from camaudit.model import Report
from camaudit.report.asked import outcome_lines
from camaudit.report.styles import safe
from camaudit.report.summary import questions
from camaudit.report.words import words

_MAX_SENTENCE = 1200


def questions_listed(report: Report) -> RenderableType:
    """Return every open question: its key, why it is asked, how many findings wait, and what each answer gives."""
    catalogue = words()
    parts: list[RenderableType] = []
    for question in questions(report):
        waits = catalogue.counted(catalogue.answers, "waits", question.reviews)
        parts.append(Padding(safe(question.text, _MAX_SENTENCE), (1, 0, 0, 0)))
        head = safe(question.key)
        head.stylize("bold")
        parts.append(Padding(Text.assemble(head, f"  {waits}"), (0, 0, 0, 2)))
        if question.why:
            parts.append(Padding(safe(question.why, _MAX_SENTENCE), (0, 0, 0, 2)))
        parts += [
            Padding(safe(line, _MAX_SENTENCE), (0, 0, 0, 4)) for line in outcome_lines(question, report.names)
        ]
    return Group(*parts)
