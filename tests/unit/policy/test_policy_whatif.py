"""What an answer would change: told only where judging with that answer gives it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

import pytest

from camaudit.model import Certainty, Device, Finding, Site, Verdict
from camaudit.policy.load import Policies
from camaudit.policy.makers import SOMEBODY_ELSE
from camaudit.policy.whatif import OpenQuestion, WhatIf
from camaudit.signatures.schema import Entity

Unit = Callable[..., Device]
Judge = Callable[..., tuple[Finding, ...]]
CONTRACTOR = "us-federal-contractor"
TODAY = date(2026, 11, 22)


@pytest.fixture
def ask(policies: Policies, entities: Mapping[str, Entity]) -> Callable[..., Mapping[str, OpenQuestion]]:
    def run(units: list[Device], site: Site, *chosen: str) -> Mapping[str, OpenQuestion]:
        asked = WhatIf(policies.packs, policies.register, entities, TODAY, chosen)
        return {question.name: question for question in asked.open_questions(units, site)}

    return run


def test_the_answer_that_makes_a_violation_is_told(
    ask: Callable[..., Mapping[str, OpenQuestion]], unit: Unit
) -> None:
    found = ask([unit("hikvision")], Site("", "US", "company"), CONTRACTOR)
    answers = {p.answer: p.effects for p in found["holds_us_federal_contracts"].answers}
    yes = [(c.before, c.after) for c in answers["yes"] if c.title]
    assert (Verdict.REVIEW, Verdict.VIOLATION) in yes
    assert (Verdict.REVIEW, Verdict.NOT_APPLICABLE) in [(c.before, c.after) for c in answers["no"]]


def test_an_answer_that_leads_to_the_next_question_says_which(
    ask: Callable[..., Mapping[str, OpenQuestion]], unit: Unit
) -> None:
    site = Site("", "GB", "government", {"core_network": False})
    found = ask([unit("hikvision")], site, "uk-central-sensitive-site")
    yes = next(p for p in found["central_government"].answers if p.answer == "yes")
    assert all(c.before is c.after is Verdict.REVIEW for c in yes.effects)
    assert any("sensitive site" in c.then for c in yes.effects)


def test_who_built_it(ask: Callable[..., Mapping[str, OpenQuestion]], unit: Unit) -> None:
    site = Site("", "US", "company", {"holds_us_federal_contracts": True})
    unsure = unit("hikvision", Certainty.POSSIBLE, possible={"dahua": 0.35}, address="192.0.2.11")
    found = ask([unit("axis"), unsure], site, CONTRACTOR)["maker"]
    assert found.devices == (unsure.id,)
    after = {p.answer: {c.after for c in p.effects} for p in found.answers}
    assert set(after) == {"hikvision", "dahua", SOMEBODY_ELSE}
    assert Verdict.VIOLATION in after["hikvision"] & after["dahua"]
    assert Verdict.VIOLATION not in after[SOMEBODY_ELSE]


def test_nothing_open_is_nothing_told(ask: Callable[..., Mapping[str, OpenQuestion]], unit: Unit) -> None:
    site = Site("", "US", "company", {"holds_us_federal_contracts": True, "core_network": False})
    assert ask([unit("axis")], site, CONTRACTOR) == {}


def test_each_foretold_verdict_is_the_one_that_the_answer_gives(
    ask: Callable[..., Mapping[str, OpenQuestion]], unit: Unit, judge: Judge
) -> None:
    site = Site("", "US", "company")
    device = unit("dahua")
    for name, question in ask([device], site).items():
        for possible in question.answers:
            if possible.answer not in ("yes", "no") or name == "core_networks":
                continue
            answered = replace(site, facts={name: possible.answer == "yes"})
            given = {(f.policy, f.title): f.verdict for f in judge(device, answered)}
            for change in possible.effects:
                # A pack that is known not to fit is left out altogether, which for its reader is the same
                after = change.after or Verdict.NOT_APPLICABLE
                assert given.get((change.policy, change.title), Verdict.NOT_APPLICABLE) is after
