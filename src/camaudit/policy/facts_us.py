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
        name="us_federal_agency",
        question="Is the site run by an executive department or agency of the US federal government?",
        why="Section 889(a)(1)(A) is about what federal executive agencies buy and renew, and about nobody else.",
        jurisdiction="US",
        kinds=_FEDERAL,
    ),
    SiteFact(
        name="us_agency_bought_or_renewed",
        question=(
            "On or after 2019-08-13, did the agency buy these cameras or recorders, or extend or renew a contract "
            "for them (maintenance, spares, storage, cloud service)?"
        ),
        why="The rule is about buying and renewing; a camera bought before and not renewed since is outside it.",
        jurisdiction="US",
        kinds=_FEDERAL,
        needs="us_federal_agency",
    ),
    SiteFact(
        name="spends_universal_service_support",
        question="Does the organisation get Universal Service support, such as E-rate or rural health care money?",
        why="47 CFR 54.9 and 54.10 are about what that support pays for.",
        jurisdiction="US",
        kinds=("school", "university", "council", "health", "government", "company", "charity", "other"),
    ),
    SiteFact(
        name="universal_service_pays_for_cameras",
        question="Does Universal Service money pay to buy, lease, maintain or improve these cameras?",
        why="Having the camera is no breach; that money may not keep it running.",
        jurisdiction="US",
        kinds=("school", "university", "council", "health", "government", "company", "charity", "other"),
        needs="spends_universal_service_support",
    ),
    SiteFact(
        name="la_public_body",
        question=(
            "Is the organisation a state agency, parish, city or other political subdivision of Louisiana, a "
            "public school or university there, or a private school that receives state money?"
        ),
        why="La. R.S. 39:1753.1 binds these and nobody else.",
        jurisdiction="US-LA",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="la_bought_without_affidavit",
        question=(
            "Was any of these cameras bought on or after 2021-01-01 without the supplier's affidavit that no "
            "covered company produced it?"
        ),
        why="The Louisiana rule is about purchases since 2021 and wants that affidavit for each of them.",
        jurisdiction="US-LA",
        kinds=_PUBLIC,
        needs="la_public_body",
    ),
    SiteFact(
        name="tx_state_body",
        question="Is the organisation a Texas state agency or a public university or college of Texas?",
        why="The Texas list binds these; nothing found makes its hardware list bind cities or school districts.",
        jurisdiction="US-TX",
        kinds=("university", "health", "police", "government", "other"),
    ),
    SiteFact(
        name="tx_exception_approved",
        question=(
            "Has the head of the agency or institution approved an exception for these cameras and reported it to "
            "the Department of Information Resources?"
        ),
        why="An approved exception is the one way in which listed equipment may stay on a Texas state network.",
        jurisdiction="US-TX",
        kinds=("university", "health", "police", "government", "other"),
        needs="tx_state_body",
    ),
    SiteFact(
        name="ne_public_body",
        question="Is the organisation a public body of Nebraska that spends state or local money?",
        why="The Foreign Adversary Contracting Prohibition Act is about the contracts of such bodies.",
        jurisdiction="US-NE",
        kinds=_PUBLIC,
    ),
    SiteFact(
        name="ne_state_body",
        question="Is the organisation a body of the state of Nebraska itself, or a contractor of the state?",
        why="The Governor's order of 2023 speaks to state bodies and their contractors.",
        jurisdiction="US-NE",
        kinds=(*_PUBLIC, "company", "charity"),
    ),
    SiteFact(
        name="ne_contracts_certified",
        question=(
            "For each contract since 2024-04-17 for these cameras (purchase, maintenance, cloud service): is the "
            "supplier's certification on file, or was there no such contract?"
        ),
        why="The Nebraska act is about contracts and their renewal, not about use.",
        jurisdiction="US-NE",
        kinds=_PUBLIC,
        needs="ne_public_body",
    ),
)
