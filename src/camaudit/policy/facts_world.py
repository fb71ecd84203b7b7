"""The facts that rules outside the United States ask for, each with its question.

In goes nothing, out come words.
"""

from __future__ import annotations

from camaudit.policy.sitefact import SiteFact

_CENTRAL = ("government", "other")
_STATE = ("government", "police", "health", "company", "other")
_PUBLIC = ("school", "university", "council", "police", "health", "government", "other")

WORLD_FACTS = (
    SiteFact(
        name="central_government",
        jurisdiction="GB",
        kinds=_CENTRAL,
    ),
    SiteFact(
        name="sensitive_site",
        jurisdiction="GB",
        kinds=_CENTRAL,
        needs="central_government",
    ),
    SiteFact(
        name="core_network",
        jurisdiction="GB",
        kinds=_CENTRAL,
        needs="sensitive_site",
    ),
    SiteFact(
        name="au_commonwealth_entity",
        jurisdiction="AU",
        kinds=("government", "police", "health", "other"),
    ),
    SiteFact(
        name="au_ownership_risk_assessed",
        jurisdiction="AU",
        kinds=("government", "police", "health", "other"),
        needs="au_commonwealth_entity",
    ),
    SiteFact(
        name="au_defence_estate",
        jurisdiction="AU",
        kinds=("government", "other"),
        needs="au_commonwealth_entity",
    ),
    SiteFact(
        name="ca_federal_body",
        jurisdiction="CA",
        kinds=_STATE,
    ),
    SiteFact(
        name="qc_public_body",
        jurisdiction="CA-QC",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="qc_bought_since_direction",
        jurisdiction="CA-QC",
        kinds=_PUBLIC,
        needs="qc_public_body",
    ),
    SiteFact(
        name="qc_risk_assessed",
        jurisdiction="CA-QC",
        kinds=_PUBLIC,
        needs="qc_public_body",
    ),
    SiteFact(
        name="tw_public_body",
        jurisdiction="TW",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="tw_exception_approved",
        jurisdiction="TW",
        kinds=_PUBLIC,
        needs="tw_public_body",
    ),
    SiteFact(
        name="cz_regulated_entity",
        jurisdiction="CZ",
    ),
    SiteFact(
        name="eu_nis2_entity",
        jurisdiction="EU",
    ),
)
