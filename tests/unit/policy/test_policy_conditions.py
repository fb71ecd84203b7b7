"""The words of conditions: three values, ownership, and what a broken condition is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model import Certainty, Device, DeviceState, Kind, Site
from camaudit.policy.conditions import All, AnyOf, Ask, Condition, Not, Parser
from camaudit.policy.makers import MakerSet, is_member, is_under_prc_law
from camaudit.policy.words import WORDS, About, Answer, Gap, Scope, Subject
from camaudit.signatures.schema import Entity

TODAY = date(2026, 11, 22)
SETS = {"named": MakerSet(("hikvision", "huawei"), ("hisilicon",)), "exact": MakerSet(("hikvision",), (), False)}
Unit = Callable[..., Device]


def parse(data: object, scope: Scope = Scope.DEVICE) -> Condition:
    found = Parser(WORDS, tuple(SETS), lambda where, problem: pytest.fail(f"{where}: {problem}")).parse(
        data, (), scope
    )
    assert found is not None
    return found


def answer(data: object, few: dict[str, Entity], site: Site | None = None, device: Device | None = None) -> Answer:
    return parse(data).answer(Subject(site or Site(""), TODAY, few, SETS, device))


def fixed(truth: bool | None) -> Condition:
    return Ask(
        "fixed", (), lambda _subject, _argument: Answer(truth, (Gap(About.STATE),) if truth is None else ())
    )


truths = st.sampled_from([True, False, None])


@given(st.lists(truths, min_size=1, max_size=4))
def test_all_and_any_are_kleenes(values: list[bool | None]) -> None:
    subject = Subject(Site(""), TODAY, {}, {})
    parts = tuple(fixed(value) for value in values)
    both = False if False in values else None if None in values else True
    either = True if True in values else None if None in values else False
    assert All(parts).answer(subject).truth is both
    assert AnyOf(parts).answer(subject).truth is either
    inverse = {True: False, False: True, None: None}
    assert Not(All(parts)).answer(subject).truth is inverse[both]
    assert bool(All(parts).answer(subject).gaps) == (both is None)


@pytest.mark.parametrize(
    ("here", "meant", "truth"),
    [
        ("US", "US", True),
        ("US-TX", "US", True),
        ("USX", "US", False),
        ("GB-ENG", "GB", True),
        ("GB", "GB-ENG", None),
        ("", "US", None),
        ("FR", "US", False),
    ],
)
def test_jurisdiction_matches_itself_and_its_parts(
    here: str, meant: str, truth: bool | None, few: dict[str, Entity]
) -> None:
    assert answer({"jurisdiction": meant}, few, Site("", here)).truth is truth


def test_fact_that_a_kind_cannot_have_is_false(few: dict[str, Entity]) -> None:
    assert answer({"fact": "sensitive_site"}, few, Site("", kind="school")).truth is False
    assert answer({"fact": "sensitive_site"}, few, Site("")).gaps == (Gap(About.SITE, "sensitive_site"),)


@pytest.mark.parametrize(
    ("maker", "member", "under_prc_law"),
    [
        ("hikvision", True, True),
        ("home-arm", True, True),
        ("abroad-arm", True, None),
        ("grandchild", True, True),
        ("customer", False, False),
        ("sold-arm", None, False),
        ("hisilicon", None, True),
        ("uniview", False, True),
        ("tp-link", False, None),
        ("axis", False, False),
        ("label", None, None),
        ("ring-a", False, None),
        ("not-in-the-data", False, None),
    ],
)
def test_ownership_decides_who_is_meant(
    maker: str, member: bool | None, under_prc_law: bool | None, few: dict[str, Entity]
) -> None:
    assert is_member(maker, SETS["named"], few, TODAY) is member
    assert is_under_prc_law(maker, few, TODAY) is under_prc_law


def test_ownership_counts_on_the_day(few: dict[str, Entity]) -> None:
    assert is_member("sold-arm", SETS["named"], few, date(2023, 6, 1)) is True
    assert is_member("home-arm", SETS["exact"], few, TODAY) is False


@pytest.mark.parametrize(
    ("maker", "certainty", "possible", "truth"),
    [
        ("hikvision", Certainty.PROBABLE, {}, True),
        ("axis", Certainty.PROBABLE, {"hikvision": 0.15}, False),
        ("hikvision", Certainty.POSSIBLE, {}, None),
        ("axis", Certainty.POSSIBLE, {"hikvision": 0.31}, None),
        ("axis", Certainty.POSSIBLE, {"hikvision": 0.29}, False),
        (None, Certainty.UNKNOWN, {"axis": 0.9}, False),
        (None, Certainty.UNKNOWN, {}, None),
    ],
)
def test_doubt_matters_only_where_a_named_maker_is_possible(
    unit: Unit,
    few: dict[str, Entity],
    maker: str | None,
    certainty: Certainty,
    possible: dict[str, float],
    truth: bool | None,
) -> None:
    assert answer({"maker_in": "named"}, few, device=unit(maker, certainty, possible=possible)).truth is truth


def test_core_network_is_by_address_or_by_word_of_the_operator(unit: Unit, few: dict[str, Entity]) -> None:
    here = unit("axis", address="192.0.2.10")
    ranges = Site("", core_networks=("192.0.2.0/28",))
    assert answer({"on_core_network": True}, few, ranges, here).truth is True
    assert answer({"on_core_network": True}, few, ranges, unit("axis", address="192.0.2.99")).truth is False
    assert answer({"on_core_network": True}, few, ranges, unit("axis", address="hall-camera")).truth is None
    assert answer({"on_core_network": True}, few, Site("", facts={"core_network": False}), here).truth is False
    assert answer({"on_core_network": True}, few, Site(""), here).gaps == (Gap(About.SITE, "core_networks"),)


def test_kind_and_state_words(unit: Unit, few: dict[str, Entity]) -> None:
    recorder = unit("axis", kind=Kind.RECORDER, state=DeviceState(activated=False, cloud="disabled"))
    assert answer({"kind_in": ["recorder", "camera"]}, few, device=recorder).truth is True
    assert answer({"kind_in": "camera"}, few, device=unit("axis", kind=Kind.UNKNOWN)).gaps == (Gap(About.KIND),)
    assert answer({"activated": False}, few, device=recorder).truth is True
    assert answer({"cloud": "enabled"}, few, device=recorder).truth is False
    assert answer({"cloud": "enabled"}, few, device=unit("axis")).gaps == (Gap(About.STATE),)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"all": []}, "at least one"),
        ({"any": []}, "at least one"),
        ({"all": {"always": True}}, "at least one"),
        ({}, "one word"),
        ({"always": True, "fact": "core_network"}, "one word"),
        ("always", "one word"),
        ({"makr_in": "named"}, "did you mean 'maker_in'"),
        ({"eval": "1"}, "unknown word"),
        ({"maker_in": "others"}, "not one of named, exact"),
        ({"maker_in": ["named", "exact"]}, "one value"),
        ({"fact": "sensitive"}, "not one of"),
        ({"site_kind": []}, "needs an argument"),
        ({"jurisdiction": "uk"}, "not a jurisdiction"),
        ({"always": False}, "not one of true"),
        ({"not": {"all": []}}, "at least one"),
    ],
)
def test_broken_condition_is_told_what_is_wrong(data: object, told: str) -> None:
    problems: list[str] = []
    parser = Parser(WORDS, tuple(SETS), lambda _where, problem: problems.append(problem))
    assert parser.parse(data, ("violated_when",)) is None
    assert len(problems) == 1
    assert told in problems[0]


def test_site_condition_may_not_ask_about_a_device() -> None:
    problems: list[str] = []
    parser = Parser(WORDS, tuple(SETS), lambda _where, problem: problems.append(problem))
    assert parser.parse({"any": [{"maker_in": "named"}]}, (), Scope.SITE) is None
    assert "about a device" in problems[0]
