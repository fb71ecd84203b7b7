"""The words of the rulebook: in goes ``reports/rulebook.yaml``, out comes their catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from camaudit.language import catalogue
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class RulebookWords:
    """The catalogue of one language; each group maps a key of the code to what the reader sees."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/rulebook@1"]
    language: str
    page: dict[str, str | tuple[str, ...]]
    status: dict[str, str]
    effect: dict[str, str]
    rule: dict[str, str]
    remedy: dict[str, str]
    condition: dict[str, str]
    makers: dict[str, str]
    instrument: dict[str, str]
    force: dict[str, str]
    restricts: dict[str, str]
    role: dict[str, str]
    places: dict[str, str]
    values: dict[str, str]


def rulebook_words() -> RulebookWords:
    """Return the catalogue of the language that is spoken."""
    return catalogue("rulebook", RulebookWords)
