"""The closed lists of what a site file may say: kinds of organisation and named facts, each with its question.

In goes nothing, out come words. Packs may ask for these and nothing else, so that ``camaudit init`` can ask for
every one of them in plain words.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.phrases import phrases
from camaudit.policy.facts_us import US_FACTS
from camaudit.policy.facts_world import WORLD_FACTS
from camaudit.policy.sitefact import SiteFact

__all__ = ["ASKABLE", "FACTS", "SITE_KINDS", "SiteFact", "kind_means", "question_about"]


SITE_KINDS = (
    "school",
    "university",
    "council",
    "police",
    "health",
    "government",
    "company",
    "charity",
    "home",
    "other",
)
"""Who may run a site; ``kind_means`` says what each is."""

FACTS: Mapping[str, SiteFact] = {fact.name: fact for fact in (*US_FACTS, *WORLD_FACTS)}

ASKABLE = ("jurisdiction", "kind", "core_networks", *FACTS)
"""Everything about a site that a rule can miss."""


def kind_means(kind: str) -> str:
    """Return what a kind of site is, in words."""
    return phrases().site_kinds[kind]


def question_about(name: str) -> str:
    """Return the question that asks for one thing about a site, and where to write the answer."""
    said = phrases().about_site
    if name in FACTS:
        return said["fact"].format(question=FACTS[name].question, name=name)
    return said[name].format(kinds=", ".join(SITE_KINDS))
