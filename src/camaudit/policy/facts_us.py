"""The facts that rules of the United States and of its states ask for, each with its question.

In goes nothing, out come words.
"""

from __future__ import annotations

from camaudit.policy.sitefact import SiteFact

_PUBLIC = ("school", "university", "council", "police", "health", "government", "other")
_FEDERAL = ("government", "police", "health", "other")

US_FACTS = (
    SiteFact(
        name="holds_us_federal_contracts",
        jurisdiction="US",
    ),
    SiteFact(
        name="spends_us_federal_awards",
        jurisdiction="US",
    ),
    SiteFact(
        name="award_money_pays_for_cameras",
        jurisdiction="US",
        needs="spends_us_federal_awards",
    ),
    SiteFact(
        name="us_federal_agency",
        jurisdiction="US",
        kinds=_FEDERAL,
    ),
    SiteFact(
        name="us_agency_bought_or_renewed",
        jurisdiction="US",
        kinds=_FEDERAL,
        needs="us_federal_agency",
    ),
    SiteFact(
        name="spends_universal_service_support",
        jurisdiction="US",
        kinds=("school", "university", "council", "health", "government", "company", "charity", "other"),
    ),
    SiteFact(
        name="universal_service_pays_for_cameras",
        jurisdiction="US",
        kinds=("school", "university", "council", "health", "government", "company", "charity", "other"),
        needs="spends_universal_service_support",
    ),
    SiteFact(
        name="la_public_body",
        jurisdiction="US-LA",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="la_bought_without_affidavit",
        jurisdiction="US-LA",
        kinds=_PUBLIC,
        needs="la_public_body",
    ),
    SiteFact(
        name="tx_state_body",
        jurisdiction="US-TX",
        kinds=("university", "health", "police", "government", "other"),
    ),
    SiteFact(
        name="tx_exception_approved",
        jurisdiction="US-TX",
        kinds=("university", "health", "police", "government", "other"),
        needs="tx_state_body",
    ),
    SiteFact(
        name="ne_public_body",
        jurisdiction="US-NE",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="ne_state_body",
        jurisdiction="US-NE",
        kinds=(*_PUBLIC, "company", "charity"),
    ),
    SiteFact(
        name="ne_contracts_certified",
        jurisdiction="US-NE",
        kinds=_PUBLIC,
        needs="ne_public_body",
    ),
)
