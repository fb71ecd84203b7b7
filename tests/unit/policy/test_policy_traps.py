"""The traps of this field of law, each by its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from camaudit.model import Certainty, Device, DeviceState, Finding, Site, Verdict, Vulnerability
from camaudit.policy.load import Policies
from camaudit.policy.words import ANALYTICS
from camaudit.report.words import words

Judge = Callable[..., tuple[Finding, ...]]
Unit = Callable[..., Device]
CONTRACTOR = Site("Works", "US", "company", {"holds_us_federal_contracts": True})


def verdicts(findings: tuple[Finding, ...]) -> set[Verdict]:
    return {finding.verdict for finding in findings}


def test_council_is_told_that_it_is_under_no_obligation(judge: Judge, unit: Unit) -> None:
    findings = judge(unit("hikvision"), Site("Hall", "GB-ENG", "council"), "uk-public-body-baseline")
    assert any("under no obligation" in finding.reason for finding in findings)
    assert Verdict.VIOLATION not in verdicts(findings)


def test_entity_list_and_its_like_never_judge_a_camera(judge: Judge, unit: Unit, policies: Policies) -> None:
    context = {"us-bis-entity-list", "us-ofac-ns-cmic", "us-uflpa", "no-gpfg-2020", "ua-nacp-sponsors"}
    for pack in policies.packs:
        for rule in pack.rules:
            if context & set(rule.form.cites):
                assert rule.form.effect == "informs"
    for finding in judge(unit("hikvision"), Site("S"), "context-human-rights"):
        assert finding.verdict is Verdict.COMPLIANT
        assert "not a restriction on buying or using cameras" in finding.reason


@pytest.mark.parametrize("day", [date(2023, 1, 1), date(2026, 11, 22)])
def test_lorex_after_the_sale_is_undecided(judge: Judge, unit: Unit, day: date) -> None:
    (finding,) = judge(unit("lorex"), CONTRACTOR, "us-federal-contractor", today=day)
    assert finding.verdict is Verdict.REVIEW


def test_lorex_before_the_sale_was_of_dahua_and_a_unit_dahua_made_still_is(judge: Judge, unit: Unit) -> None:
    before = judge(unit("lorex"), CONTRACTOR, "us-federal-contractor", today=date(2021, 6, 1))
    by_dahua = judge(unit("dahua", brand="lorex"), CONTRACTOR, "us-federal-contractor")
    assert verdicts(before) == verdicts(by_dahua) == {Verdict.VIOLATION}


@pytest.mark.parametrize(
    ("site", "pack"),
    [
        (CONTRACTOR, "us-federal-contractor"),
        (Site("A", "US", "government", {"us_federal_agency": True, "us_agency_bought_or_renewed": True}),
         "us-federal-agency"),
        (Site("T", "US-TX", "university", {"tx_state_body": True, "tx_exception_approved": False}), "us-state-tx"),
        (Site("L", "US-LA", "school", {"la_public_body": True, "la_bought_without_affidavit": True}),
         "us-state-la"),
    ],
)  # fmt: skip
def test_hisilicon_alone_is_a_review(judge: Judge, unit: Unit, site: Site, pack: str) -> None:
    found = verdicts(judge(unit("hisilicon"), site, pack))
    assert Verdict.REVIEW in found
    assert Verdict.VIOLATION not in found


def test_canada_does_not_reach_dahua_and_its_record_has_to_be_looked_at_again(judge: Judge, unit: Unit) -> None:
    site = Site("Office", "CA-ON", "government", {"ca_federal_body": True})
    assert verdicts(judge(unit("dahua"), site, "ca-federal")) == {Verdict.COMPLIANT}
    (found,) = judge(unit("hikvision"), site, "ca-federal")
    assert found.verdict is Verdict.REVIEW
    assert "not sure enough to call it a violation" in found.reason


@pytest.mark.parametrize("kind", ["council", "school"])
def test_texas_list_binds_no_city_and_no_school_district(judge: Judge, unit: Unit, kind: str) -> None:
    assert verdicts(judge(unit("hikvision"), Site("T", "US-TX", kind), "us-state-tx")) == {Verdict.NOT_APPLICABLE}


def test_grant_rule_is_about_money(judge: Judge, unit: Unit) -> None:
    facts = {"spends_us_federal_awards": True, "award_money_pays_for_cameras": False}
    found = judge(unit("hikvision"), Site("S", "US", "school", facts), "us-federal-grant-recipient")
    assert verdicts(found) == {Verdict.COMPLIANT}


@pytest.mark.parametrize("jurisdiction", ["FR", "IN", "NZ", "NO"])
def test_no_make_breaks_a_rule_where_none_names_it(judge: Judge, unit: Unit, jurisdiction: str) -> None:
    found = judge(unit("hikvision"), Site("S", jurisdiction, "council"))
    assert Verdict.VIOLATION not in verdicts(found)


def test_violation_says_by_which_line_of_the_site_file_it_binds(judge: Judge, unit: Unit) -> None:
    (found,) = judge(unit("hikvision"), CONTRACTOR, "us-federal-contractor")
    assert "site.yaml says holds_us_federal_contracts: true" in found.reason


def test_hygiene_is_advice_and_cites_the_law_of_the_place_alone(judge: Judge, unit: Unit) -> None:
    weak = Vulnerability("CVE-2021-36260", "t", "affected", date(2022, 1, 10))
    device = replace(unit("axis", Certainty.CONFIRMED), vulnerabilities=(weak,), exposed=("rtsp_open",))
    for place, kind, law in (("GB-ENG", "school", "uk-gdpr-ico-video"), ("US", "school", "")):
        found = judge(device, Site("S", place, kind), "hygiene")
        assert {f.rule for f in found} == {"known-exploited", "stream-open"}
        assert all(f.advice for f in found)
        assert verdicts(found) == {Verdict.REVIEW}
        cited = {c.instrument for f in found for c in f.citations}
        assert (cited - {"camaudit-good-practice"} != set()) is bool(law)
        assert not law or law in cited


@pytest.mark.parametrize("place", ["GB-ENG", "US", "FR"])
@pytest.mark.parametrize("kind", ["school", "council", "home", "government"])
def test_of_one_fact_nobody_reads_twice(judge: Judge, unit: Unit, place: str, kind: str) -> None:
    # Given a unit that was never set up and has its cloud on, at any site
    fresh = unit("axis", state=DeviceState(activated=False, cloud="enabled"))
    found = judge(fresh, Site("S", place, kind))
    # Then each of the two facts has exactly one finding, whichever pack says it
    for rule in ("unit-not-activated", "vendor-cloud-on"):
        assert len([f for f in found if f.rule == rule and f.verdict is Verdict.REVIEW]) == 1


def test_a_camera_on_a_core_network_is_told_by_the_law_where_one_speaks(judge: Judge, unit: Unit) -> None:
    facts = {"central_government": True, "sensitive_site": True}
    site = Site("HQ", "GB-ENG", "government", facts, core_networks=("192.0.2.0/24",))
    for maker, rule in (("hikvision", "prc-produced-unit-on-core-network"), ("axis", "on-core-network")):
        spoke = [
            f.rule
            for f in judge(unit(maker), site)
            if "core-network" in f.rule and f.state in ("violation", "advice")
        ]
        assert spoke == [rule]


ANALYSED = DeviceState(analytics=("face-capture", "human-attributes", "line-crossing"))


@pytest.mark.parametrize(("place", "kind"), [("GB-ENG", "school"), ("GB-SCT", "council"), ("GB", "company")])
def test_analytics_are_a_question_of_data_protection_whatever_the_make(
    judge: Judge, unit: Unit, place: str, kind: str
) -> None:
    told = []
    for maker in ("hikvision", "axis"):
        found = judge(unit(maker, state=ANALYSED), Site("S", place, kind))
        asked = [f for f in found if f.rule.startswith("can-") and f.verdict is not Verdict.NOT_APPLICABLE]
        assert [f.verdict for f in asked] == [Verdict.REVIEW, Verdict.REVIEW]
        assert {c.instrument for f in asked for c in f.citations} == {"uk-gdpr-ico-video"}
        assert not any(f.advice for f in asked)
        assert not any("Uyghur" in f.reason or "China" in f.reason for f in asked)
        told.append([(f.rule, f.question) for f in asked])
    assert told[0] == told[1]


def test_analytics_that_nobody_read_ask_nothing_and_other_packs_do_not_judge_them(
    judge: Judge, unit: Unit
) -> None:
    unread = judge(unit("hikvision"), Site("S", "GB-ENG", "school"))
    assert not [f for f in unread if f.rule.startswith("can-") and f.verdict is Verdict.REVIEW]
    abroad = judge(unit("hikvision", state=ANALYSED), Site("S", "US", "school"))
    assert not [f for f in abroad if f.rule.startswith("can-") and f.verdict is Verdict.REVIEW]


def test_every_function_of_analytics_has_a_word_for_the_reader() -> None:
    assert frozenset[str]().union(*ANALYTICS.values()) <= words().analytics.keys()


def test_cloud_that_a_unit_discloses_is_asked_after_by_the_law_of_the_place(judge: Judge, unit: Unit) -> None:
    on = unit("axis", state=DeviceState(cloud="enabled"))
    for place, policy in (("GB-ENG", "uk-school"), ("US", "hygiene")):
        found = judge(on, Site("S", place, "school"))
        spoke = [f.policy for f in found if f.rule == "vendor-cloud-on" and f.verdict is Verdict.REVIEW]
        assert spoke == [policy]


def test_camera_in_a_network_that_the_site_calls_core_is_told(judge: Judge, unit: Unit) -> None:
    site = Site("S", "US", "company", core_networks=("192.0.2.0/28",))
    inside, outside = unit("axis"), unit("axis", address="192.0.2.200")
    found = [f.device for f in judge([inside, outside], site) if f.rule == "on-core-network"]
    assert found == [inside.id]
