"""Recorded devices, identified: the part that only tests must come out as well as docs/calibration.md promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from corpus import form, score, table
from corpus.form import Part
from corpus.replay import Unreadable, observations
from corpus.score import Case

from known import CATALOGUE


@pytest.fixture(scope="module")
def cases() -> tuple[Case, ...]:
    return score.judged(form.load(CATALOGUE.knowledge), CATALOGUE.knowledge, CATALOGUE.oui)


@pytest.fixture(scope="module")
def tested(cases: tuple[Case, ...]) -> list[Case]:
    return [case for case in cases if case.recording.part is Part.TEST]


def test_nobody_else_is_surely_called_hikvision_or_dahua(cases: tuple[Case, ...]) -> None:
    assert [case.recording.id for case in score.false_accusations(cases)] == []
    wrong = [case.recording.id for case in cases if case.named and not case.right and not case.is_camera]
    # A script that gives the answers of a D-Link DCS-932L word for word: nothing tells it apart.
    assert wrong == ["dlink-dcs932l-simulator-excerpt"]
    assert score.precision([case for case in cases if case.is_camera]).value == 1


def test_the_part_that_only_tests_is_read_as_well_as_the_page_says(tested: list[Case]) -> None:
    assert len(score.told(tested)) >= 45
    # 0.97 and 0.90 of rebadges are wanted and missed: independent recordings showed it (docs/calibration.md).
    # Held is that it gets no worse, and that it errs by too little confidence and never by too much.
    assert score.recall(tested).value >= 0.95
    assert score.rebadges(tested).value >= 0.70
    assert score.shown_rebadges(tested).value >= 0.90
    assert score.maker_right(tested).value >= 0.90
    assert score.brier(tested) <= 0.05
    assert all(band.right >= band.confidence for band in score.reliability(tested))


def test_makers_are_right_over_all_recordings(cases: tuple[Case, ...]) -> None:
    assert score.maker_right(cases).value >= 0.95
    assert score.recall(cases).value >= 0.95


def test_the_page_holds_todays_figures(cases: tuple[Case, ...]) -> None:
    assert table.figures(cases) in table.PAGE.read_text(), "run make corpus"


def test_one_thread_never_stands_on_both_sides(cases: tuple[Case, ...]) -> None:
    parts: dict[tuple[str, str], set[Part]] = {}
    for case in cases:
        if not case.recording.tuned and case.recording.where:
            parts.setdefault((case.recording.source, case.recording.where), set()).add(case.recording.part)
    assert all(len(found) == 1 for found in parts.values())


def test_a_wrong_name_counts_as_one(cases: tuple[Case, ...]) -> None:
    """The score can fail: an Axis camera that is read as Hikvision's is counted everywhere."""
    mine = next(case for case in cases if case.recording.truth.maker == "axis" and case.named is False)
    other = next(case for case in cases if case.found.maker == "dahua" and case.named)
    wrong = replace(mine, found=other.found)
    assert score.false_accusations([wrong]) == [wrong]
    assert score.maker_right([wrong]).value == 0
    assert score.brier([wrong]) > 0.5


def test_a_recording_that_is_not_what_it_says_is_refused(cases: tuple[Case, ...]) -> None:
    recording = cases[0].recording
    broken = replace(recording, replies=(form.Reply("sadp", "<html></html>"),))
    with pytest.raises(Unreadable, match="not of that protocol"):
        observations(broken)


def test_a_binary_answer_is_recorded_in_digits(cases: tuple[Case, ...]) -> None:
    def read(ask: str, digits: str) -> list[str]:
        said = observations(replace(cases[0].recording, replies=(form.Reply(ask, digits),)))
        return [name for item in said for name in item.fields]

    assert "vivotek.mac" in read("vivotek", "02f5dd7603 0206 0002d1976470 0304 a9fe082a 0908 4942393336302d48")
    for ask, digits in (("vivotek", "014a5d8f1c"), ("vivotek", "no digits")):
        with pytest.raises(Unreadable):
            read(ask, digits)


def test_an_unknown_source_is_named(cases: tuple[Case, ...]) -> None:
    recording = replace(cases[0].recording, source="nowhere")
    found = list(form._problems(recording, set(), {"recog"}, CATALOGUE.knowledge))
    assert found == ["source 'nowhere' is not explained; add it to corpus/sources.yaml"]
