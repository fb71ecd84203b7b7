"""The sentences of the plan: in go a key of the catalogue and what fills its holes, out comes plain language."""

from __future__ import annotations

from collections.abc import Iterable

from camaudit.model import Finding
from camaudit.phrases import phrases

_MAX_RULES_NAMED = 3


def said(key: str, **names: str) -> str:
    """Fill one sentence. What is filled in is never read as a template."""
    return phrases().plan[key].format(**names)


def counted(key: str, number: int, **names: str) -> str:
    """Fill the sentence ``<key>_one`` or ``<key>_many``."""
    return phrases().plan[f"{key}_one" if number == 1 else f"{key}_many"].format(n=number, **names)


def titles(findings: Iterable[Finding]) -> str:
    """Return what the rules are called, the first few of them."""
    named = list(dict.fromkeys(f.title.rstrip(".") for f in findings))
    first = "; ".join(named[:_MAX_RULES_NAMED])
    rest = len(named) - _MAX_RULES_NAMED
    return said("more_titles", titles=first, n=str(rest)) if rest > 0 else first
