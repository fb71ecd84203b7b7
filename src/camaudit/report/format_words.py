"""The words of the workbook, the PDF and OSCAL: in goes ``reports/formats.yaml``, out comes their catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from camaudit.language import catalogue
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class ReadMe:
    """The first sheet: what the workbook is and how to fill it in."""

    __pydantic_config__ = STRICT
    title: str
    how: str
    steps: tuple[str, ...]
    counts: str
    cut: str


@dataclass(frozen=True, slots=True)
class FormatWords:
    """The catalogue of one language; each group maps a key of the code to what the reader sees."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/formats@1"]
    language: str
    sheets: dict[str, str]
    columns: dict[str, str]
    decisions: dict[str, str]
    statuses: dict[str, str]
    answers: dict[str, str]
    read: ReadMe
    checks: dict[str, str]
    figures: dict[str, str]
    pdf: dict[str, str]
    filled: dict[str, str]
    oscal: dict[str, str]
    tickets: dict[str, str]


def format_words() -> FormatWords:
    """Return the catalogue of the language that is spoken."""
    return catalogue("formats", FormatWords)
