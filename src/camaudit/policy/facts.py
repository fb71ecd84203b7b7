"""The closed lists of what a site file may say: kinds of organisation and named facts, each with its question.

In goes nothing, out come words. Packs may ask for these and nothing else, so that ``camaudit init`` can ask for
every one of them in plain words.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.policy.facts_us import US_FACTS
from camaudit.policy.facts_world import WORLD_FACTS
from camaudit.policy.sitefact import SiteFact

__all__ = ["FACTS", "QUESTIONS", "SITE_KINDS", "SiteFact"]


SITE_KINDS: Mapping[str, str] = {
    "school": "a school or college",
    "university": "a university or other higher education body",
    "council": "a council, city, county or other local authority",
    "police": "a police force or other law enforcement body",
    "health": "a hospital, NHS body or other health service",
    "government": "a department or agency of a national, federal or state government",
    "company": "a business",
    "charity": "a charity or other nonprofit",
    "home": "a private home",
    "other": "something else",
}

FACTS: Mapping[str, SiteFact] = {fact.name: fact for fact in (*US_FACTS, *WORLD_FACTS)}

QUESTIONS: Mapping[str, str] = {
    "jurisdiction": "In which country is the site? Write jurisdiction in site.yaml (US, GB-ENG, AU ...).",
    "kind": f"What runs the site? Write kind in site.yaml ({', '.join(SITE_KINDS)}).",
    "core_networks": (
        "Which address ranges belong to the department's core network? "
        "Write them as core_networks, or the fact core_network: false, in site.yaml."
    ),
    **{
        name: f"{fact.question} Write {name}: true or false under facts in site.yaml."
        for name, fact in FACTS.items()
    },
}
"""For everything about a site that a rule can miss: the question that asks for exactly that."""
