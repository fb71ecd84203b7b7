"""The words of the report over many sites: in goes ``reports/estate.yaml``, out comes their catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from camaudit.language import catalogue
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class EstateWords:
    """The catalogue of one language; each group maps a key of the code to what the reader sees."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/estate-words@1"]
    language: str
    title: str
    answer: dict[str, str]
    judged: str
    open: str
    missing: str
    money: str
    sections: dict[str, str]
    gaps: dict[str, str]
    more_names: str
    since: str
    worst: str
    too_many: str
    unpriced_note: str
    terms: dict[str, str]
    budget: dict[str, str]
    columns: dict[str, str]
    states: dict[str, str]
    foot: str


def estate_words() -> EstateWords:
    """Return the catalogue of the language that is spoken."""
    return catalogue("estate", EstateWords)
