"""The traps of this field of law that concern whole packs and records, each by what people get wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from camaudit.model import Device, Finding, Site, Verdict
from camaudit.policy.left_out import left_out
from camaudit.policy.load import Policies
from camaudit.policy.schema import Effect

Judge = Callable[..., tuple[Finding, ...]]
Unit = Callable[..., Device]


def citing(policies: Policies, *names: str) -> list[Effect]:
    """Return the effects of the rules that cite one of these instruments."""
    rules = [rule.form for pack in policies.packs for rule in pack.rules]
    return [form.effect for form in rules if set(names) & {*form.cites, *form.serves}]


def verdicts(findings: tuple[Finding, ...]) -> set[Verdict]:
    return {finding.verdict for finding in findings}


def test_us_did_not_forbid_the_cameras_in_2022(judge: Judge, unit: Unit) -> None:
    (found,) = judge(unit("hikvision"), Site("Shop", "US", "company"), "us-market-fcc")
    assert found.verdict is Verdict.COMPLIANT
    assert "may go on being used" in found.reason
    assert {"doc-002", "doc-004"} <= {note.document for c in found.citations for note in c.documents}


def test_uk_statement_is_an_instruction_inside_government(judge: Judge, unit: Unit, policies: Policies) -> None:
    site = Site("HQ", "GB-ENG", "government", {"central_government": True, "sensitive_site": True})
    found = [f for f in judge(unit("dahua"), site, "uk-central-sensitive-site") if f.verdict is Verdict.VIOLATION]
    assert found
    assert all("an instruction inside government, not legislation" in f.reason for f in found)
    assert policies.register.instruments["uk-wms-2022-11-24"].force == "binding_on_government"
    assert not policies.register.instruments["uk-wms-2022-11-24"].named


def test_what_counts_as_an_affiliate_differs(judge: Judge, unit: Unit) -> None:
    # Section 889 says "subsidiary or affiliate"; of Quebec's direction and Canada's rule the text was not seen.
    contractor = Site("Works", "US", "company", {"holds_us_federal_contracts": True})
    assert verdicts(judge(unit("ezviz"), contractor, "us-federal-contractor")) == {Verdict.VIOLATION}
    quebec = Site("Q", "CA-QC", "council", {"qc_public_body": True, "qc_bought_since_direction": True})
    (bought,) = [
        f for f in judge(unit("ezviz"), quebec, "ca-quebec-public") if f.rule == "hikvision-bought-since-direction"
    ]
    assert bought.verdict is Verdict.REVIEW


def test_far_numbers_old_and_new_are_both_given(judge: Judge, unit: Unit) -> None:
    site = Site("Works", "US", "company", {"holds_us_federal_contracts": True})
    (found,) = judge(unit("hikvision"), site, "us-federal-contractor")
    assert "52.204-25" in found.reason
    assert "52.240-91" in found.reason


@pytest.mark.parametrize("maker", ["uniview", "tp-link", "hikvision"])
def test_texas_list_is_wider_than_section_889_and_has_to_be_looked_at_again(
    judge: Judge, unit: Unit, maker: str
) -> None:
    site = Site("T", "US-TX", "university", {"tx_state_body": True, "tx_exception_approved": False})
    assert Verdict.REVIEW in verdicts(judge(unit(maker), site, "us-state-tx"))


@pytest.mark.parametrize("place", ["US-SD", "US-ID"])
def test_south_dakota_and_idaho_look_at_the_contractor(
    judge: Judge, unit: Unit, policies: Policies, place: str
) -> None:
    site = Site("S", place, "council")
    assert Verdict.VIOLATION not in verdicts(judge(unit("hikvision"), site))
    assert citing(policies, "us-sd-sb189-id-hb294") == []
    record = policies.register.instruments["us-sd-sb189-id-hb294"]
    assert "who the contractor is" in record.reach
    (told,) = left_out(site, policies.packs, policies.register)
    assert "For a camera that already hangs there: Nothing." in told


def test_list_of_sponsors_of_war_is_closed(judge: Judge, unit: Unit, policies: Policies) -> None:
    assert policies.register.instruments["ua-nacp-sponsors"].role == "context"
    assert "withdrawn" in policies.register.instruments["ua-nacp-sponsors"].status.lower()
    said = [f.reason for f in judge(unit("dahua"), Site("S"), "context-human-rights") if "Ukrainian" in f.reason]
    assert said
    assert all("was closed in March 2024" in reason for reason in said)


def test_nobody_is_said_to_be_on_the_forced_labour_list(judge: Judge, unit: Unit, policies: Policies) -> None:
    assert not {"hikvision", "dahua"} & set(policies.register.instruments["us-uflpa"].named)
    (said,) = [
        f for f in judge(unit("hikvision"), Site("S"), "context-human-rights") if "forced labour" in f.reason
    ]
    assert "No source shows Hikvision or Dahua" in said.reason


def test_the_union_has_no_rule_against_a_make(judge: Judge, unit: Unit, policies: Policies) -> None:
    # The Parliament cleared its own premises; the Cybersecurity Act of 2026 is a proposal.
    assert set(citing(policies, "eu-csa2-proposal", "eu-parliament-2021")) <= {Effect.INFORMS}
    assert policies.register.instruments["eu-csa2-proposal"].force == "proposal"
    for maker in ("hikvision", "dahua", "huawei"):
        found = judge(unit(maker), Site("S", "DE", "government"), "eu-baseline")
        assert Verdict.VIOLATION not in verdicts(found)
        assert any("A proposal of 2026 that could name suppliers is not law" in f.reason for f in found)


def test_duties_of_sellers_are_never_held_against_an_owner(policies: Policies) -> None:
    sellers = ("uk-psti-2022", "eu-cra-2024-2847", "eu-red-2022-30")
    assert all(policies.register.instruments[name].role != "rule" for name in sellers)
    assert set(citing(policies, *sellers)) <= {Effect.INFORMS}


@pytest.mark.parametrize(
    ("place", "kind", "cited"),
    [
        ("GB-ENG", "council", True),
        ("GB-WLS", "police", True),
        ("GB-SCT", "council", False),
        ("GB-NIR", "police", False),
        ("GB-ENG", "company", False),
        ("GB-ENG", "health", False),
    ],
)
def test_camera_code_is_cited_for_those_it_binds_alone(
    judge: Judge, unit: Unit, place: str, kind: str, cited: bool
) -> None:
    found = judge(unit("hikvision"), Site("S", place, kind), "uk-public-body-baseline", "hygiene")
    assert ("uk-surveillance-camera-code" in {c.instrument for f in found for c in f.citations}) is cited
    assert Verdict.VIOLATION not in verdicts(found)


def test_english_school_standards_are_not_held_against_a_welsh_school(judge: Judge, unit: Unit) -> None:
    for place, cited in (("GB-ENG", True), ("GB-WLS", False), ("GB-SCT", False)):
        found = judge(unit("hikvision"), Site("S", place, "school"), "uk-school")
        assert ("uk-dfe-digital-standards" in {c.instrument for f in found for c in f.citations}) is cited


def test_australian_defence_asks_and_never_convicts(judge: Judge, unit: Unit, policies: Policies) -> None:
    # Only what ministers said was seen, not the order.
    site = Site("Base", "AU", "government", {"au_commonwealth_entity": True, "au_defence_estate": True})
    found = judge(unit("hikvision"), site, "au-commonwealth")
    assert Verdict.VIOLATION not in verdicts(found)
    (estate,) = [f for f in found if f.rule == "defence-estate"]
    assert "Report it" in estate.question
    assert policies.register.instruments["au-defence-2023"].role == "context"


def test_every_restriction_of_the_documents_can_reach_a_report(policies: Policies) -> None:
    cited = {name for pack in policies.packs for rule in pack.rules for name in rule.form.cites}
    stated = [s for document in policies.documents for s in document.statements if s.kind == "restriction"]
    assert len(stated) == 14
    for statement in stated:
        if statement.verdict == "no_content":
            assert not statement.instruments
            continue
        # Each stands beside an instrument that some pack cites, and the instrument shows it with its correction.
        linked = cited & set(statement.instruments)
        assert linked, statement.id
        for name in linked:
            notes = policies.register.cite(name).documents
            assert (statement.states, statement.correction) in [(n.states, n.correction) for n in notes]
