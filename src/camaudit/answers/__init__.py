"""Answers: in go what people answered, by hand, in a file or in the workbook, out comes the site file with it."""

from camaudit.answers.given import Given, completed, from_file, from_text
from camaudit.answers.settling import Asked, Settled, settle
from camaudit.answers.writing import Written, answer_site_file

__all__ = [
    "Asked",
    "Given",
    "Settled",
    "Written",
    "answer_site_file",
    "completed",
    "from_file",
    "from_text",
    "settle",
]
