"""How text looks in the terminal: in goes any text, out comes ``Text`` that rich never reads as markup."""

from __future__ import annotations

from rich.text import Text

from camaudit.report.safe import visible
from camaudit.report.summary import Standing

STYLES = {
    Standing.VIOLATION: "bold red",
    Standing.REVIEW: "yellow",
    Standing.WAIVED: "magenta",
    Standing.ADVICE: "cyan",
    Standing.COMPLIANT: "green",
    Standing.NOT_APPLICABLE: "dim",
    Standing.OTHER: "dim",
}
"""The colour of each headline verdict; the word stands beside it, so colour alone never tells."""


def safe(text: object, limit: int = 200) -> Text:
    """Return any text so that the terminal shows it and obeys nothing in it."""
    return Text(visible(str(text), limit))
