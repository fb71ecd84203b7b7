"""A terminal that opens a door and has a camera: no law says whether it is video surveillance, so it is put up for
review where a camera of the same maker breaks the rule.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from camaudit.changes.facts import facts_of
from camaudit.model import Decision, Device, DeviceState, Finding, Kind, Site, Topic, Verdict
from camaudit.policy.decisions import apply_decisions
from camaudit.policy.questionnaire import key_of

Unit = Callable[..., Device]
Judge = Callable[..., tuple[Finding, ...]]
TODAY = date(2026, 11, 22)
TERMINAL = DeviceState(access_terminal=True)
CONTRACTOR = Site("", "US", "company", {"holds_us_federal_contracts": True})
FEDERAL = "us-federal-contractor"


@pytest.mark.parametrize(
    ("site", "pack"),
    [
        (CONTRACTOR, FEDERAL),
        (Site("", "US", "government", {"us_federal_agency": True}), "us-federal-agency"),
        (Site("", "GB", "government", {"uk_central_government": True}), "uk-central-sensitive-site"),
    ],
)
def test_a_law_on_cameras_asks_about_a_terminal(unit: Unit, judge: Judge, site: Site, pack: str) -> None:
    door = unit("hikvision", kind=Kind.DOOR_STATION, state=TERMINAL)
    found = judge(door, site, pack)
    assert found
    assert all(f.verdict is not Verdict.VIOLATION for f in found)


def test_the_review_says_what_is_open_and_whom_to_ask(unit: Unit, judge: Judge) -> None:
    door = unit("hikvision", kind=Kind.DOOR_STATION, state=TERMINAL)
    (found,) = judge(door, CONTRACTOR, FEDERAL)
    assert (found.verdict, found.asks[0].topic) == (Verdict.REVIEW, Topic.STANDING)
    assert "access terminal was made by Hikvision" in found.reason
    assert "not settled" in found.reason
    assert found.question.startswith("Does this rule mean a terminal for access control with a camera?")
    assert key_of(found, door) == "standing:us-federal-contractor/covered-unit-in-use:access-terminal"


def test_the_same_unit_as_a_camera_breaks_the_rule(unit: Unit, judge: Judge) -> None:
    (found,) = judge(unit("hikvision", kind=Kind.DOOR_STATION), CONTRACTOR, FEDERAL)
    assert found.verdict is Verdict.VIOLATION


def test_a_terminal_of_another_maker_is_no_question(unit: Unit, judge: Judge) -> None:
    (found,) = judge(unit("axis", kind=Kind.DOOR_STATION, state=TERMINAL), CONTRACTOR, FEDERAL)
    assert found.verdict is Verdict.COMPLIANT


def test_what_the_site_is_comes_first(unit: Unit, judge: Judge) -> None:
    door = unit("hikvision", kind=Kind.DOOR_STATION, state=TERMINAL)
    (found,) = judge(door, Site("", "US", "company"), FEDERAL)
    assert [ask.topic for ask in found.asks] == [Topic.SITE, Topic.STANDING]
    assert "contract" in found.question


def test_an_own_decision_means_the_maker_whatever_the_unit_is_for(unit: Unit, judge: Judge) -> None:
    door = unit("hikvision", kind=Kind.DOOR_STATION, state=TERMINAL)
    (found,) = judge(door, Site("", "GB-ENG", "school"), "own-phase-out")
    assert found.verdict is Verdict.VIOLATION


def test_a_decision_about_terminals_answers_the_review_and_no_other(unit: Unit, judge: Judge) -> None:
    units = [
        unit("hikvision", kind=Kind.DOOR_STATION, state=TERMINAL),
        unit("hikvision", address="192.0.2.11"),
    ]
    findings = judge(units, CONTRACTOR, FEDERAL)
    key = key_of(findings[0], units[0])
    decision = Decision(
        key, ("192.0.2.10", "192.0.2.11"), "no surveillance, says counsel", "A. Clerk", TODAY, date(2027, 6, 1)
    )
    judged, notices = apply_decisions(findings, [decision], units, TODAY)
    assert [f.waiver is not None for f in judged] == [True, False]
    assert not notices


def test_what_it_is_for_is_kept_with_the_unit(unit: Unit) -> None:
    door = unit("hikvision", kind=Kind.DOOR_STATION, state=TERMINAL)
    camera = replace(door, identification=replace(door.identification, state=DeviceState()))
    assert (facts_of(door)["use"], facts_of(camera)["use"]) == ("access terminal", "")
