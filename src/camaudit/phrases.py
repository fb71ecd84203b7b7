"""What camaudit says to the operator: in goes ``reports/phrases.yaml``, out comes its catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from camaudit.resources import data_folder
from camaudit.yamlio import STRICT, load


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


@cache
def phrases() -> Phrases:
    """Return the catalogue, read once."""
    return load(data_folder("reports") / "phrases.yaml", Phrases)
