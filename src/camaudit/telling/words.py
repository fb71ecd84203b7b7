"""The words of messages: in goes ``reports/telling.yaml``, out comes their catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from camaudit.language import catalogue
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class TellingWords:
    """The catalogue of one language; each group maps a key of the code to what the reader sees."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/telling@1"]
    language: str
    subject: dict[str, str]
    counts: dict[str, str]
    counts_one: dict[str, str]
    counts_none: dict[str, str]
    heads: dict[str, str]
    meanings: dict[str, str]
    coverage: dict[str, str]
    text: dict[str, str]


def telling_words() -> TellingWords:
    """Return the catalogue of the language that is spoken."""
    return catalogue("telling", TellingWords)
