"""The words of the reports: in goes ``reports/words.yaml``, out comes a catalogue that renderers speak from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from camaudit.language import catalogue
from camaudit.resources import data_folder
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it means."""

    __pydantic_config__ = STRICT
    term: str
    text: str


@dataclass(frozen=True, slots=True)
class Cause:
    """A reason why nothing was found, and what to do about it."""

    __pydantic_config__ = STRICT
    cause: str
    step: str


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue of one language; each group maps a key of the code to what the reader sees."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/words@1"]
    language: str
    months: tuple[str, ...]
    verdicts: dict[str, str]
    verdict_meanings: dict[str, str]
    findings: dict[str, str]
    finding: dict[str, str]
    todo: dict[str, str]
    severities: dict[str, str]
    certainties: dict[str, str]
    certainty_meanings: dict[str, str]
    relations: dict[str, str]
    kinds: dict[str, str]
    hosts: dict[str, str]
    probes: dict[str, str]
    channels: dict[str, str]
    claims: dict[str, str]
    states: dict[str, str]
    analytics: dict[str, str]
    exposed: dict[str, str]
    weak: dict[str, str]
    strengths: dict[str, str]
    bases: dict[str, str]
    actions: dict[str, str]
    sections: dict[str, str]
    knowledge: dict[str, str]
    headlines: dict[str, str]
    leads: dict[str, str]
    decisions: dict[str, str]
    charts: dict[str, str]
    columns: dict[str, str]
    labels: dict[str, str]
    causes: dict[str, Cause]
    background: dict[str, str]
    answers: dict[str, str]
    explain: dict[str, str]
    terminal: dict[str, str]
    placed: dict[str, str]
    costs: dict[str, str]
    progress: dict[str, str]
    audiences: dict[str, str]
    board: dict[str, str]
    containment: dict[str, str]
    glossary: tuple[Term, ...]

    def day(self, day: date | None) -> str:
        """Write a day out as people read it."""
        if day is None:
            return self.labels["no_date"]
        return f"{day.day} {self.months[day.month - 1]} {day.year}"

    def devices(self, number: int) -> str:
        """Count devices in words."""
        return self.counted(self.decisions, "devices", number)

    def counted(self, group: Mapping[str, str], key: str, number: int, **names: str) -> str:
        """Fill the sentence ``<key>_one`` or ``<key>_many`` of a group."""
        return group[f"{key}_one" if number == 1 else f"{key}_many"].format(n=number, **names)


def words(*, marked: bool = False) -> Words:
    """Return the catalogue of the language that is spoken; ``marked`` wraps what is still English."""
    return catalogue("words", Words, marked=marked)


@cache
def remedy(name: str) -> str:
    """Return the text of a remedy's page, empty where there is none."""
    page = data_folder("reports") / "remedies" / f"{name}.md"
    return page.read_text(encoding="utf-8") if name.isalpha() and page.is_file() else ""
