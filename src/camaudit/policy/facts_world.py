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
        question="Is the site run by a UK central government department or one of its agencies?",
        why="The ministerial statements of 2022 and 2024 speak to central departments and to nobody else.",
        jurisdiction="GB",
        kinds=_CENTRAL,
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
        kinds=_CENTRAL,
        needs="central_government",
    ),
    SiteFact(
        name="core_network",
        question="Is the network that was scanned, or a part of it, a core network of the department?",
        why="Such equipment was to stay off departmental core networks; give their ranges in core_networks.",
        jurisdiction="GB",
        kinds=_CENTRAL,
        needs="sensitive_site",
    ),
    SiteFact(
        name="au_commonwealth_entity",
        question="Is the site run by a non-corporate Commonwealth entity of Australia?",
        why="The PSPF Directions of 2024 bind these entities.",
        jurisdiction="AU",
        kinds=("government", "police", "health", "other"),
    ),
    SiteFact(
        name="au_ownership_risk_assessed",
        question=(
            "Is there a written assessment of foreign ownership, control or influence for these cameras and for "
            "the contracts that keep them running?"
        ),
        why="PSPF Direction 001-2024 asks for that assessment; it takes no camera down by itself.",
        jurisdiction="AU",
        kinds=("government", "police", "health", "other"),
        needs="au_commonwealth_entity",
    ),
    SiteFact(
        name="au_defence_estate",
        question="Does the site belong to the estate of the Australian Department of Defence?",
        why="Defence said in 2023 that it clears its own estate of two makers.",
        jurisdiction="AU",
        kinds=("government", "other"),
        needs="au_commonwealth_entity",
    ),
    SiteFact(
        name="ca_federal_body",
        question="Is the site run by a Canadian federal department or agency, or by a Crown corporation?",
        why="The prohibition announced in 2025 speaks to these and to nobody else.",
        jurisdiction="CA",
        kinds=_STATE,
    ),
    SiteFact(
        name="qc_public_body",
        question="Is the organisation a public body of Quebec?",
        why="The direction of December 2023 binds public bodies of Quebec.",
        jurisdiction="CA-QC",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="qc_bought_since_direction",
        question="Did the organisation buy these cameras or recorders after 2023-12-22?",
        why="Since that day public bodies of Quebec are not to buy more Hikvision equipment.",
        jurisdiction="CA-QC",
        kinds=_PUBLIC,
        needs="qc_public_body",
    ),
    SiteFact(
        name="qc_risk_assessed",
        question="Is there a written risk assessment of these cameras?",
        why="The direction asks public bodies of Quebec to assess the Hikvision equipment that they have.",
        jurisdiction="CA-QC",
        kinds=_PUBLIC,
        needs="qc_public_body",
    ),
    SiteFact(
        name="tw_public_body",
        question="Is the organisation a government agency of Taiwan at any level, or a public school there?",
        why="The Executive Yuan's restriction binds these.",
        jurisdiction="TW",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="tw_exception_approved",
        question=(
            "Is there an approved exception for these cameras: no alternative, with the consent of the chief "
            "information security officer, the superior body and the Ministry of Digital Affairs?"
        ),
        why="An approved exception with controls is the one way in which such equipment may stay.",
        jurisdiction="TW",
        kinds=_PUBLIC,
        needs="tw_public_body",
    ),
    SiteFact(
        name="cz_regulated_entity",
        question="Is the organisation regulated under the Czech Cyber Security Act?",
        why="Regulated entities have to weigh the warning of September 2025 in their risk analysis.",
        jurisdiction="CZ",
    ),
    SiteFact(
        name="eu_nis2_entity",
        question="Is the organisation an essential or important entity under its country's NIS2 law?",
        why="NIS2 asks such entities to manage the risks of their devices and suppliers, whatever the make.",
        jurisdiction="EU",
    ),
)
