"""The words of ``camaudit diff``: in goes ``reports/changes.yaml``, out comes their catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from camaudit.language import catalogue
from camaudit.yamlio import STRICT


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """The catalogue of one language; each group maps a key of the code to what the reader sees."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/changes@1"]
    language: str
    head: dict[str, str]
    notices: dict[str, str]
    what: dict[str, str]
    by: dict[str, str]
    whereabouts: dict[str, str]
    replaced: str
    apart: dict[str, str]
    was: str
    back: str
    again: str
    facts: dict[str, str]
    change: str
    unread: str
    unstated: str
    no_finding: str
    verdict: str
    why: dict[str, str]
    how: dict[str, str]
    since: dict[str, str]
    trend: dict[str, str]


def change_words() -> ChangeWords:
    """Return the catalogue of the language that is spoken."""
    return catalogue("changes", ChangeWords)
