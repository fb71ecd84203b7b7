"""Every open review is in exactly one question, and each foretold outcome is what the answer gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from camaudit.model import Ask, Certainty, Decision, Device, Finding, Sighting, Site, Topic, Verdict
from camaudit.policy.decisions import apply_decisions
from camaudit.policy.load import Policies
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.policy.profiles import crowd
from camaudit.policy.questionnaire import key_of, questionnaire
from camaudit.policy.sightings import with_maker, with_sightings
from camaudit.policy.whatif import WhatIf
from camaudit.signatures.schema import Entity

Unit = Callable[..., Device]
Judge = Callable[..., tuple[Finding, ...]]
CONTRACTOR = "us-federal-contractor"
TODAY = date(2026, 11, 22)
NAMES = {"hikvision": "Hikvision", "dahua": "Dahua", "axis": "Axis"}
COMPANY = Site("", "US", "company")
BOUND = replace(COMPANY, facts={"holds_us_federal_contracts": True})


def unsure(unit: Unit, number: int, **more: object) -> Device:
    known = {"possible": {"hikvision": 0.4}, "brand_name": "LTS", "model": "CMIP3432", **more}
    return unit("hikvision", Certainty.POSSIBLE, address=f"192.0.2.{number}", **known)


def test_every_open_review_is_in_exactly_one_question(unit: Unit, judge: Judge) -> None:
    units = [unit("hikvision"), unsure(unit, 11), unsure(unit, 12), unit("axis", address="192.0.2.13")]
    for site in (Site(""), COMPANY, BOUND, Site("", "GB", "government")):
        findings = judge(units, site)
        reviews = [f for f in findings if f.state == Verdict.REVIEW]
        found = questionnaire(units, findings)
        assert sum(question.reviews for question in found) == len(reviews)
        assert len({question.key for question in found}) == len(found)
        assert all(finding.asks for finding in reviews)


def test_a_finding_names_every_fact_that_leaves_it_open(unit: Unit, judge: Judge) -> None:
    (found,) = [f for f in judge(unit("hikvision"), COMPANY, CONTRACTOR) if f.verdict is Verdict.REVIEW]
    assert found.asks == (Ask(Topic.SITE, "holds_us_federal_contracts"),)
    first = next(f for f in judge(unsure(unit, 11), COMPANY, CONTRACTOR) if f.verdict is Verdict.REVIEW)
    assert first.asks == (Ask(Topic.MAKER), Ask(Topic.SITE, "holds_us_federal_contracts"))


def test_units_of_one_label_and_model_are_asked_about_together(unit: Unit, judge: Judge) -> None:
    alike = (unsure(unit, n) for n in range(11, 16))
    units = [*alike, unsure(unit, 20, model="Other"), unsure(unit, 21, model=None)]
    found = {q.key: q for q in questionnaire(units, judge(units, BOUND, CONTRACTOR))}
    together = found["maker:lts-cmip3432"]
    assert (len(together.devices), together.each) == (5, False)
    assert "5 units called LTS CMIP3432" in together.text
    assert found["maker:no-model-read-hikvision"].each
    assert len(found) == 3


@pytest.mark.parametrize("model", ["枪型摄像机", "x" * 900, "a\x00b/../..", "<script>", "maker:axis", "a b"])
def test_a_key_is_plain_whatever_a_device_calls_itself(unit: Unit, judge: Judge, model: str) -> None:
    odd = unsure(unit, 11, model=model)
    (question,) = questionnaire([odd], judge(odd, BOUND, CONTRACTOR))
    assert len(question.key) <= 60
    assert set(question.key.removeprefix("maker:")) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    other = unsure(unit, 12, model=model + "!")
    assert key_of(judge(other, BOUND, CONTRACTOR)[0], other) != question.key


def test_what_settles_most_is_asked_first_and_what_is_weighed_last(unit: Unit, judge: Judge) -> None:
    units = [unit("hikvision", address=f"192.0.2.{n}") for n in range(30, 40)] + [unsure(unit, 11)]
    found = questionnaire(units, judge(units, COMPANY))
    looked_up = [q.reviews for q in found if q.topic in (Topic.SITE, Topic.MAKER, Topic.KIND)]
    assert looked_up == sorted(looked_up, reverse=True)
    assert len(looked_up) >= 2
    assert all(q.topic is Topic.DECISION for q in found[len(looked_up) :])


@pytest.fixture
def what_if(policies: Policies, entities: Mapping[str, Entity]) -> WhatIf:
    return WhatIf(policies.packs, policies.register, entities, TODAY, (CONTRACTOR,))


def test_each_maker_foretold_is_what_a_sighting_of_it_gives(what_if: WhatIf, unit: Unit, judge: Judge) -> None:
    units = [unsure(unit, n, possible={"hikvision": 0.4, "dahua": 0.35}) for n in (11, 12)]
    (question,) = what_if.with_choices(questionnaire(units, judge(units, BOUND, CONTRACTOR)), units, BOUND)
    assert [choice.answer for choice in question.choices] == ["hikvision", "dahua", SOMEBODY_ELSE]
    for choice in question.choices:
        seen = Sighting(question.devices, "A. Reader", TODAY, choice.answer, reads="Acme")
        told, notices = with_sightings(units, [seen], NAMES, TODAY)
        assert notices == ()
        given = {(f.device, f.title): f.verdict for f in judge(list(told), BOUND, CONTRACTOR)}
        for effect in choice.effects:
            assert {given[device, effect.title] for device in effect.devices} == {effect.after}


def test_one_of_each_kind_stands_for_all(what_if: WhatIf, unit: Unit, judge: Judge) -> None:
    own = ({"address": f"192.0.2.{n}", "serial": f"S{n}", "mac": f"44:19:b6:00:00:{n}"} for n in range(10, 60))
    units = [unit("hikvision", **each) for each in own]
    assert len(crowd(units, COMPANY, TODAY).units) == 1
    (question,) = what_if.with_choices(questionnaire(units, judge(units, COMPANY, CONTRACTOR)), units, COMPANY)
    yes = next(choice for choice in question.choices if choice.answer == "yes")
    assert sorted(yes.effects[0].devices) == sorted(each.id for each in units)
    # In a core network they are no longer alike
    half = replace(COMPANY, core_networks=("192.0.2.0/27",))
    assert len(crowd(units, half, TODAY).units) == 2


def test_a_sighting_settles_what_is_open_and_only_that(unit: Unit) -> None:
    sure, open_ = unit("hikvision"), unsure(unit, 11)
    seen = Sighting((sure.id, open_.id), "A. Reader", TODAY, "axis", how="label photographed")
    (first, second), _ = with_sightings([sure, open_], [seen], NAMES, TODAY)
    # The unit that is sure of itself stays what it is; the contradiction is shown
    assert first.identification.maker == "hikvision"
    assert first.identification.certainty is Certainty.CONFIRMED
    assert any("clears nothing" in each for each in first.identification.contradictions)
    assert not first.identification.evidence[0].counted
    # The other is settled, never as certain, and what pointed elsewhere is still said
    assert (second.identification.maker, second.identification.certainty) == ("axis", Certainty.PROBABLE)
    assert second.identification.confidence <= 0.9
    assert any("Hikvision" in each for each in second.identification.contradictions)
    assert second.identification.evidence[0].basis == "stated"


def test_a_sighting_that_agrees_makes_surer(unit: Unit) -> None:
    likely = unit("hikvision", Certainty.PROBABLE)
    assert with_maker(likely, "hikvision").identification.certainty is Certainty.CONFIRMED


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"made_by": "nobody-knows"}, "does not know"),
        ({"seen_on": date(2030, 1, 1)}, "after the day"),
        ({"targets": ("198.51.100.1",)}, "matches no device"),
    ],
)
def test_a_sighting_that_cannot_count_is_told(unit: Unit, changes: dict[str, object], told: str) -> None:
    open_ = unsure(unit, 11)
    seen = replace(Sighting((open_.id,), "A. Reader", TODAY, "axis"), **changes)  # type: ignore[arg-type] # a builder
    (unit_after,), notices = with_sightings([open_], [seen], NAMES, TODAY)
    assert told in notices[0]
    assert unit_after == open_


def test_two_sightings_that_differ_settle_nothing(unit: Unit) -> None:
    open_ = unsure(unit, 11)
    seen = [Sighting((open_.id,), "A. Reader", TODAY, maker) for maker in ("axis", "dahua")]
    (after,), _ = with_sightings([open_], seen, NAMES, TODAY)
    assert after.identification.maker == open_.identification.maker
    assert after.identification.certainty is Certainty.POSSIBLE
    assert any("none of them counts" in each for each in after.identification.contradictions)


def test_a_decision_answers_a_review_for_a_while_and_never_a_violation(unit: Unit, judge: Judge) -> None:
    units = [unit("hikvision", state=replace(unit("axis").identification.state, cloud="enabled"))]
    findings = judge(units, Site("", "GB-ENG", "school"), "uk-school")
    (open_,) = [f for f in findings if f.verdict is Verdict.REVIEW]
    key = key_of(open_, units[0])
    taken = Decision(key, (units[0].id,), "Needed, see assessment 12", "A. Head", TODAY, date(2027, 11, 22))
    judged, notices = apply_decisions(findings, [taken], units, TODAY)
    assert notices == ()
    (waived,) = [f for f in judged if f.waiver]
    assert waived.waiver is not None
    assert (waived.verdict, waived.waiver.reason) == (Verdict.REVIEW, "Needed, see assessment 12")
    assert questionnaire(units, judged) == ()
    # It ends, and says so
    judged, notices = apply_decisions(findings, [taken], units, date(2028, 1, 1))
    assert not any(f.waiver for f in judged)
    assert "decide anew" in notices[0]
    # What breaks a rule is not accepted by a decision
    broken = judge(units, BOUND, CONTRACTOR)
    every = [replace(taken, question=f"rule:{f.policy}/{f.rule}") for f in broken]
    assert not any(f.waiver for f in apply_decisions(broken, every, units, TODAY)[0])
    # What the rule lets nobody accept stays open
    fixed = {f"{open_.policy}/{open_.rule}"}
    judged, notices = apply_decisions(findings, [taken], units, TODAY, unwaivable=fixed)
    assert not any(f.waiver for f in judged)
    assert "not applied" in notices[0]
