"""The shipped packs: their own examples, what they cite, and the traps of this field of law."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from camaudit.model import Certainty, Device, DeviceState, Finding, Severity, Site, Verdict
from camaudit.policy.choose import applicable_packs
from camaudit.policy.load import Policies
from camaudit.policy.schema import Effect
from camaudit.policy.verify import stale, verify
from camaudit.resources import data_folder, data_root
from camaudit.signatures.schema import Entity

TODAY = date(2026, 11, 22)
FORBID_USE = {
    "us-federal-contractor",
    "us-state-tx",
    "uk-central-sensitive-site",
    "ca-federal",
    "tw-public-body",
    "own-phase-out",
}
FOLDERS = (data_folder("policies"), data_root() / "examples" / "own-policy")
TO_RECHECK = {"us-state-tx", "ca-federal"}
"""Packs whose instruments somebody has to look at again: they come to a review at most."""

SENSITIVE = Site("HQ", "GB-ENG", "government", {"central_government": True, "sensitive_site": True})
CONTRACTOR = Site("Works", "US", "company", {"holds_us_federal_contracts": True})
Judge = Callable[..., tuple[Finding, ...]]
Unit = Callable[..., Device]


def only(findings: tuple[Finding, ...], rule: str) -> Finding:
    return next(finding for finding in findings if finding.rule == rule)


def test_every_example_of_every_pack_comes_out_as_it_says(policies: Policies, entities: dict[str, Entity]) -> None:
    assert verify(policies, entities) == ()


def test_register_is_whole(policies: Policies) -> None:
    instruments = policies.register.instruments
    assert len([i for i in instruments.values() if i.force != "own_decision"]) == 57
    assert all(i.binds and i.asks and i.installed_camera and i.reach for i in instruments.values())
    statements = [s for document in policies.documents for s in document.statements]
    assert len(policies.documents) == 5
    assert {s.id for s in statements if s.kind == "restriction"} == {f"R{n}" for n in range(1, 15)}
    assert {f"A{n}" for n in range(1, 33)} == {s.id for s in statements if s.kind != "restriction"}


def test_instruments_are_fresh_until_a_year_has_passed(policies: Policies) -> None:
    assert stale(FOLDERS, TODAY) == ()
    told = stale(FOLDERS, date(2027, 12, 24))
    assert len(told) == len(policies.register.instruments)
    assert all(re.search(r"\.yaml:[0-9]+: .*checked: .* was last checked on 2026-11-", line) for line in told)


def test_a_record_that_no_pack_cites_grows_stale_too(folder: Path) -> None:
    register = folder / "instruments.yaml"
    record = register.read_text().partition("instruments:\n")[2]
    register.write_text(register.read_text() + record.replace("id: act", "id: old"))
    lines = register.read_text().splitlines()
    told = stale([folder], date(2027, 11, 23))
    for line, name in zip(told, ("act", "old"), strict=True):
        number = int(line.split(":")[1])
        assert "checked: 2026-11-22" in lines[number - 1]
        assert f"{name} was last checked" in line


def test_only_restrictions_stand_beside_a_citation_and_each_has_its_correction(policies: Policies) -> None:
    stated = {s.states for d in policies.documents for s in d.statements if s.kind != "restriction"}
    for name in policies.register.instruments:
        for note in policies.register.cite(name).documents:
            assert note.states not in stated
            assert note.correction


def test_what_documents_get_wrong_is_printed_beside_the_instrument(policies: Policies) -> None:
    notes = policies.register.cite("uk-wms-2022-11-24").documents
    assert {note.document for note in notes} == {"doc-002", "doc-004"}
    regions = next(note for note in notes if "sensitive regions" in note.states)
    assert "sensitive sites of government, not regions" in regions.correction


def test_only_packs_whose_law_is_about_use_speak_of_removal(policies: Policies) -> None:
    words = re.compile(r"\b(ban|bans|banned|remove|removed|removal|replace|replaced)\b", re.IGNORECASE)
    for pack in policies.packs:
        for rule in pack.rules:
            form = rule.form
            said = [form.title, form.question, *form.questions.values(), form.reason.violation, form.reason.review]
            said += [form.reason.compliant, form.reason.uncertain, form.reason.not_applicable]
            cited = [policies.register.instruments[name] for name in form.cites]
            if pack.id not in FORBID_USE:
                assert not words.search(" ".join((*said, *(c.asks for c in cited if c.role == "advisory"))))
                assert form.remedy not in ("replace", "isolate")


def test_rules_that_may_convict_can_carry_it(policies: Policies) -> None:
    for pack in policies.packs:
        for rule in pack.rules:
            if rule.form.effect is Effect.RESTRICTS and pack.id not in TO_RECHECK:
                assert any(policies.register.instruments[name].carries_a_violation for name in rule.form.cites)


def test_contractor_is_told_purpose_limb_and_reporting_duty(judge: Judge, unit: Unit) -> None:
    finding = only(judge(unit("hikvision"), CONTRACTOR, "us-federal-contractor"), "covered-unit-in-use")
    assert finding.verdict is Verdict.VIOLATION
    assert "Purpose limb" in finding.reason
    assert "1 business day" in finding.reason
    assert "10 business days" in finding.reason
    assert "52.240-91" in finding.reason
    assert finding.citations[0].binds


def test_suspicion_at_a_contractor_reminds_of_the_reporting_duty(judge: Judge, unit: Unit) -> None:
    suspect = unit("dahua", Certainty.POSSIBLE)
    finding = only(judge(suspect, CONTRACTOR, "us-federal-contractor"), "covered-unit-in-use")
    assert finding.verdict is Verdict.REVIEW
    assert "1 business day" in finding.reason


@pytest.mark.parametrize("kind", ["school", "council", "health", "police", "university", "company"])
def test_no_uk_body_outside_central_government_breaks_a_rule_by_make(judge: Judge, unit: Unit, kind: str) -> None:
    for site in (Site("Here", "GB-ENG", kind), Site("Here", "GB-ENG", kind, {"sensitive_site": True})):
        findings = judge(unit("hikvision"), site)
        assert {f.verdict for f in findings if f.policy.startswith("uk-")} <= {
            Verdict.COMPLIANT,
            Verdict.NOT_APPLICABLE,
        }


def test_school_is_told_why_the_make_breaks_no_rule(judge: Judge, unit: Unit) -> None:
    finding = only(judge(unit("hikvision"), Site("S", "GB-ENG", "school"), "uk-school"), "make-breaks-no-rule")
    assert (finding.verdict, finding.severity) == (Verdict.COMPLIANT, Severity.INFO)
    assert "breaks no rule for a school" in finding.reason
    assert {c.instrument for c in finding.citations} == {
        "uk-wider-public-sector-position",
        "uk-dfe-digital-standards",
    }


@pytest.mark.parametrize("maker", ["hikvision", "dahua", "uniview", "tiandy", "tvt", "xiongmai", "ezviz", "imou"])
def test_sensitive_site_looks_beyond_two_makers(judge: Judge, unit: Unit, maker: str) -> None:
    findings = judge(unit(maker), SENSITIVE, "uk-central-sensitive-site")
    finding = only(findings, "prc-produced-unit-on-sensitive-site")
    assert finding.verdict is Verdict.VIOLATION
    assert finding.due == date(2025, 4, 30)
    assert [c.recheck for c in finding.citations if c.instrument == "uk-wms-2024-04"] == [True]


@pytest.mark.parametrize("maker", ["tp-link", "reolink", "pyronix"])
def test_disputed_seat_is_a_review(judge: Judge, unit: Unit, maker: str) -> None:
    finding = only(judge(unit(maker), SENSITIVE), "prc-produced-unit-on-sensitive-site")
    assert finding.verdict is Verdict.REVIEW
    assert "National Intelligence Law" in finding.question


def test_statement_has_no_deadline_before_it_was_due(judge: Judge, unit: Unit) -> None:
    findings = judge(unit("hikvision"), SENSITIVE, "uk-central-sensitive-site", today=date(2025, 4, 30))
    assert only(findings, "prc-produced-unit-on-sensitive-site").verdict is Verdict.NOT_APPLICABLE


def test_a_label_proves_nothing(judge: Judge, unit: Unit) -> None:
    sold_as_lts = unit("axis", brand="lts", brand_name="LTS")
    made_by_hikvision = unit("hikvision", brand="lts", brand_name="LTS")
    verdicts = [
        only(judge(each, CONTRACTOR, "us-federal-contractor"), "covered-unit-in-use").verdict
        for each in (sold_as_lts, made_by_hikvision)
    ]
    assert verdicts == [Verdict.COMPLIANT, Verdict.VIOLATION]


def test_a_company_that_was_sold_is_a_review(judge: Judge, unit: Unit) -> None:
    finding = only(judge(unit("luminys"), CONTRACTOR, "us-federal-contractor"), "covered-unit-in-use")
    assert finding.verdict is Verdict.REVIEW


def test_a_private_home_in_the_us_breaks_nothing(judge: Judge, unit: Unit, policies: Policies) -> None:
    home = Site(
        "Home",
        "US",
        "home",
        {
            "holds_us_federal_contracts": False,
            "spends_us_federal_awards": False,
            "spends_universal_service_support": False,
        },
    )
    packs = applicable_packs(home, policies.packs)
    assert [pack.id for pack in packs] == ["hygiene", "us-market-fcc", "own-phase-out"]
    finding = only(judge(unit("dahua"), home, "us-market-fcc"), "use-stays-lawful")
    assert finding.verdict is Verdict.COMPLIANT
    assert any(note.document == "doc-002" for c in finding.citations for note in c.documents)


def test_department_outside_sensitive_sites_is_asked_for_its_decision(judge: Judge, unit: Unit) -> None:
    site = Site("Depot", "GB-ENG", "government", {"central_government": True, "sensitive_site": False})
    findings = judge(unit("hikvision"), site, "uk-public-body-baseline")
    assert only(findings, "department-may-extend").verdict is Verdict.REVIEW
    assert "make-breaks-no-rule" not in {f.rule for f in findings}


def test_hygiene_is_asked_for_only_where_the_unit_said_so(judge: Judge, unit: Unit) -> None:
    site = Site("Hall", "GB-ENG", "council")
    silent = judge(unit("axis"), site, "uk-public-body-baseline")
    told = judge(
        unit("axis", state=DeviceState(activated=False, cloud="enabled")), site, "uk-public-body-baseline"
    )
    assert {f.rule for f in silent} == {"make-breaks-no-rule"}
    assert {f.rule for f in told if f.verdict is Verdict.REVIEW} == {"unit-not-activated", "vendor-cloud-on"}


def test_own_decision_is_named_as_one(judge: Judge, unit: Unit) -> None:
    finding = judge(unit("dahua", first_seen=date(2026, 11, 1)), Site("S"), "own-phase-out")[0]
    assert finding.verdict is Verdict.VIOLATION
    assert finding.due == date(2027, 11, 1)
    assert "own decision" in finding.reason
    assert "own decision" in finding.citations[0].title.lower()


def test_a_disputed_maker_is_not_called_subject_to_that_law(judge: Judge, unit: Unit) -> None:
    site = Site("HQ", "GB-ENG", "government", {"central_government": True})
    finding = only(judge(unit("tp-link"), site), "prc-produced-unit-on-sensitive-site")
    assert finding.verdict is Verdict.REVIEW
    assert "sensitive site" in finding.question
    assert "on its face" not in finding.reason
    assert "disputed" in finding.reason


def test_what_is_not_known_of_a_site_is_asked_one_thing_at_a_time(judge: Judge, unit: Unit) -> None:
    rule = "award-money-pays-for-covered-unit"
    asked = [
        only(judge(unit("hikvision"), Site("S", "US", "school", facts)), rule).question
        for facts in ({}, {"spends_us_federal_awards": True})
    ]
    assert "grants or loans" in asked[0]
    assert "award money" not in asked[0]
    assert "Did US federal award money buy" in asked[1]


def test_a_guess_is_never_told_as_the_maker(judge: Judge, unit: Unit) -> None:
    site = Site("S", "GB-ENG", "school")
    finding = only(judge(unit("dahua", Certainty.POSSIBLE), site, "uk-school"), "make-breaks-no-rule")
    assert "possibly Dahua" in finding.reason
    nobody = only(judge(unit("dahua", Certainty.UNKNOWN), site, "uk-school"), "make-breaks-no-rule")
    assert "Dahua" not in nobody.reason
