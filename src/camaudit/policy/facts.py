"""The closed lists of what a site file may say: kinds of organisation and named facts, each with its question.

In goes nothing, out come words. Packs may ask for these and nothing else, so that ``camaudit init`` can ask for
every one of them in plain words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SiteFact:
    """One yes-or-no fact that the operator alone can know."""

    name: str
    question: str
    why: str
    jurisdiction: str = ""
    """Where it matters by default; empty means everywhere."""
    kinds: tuple[str, ...] = ()
    """The kinds of organisation it can be true of; for every other kind it is false. Empty means all."""
    needs: str = ""
    """The fact without which this one settles nothing."""


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

_FACTS = (
    SiteFact(
        name="holds_us_federal_contracts",
        question="Does the organisation hold, or bid for, a contract with the US federal government?",
        why="Section 889(a)(1)(B) is about what a federal contractor uses anywhere in its own business.",
        jurisdiction="US",
    ),
    SiteFact(
        name="spends_us_federal_awards",
        question="Does the organisation spend US federal grants or loans, directly or passed on by somebody else?",
        why="2 CFR 200.216 is about what award money pays for; it binds recipients and subrecipients.",
        jurisdiction="US",
    ),
    SiteFact(
        name="award_money_pays_for_cameras",
        question=(
            "Did US federal award money that was obligated or spent on or after 2020-08-13 buy these cameras, or "
            "does award money pay today for their renewal, support, storage or cloud service?"
        ),
        why="A camera bought and kept with other money is outside the grant rule, whoever made it.",
        jurisdiction="US",
        needs="spends_us_federal_awards",
    ),
    SiteFact(
        name="central_government",
        question="Is the site run by a UK central government department or one of its agencies?",
        why="The ministerial statements of 2022 and 2024 speak to central departments and to nobody else.",
        jurisdiction="GB",
        kinds=("government", "other"),
    ),
    SiteFact(
        name="sensitive_site",
        question=(
            "Has the department classed this as a sensitive site: one that regularly holds SECRET or above, "
            "houses many officials with Developed Vetting, is regularly used by ministers, or is a government "
            "location designated under the Serious Organised Crime and Police Act 2005?"
        ),
        why="The statements ask for removal on sensitive sites only; the list of sites is not published.",
        jurisdiction="GB",
        kinds=("government", "other"),
        needs="central_government",
    ),
    SiteFact(
        name="core_network",
        question="Is the network that was scanned, or a part of it, a core network of the department?",
        why="Such equipment was to stay off departmental core networks; give their ranges in core_networks.",
        jurisdiction="GB",
        kinds=("government", "other"),
        needs="sensitive_site",
    ),
)

FACTS: Mapping[str, SiteFact] = {fact.name: fact for fact in _FACTS}

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
