"""What camaudit says to the operator: in goes ``reports/phrases.yaml``, out comes its catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from camaudit.language import catalogue
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class FactPhrase:
    """The question for one fact of a site, and why it matters."""

    __pydantic_config__ = STRICT
    question: str
    why: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """The catalogue of one language; each group maps a key of the code to a sentence with its holes."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/phrases@1"]
    places: dict[str, str]
    init: dict[str, str]
    answers: dict[str, tuple[str, ...]]
    explain: dict[str, str]
    attestations: dict[str, str]
    plan: dict[str, str]
    specification: dict[str, str]
    gaps: dict[str, str]
    ages: dict[str, str]
    sightings: dict[str, str]
    decisions: dict[str, str]
    questions: dict[str, str]
    answering: dict[str, str]
    progress: dict[str, str]
    facts: dict[str, FactPhrase]
    about_site: dict[str, str]
    site_kinds: dict[str, str]


def phrases() -> Phrases:
    """Return the catalogue of the language that is spoken."""
    return catalogue("phrases", Phrases)
