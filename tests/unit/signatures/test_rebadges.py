"""Rebadged units: maker, label and relation, and that no change which is none of the maker's makes them wrong."""

from __future__ import annotations

import re
from datetime import date

import pytest
from corpus import form
from hypothesis import given, settings
from hypothesis import strategies as st
from rebadged_units import NARROW, WHOLE
from wire_text import SURE, Device, Said, catalogue, identified

from camaudit.model import Certainty, Identification, Relation

UNITS = WHOLE | NARROW
_HEADERS = re.compile(r"(?s)^([^\n]*\n)(.*?)(\n\n.*)$")


def wrong(found: Identification, unit: Device) -> str:
    """Say what is wrong where less was answered: a maker, label or relation that is not the unit's."""
    if found.maker not in (None, unit.maker):
        return f"maker {found.maker}"
    if found.maker is not None and found.relation is Relation.OWN_BRAND and unit.relation != "own_brand":
        return "relation own_brand"
    return ""


@pytest.mark.parametrize("name", UNITS)
def test_maker_label_and_relation_are_right(name: str) -> None:
    unit = UNITS[name]
    found = identified(*unit.replies)
    assert (found.maker, found.brand, found.relation) == (unit.maker, unit.brand, unit.relation), found.candidates


@pytest.mark.parametrize("name", WHOLE)
def test_with_every_channel_open_the_maker_is_sure(name: str) -> None:
    assert identified(*WHOLE[name].replies).certainty is Certainty.CONFIRMED


@pytest.mark.parametrize("name", WHOLE)
def test_without_any_one_channel_the_maker_stays_and_the_label_is_not_taken_for_the_makers(name: str) -> None:
    unit = WHOLE[name]
    for left_out in range(len(unit.replies)):
        replies = [said for place, said in enumerate(unit.replies) if place != left_out]
        found = identified(*replies)
        assert (found.maker, found.certainty in SURE) == (unit.maker, True), unit.replies[left_out][0]
        assert not wrong(found, unit), unit.replies[left_out][0]


@pytest.mark.parametrize("name", WHOLE)
def test_any_one_channel_alone_is_never_confirmed_and_never_wrong(name: str) -> None:
    unit = WHOLE[name]
    for said in unit.replies:
        found = identified(said)
        assert found.certainty is not Certainty.CONFIRMED, said[0]
        assert not wrong(found, unit), (said[0], found.maker, found.brand, found.relation)


RECORDED = {
    one.id: (one.truth.maker, tuple((reply.ask, reply.reply) for reply in one.replies))
    for one in form.load(catalogue().knowledge)
    if one.part is form.Part.TUNE and one.truth.maker is not None and all(r.port is None for r in one.replies)
}
"""Real units of the part of the corpus that may be looked at: who made them, and what they answered."""


@pytest.mark.parametrize("name", [name for name, (_, replies) in RECORDED.items() if len(replies) > 1])
def test_a_recorded_unit_that_answers_less_is_named_rightly_or_not_at_all(name: str) -> None:
    maker, replies = RECORDED[name]
    if identified(*replies).maker == maker:
        for left_out in range(len(replies)):
            found = identified(*(said for place, said in enumerate(replies) if place != left_out))
            assert found.maker in (None, maker)


@st.composite
def _shaken(draw: st.DrawFn, text: str) -> str:
    """The same header lines in another order, other letters and other spaces.

    As what lies between may write them; nothing shouts, and capitals throughout are a mark of one maker's server.
    """
    found = _HEADERS.match(text)
    if found is None or not text.startswith(("HTTP/", "RTSP/")):
        return text
    lines = draw(st.permutations(found[2].split("\n")))
    shaken = []
    for line in lines:
        name, colon, value = line.partition(":")
        spelled = draw(st.sampled_from((name, name.lower(), name.title())))
        space = draw(st.sampled_from((" ", "", "  ", "\t")))
        shaken.append(f"{spelled}{colon}{space}{value.strip()}")
    return found[1] + "\n".join(shaken) + found[3]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_order_case_and_spaces_of_headers_change_no_maker(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    unit = WHOLE[name]
    replies: list[Said] = [(ask, data.draw(_shaken(text))) for ask, text in unit.replies]
    found = identified(*replies)
    assert (found.maker, found.brand, found.relation) == (unit.maker, unit.brand, unit.relation)
    for said in replies:
        assert not wrong(identified(said), unit)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_another_version_of_the_firmware_changes_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WHOLE)))
    unit = WHOLE[name]
    number = st.integers(0, 9)
    hik = f"V{data.draw(number)}.{data.draw(number)}.{data.draw(st.integers(0, 999))}"
    day = data.draw(st.dates(date(2012, 1, 1), date(2035, 12, 31)))
    dahua = f"{data.draw(st.integers(2, 5))}.{data.draw(st.integers(100, 999))}"
    replies: list[Said] = []
    for ask, text in unit.replies:
        newer = re.sub(r"V5\.5\.82( ?)build 190909", rf"{hik}\1build {day:%y%m%d}", text)
        newer = re.sub(r"\b2\.\d{3}\.(?=[0-9A-Z]{4,7}\.)", f"{dahua}.", newer)
        replies.append((ask, newer.replace("2021-07-01", f"{day:%Y-%m-%d}")))
    found = identified(*replies)
    assert (found.maker, found.brand, found.relation) == (unit.maker, unit.brand, unit.relation)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_recorded_unit_with_shaken_headers_is_named_rightly_or_not_at_all(data: st.DataObject) -> None:
    maker, replies = RECORDED[data.draw(st.sampled_from(sorted(RECORDED)))]
    if identified(*replies).maker == maker:
        found = identified(*((ask, data.draw(_shaken(text))) for ask, text in replies))
        assert found.maker in (None, maker)
