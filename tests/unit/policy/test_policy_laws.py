"""Laws that hold over every pack, whatever the site and the unit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from camaudit.model import Candidate, Certainty, Device, DeviceState, Finding, Identification, Kind, Site, Verdict
from camaudit.policy.facts import FACTS, SITE_KINDS
from camaudit.policy.load import Policies

Judge = Callable[..., tuple[Finding, ...]]

MAKERS = ("hikvision", "dahua", "uniview", "huawei", "hisilicon", "tp-link", "axis", "pyronix", "luminys")
PLACES = ("", "GB", "GB-ENG", "US", "US-TX", "US-LA", "US-NE", "AU", "CA", "CA-QC", "TW", "CZ", "FR", "IN", "NZ")
FALLING = (Certainty.CONFIRMED, Certainty.PROBABLE, Certainty.POSSIBLE, Certainty.UNKNOWN)

sites = st.builds(
    Site,
    name=st.text(max_size=20),
    jurisdiction=st.sampled_from([*PLACES]),
    kind=st.sampled_from(["", *SITE_KINDS]),
    facts=st.dictionaries(st.sampled_from(sorted(FACTS)), st.booleans()),
    core_networks=st.sampled_from([(), ("192.0.2.0/24",), ("198.51.100.0/24",)]),
)
states = st.builds(
    DeviceState,
    activated=st.sampled_from([None, True, False]),
    cloud=st.sampled_from(["enabled", "disabled", "unknown"]),
    analytics=st.sampled_from([(), ("face-capture",), ("human-attributes", "line-crossing")]),
)
identifications = st.builds(
    Identification,
    maker=st.sampled_from([None, *MAKERS]),
    certainty=st.sampled_from(FALLING),
    confidence=st.floats(0, 1),
    brand_name=st.sampled_from([None, "{site}", "{maker}{device}", "\x00=cmd|' /C calc'!A0"]),
    brand=st.sampled_from([None, "lts"]),
    kind=st.sampled_from(Kind),
    video=st.booleans(),
    state=states,
    candidates=st.lists(
        st.builds(Candidate, maker=st.sampled_from(MAKERS), confidence=st.floats(0, 1)), max_size=3
    ).map(tuple),
    next_step=st.sampled_from(["", "Look at the label."]),
)
days = st.dates(date(2018, 1, 1), date(2030, 1, 1))


def violations(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    return {(f.policy, f.rule) for f in findings if f.verdict is Verdict.VIOLATION}


@given(identifications, sites, days)
def test_lower_certainty_never_creates_a_violation(
    judge: Judge, found: Identification, site: Site, today: date
) -> None:
    before = violations(judge(Device("u", "192.0.2.10", found), site, today=today))
    for lower in FALLING[FALLING.index(found.certainty) :]:
        unsure = Device("u", "192.0.2.10", replace(found, certainty=lower))
        assert violations(judge(unsure, site, today=today)) <= before


@given(identifications, days)
def test_a_site_of_which_nothing_is_known_breaks_no_law(judge: Judge, found: Identification, today: date) -> None:
    assert not violations(judge(Device("u", "192.0.2.10", found), Site(""), today=today))


@given(identifications, sites, st.sampled_from(sorted(FACTS)))
def test_a_fact_left_out_never_creates_a_violation(
    judge: Judge, found: Identification, site: Site, fact: str
) -> None:
    device = Device("u", "192.0.2.10", found)
    less = replace(site, facts={name: value for name, value in site.facts.items() if name != fact})
    assert violations(judge(device, less)) <= violations(judge(device, site))


@given(identifications, sites, days)
def test_every_finding_is_fit_to_print(
    judge: Judge, policies: Policies, found: Identification, site: Site, today: date
) -> None:
    for finding in judge(Device("u", "192.0.2.10", found), site, today=today):
        assert found.video
        assert found.kind is not Kind.OTHER
        assert finding.reason
        assert finding.citations
        assert all(c.instrument in policies.register.instruments and c.binds for c in finding.citations)
        assert (finding.verdict is Verdict.REVIEW) == bool(finding.question)
        assert "\x00" not in finding.reason + finding.question
        if finding.verdict is Verdict.VIOLATION:
            assert "It binds this site, for site.yaml says" in finding.reason
            assert found.certainty in (Certainty.CONFIRMED, Certainty.PROBABLE)
            assert any(policies.register.instruments[c.instrument].carries_a_violation for c in finding.citations)


@given(sites, days)
def test_possible_or_less_never_convicts(judge: Judge, site: Site, today: date) -> None:
    for certainty in (Certainty.POSSIBLE, Certainty.UNKNOWN):
        found = Identification("hikvision", certainty, 0.99, kind=Kind.CAMERA, video=True)
        assert not violations(judge(Device("u", "192.0.2.10", found), site, today=today))
