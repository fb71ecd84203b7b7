"""One unit at two addresses is one; two units that share a default serial or a copied MAC stay two."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from camaudit.model import Certainty, Identification
from camaudit.sameness import Marks, differ, groups, is_placeholder, marks_of, same

UNIT = Marks(
    serial="DS-2CD2032-I20150126CCCH502126167",
    mac="28:57:be:00:00:18",
    uuid="aa85c000-6324-11b5-8f31-2857be000018",
    maker="hikvision",
    model="DS-2CD2032-I",
    firmware="V5.4.0 build 160530",
)


@pytest.mark.parametrize(
    "text", ["", "0", "000000000000", "0123456789", "123456789", "9876543210", "ffffffff", "1234567", "abcdef"]
)
def test_placeholders_are_told(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize("text", ["4M0747EPAA1D284", "ND012003012345", "502126167", UNIT.uuid])
def test_serial_numbers_are_none(text: str) -> None:
    assert not is_placeholder(text)


def test_an_address_of_each_family_is_one_unit() -> None:
    assert groups({"192.0.2.7": UNIT, "192.0.2.8": Marks(), "2001:db8::7": UNIT}) == (
        ("192.0.2.7", "2001:db8::7"),
        ("192.0.2.8",),
    )


def test_what_one_address_did_not_say_does_not_part_them() -> None:
    assert same(UNIT, replace(UNIT, serial="", uuid=""))
    assert same(UNIT, Marks(mac=UNIT.mac, uuid=UNIT.uuid))


@pytest.mark.parametrize("differs", ["serial", "mac", "uuid", "model", "maker"])
def test_one_mark_that_differs_keeps_them_two(differs: str) -> None:
    assert not same(UNIT, replace(UNIT, **{differs: "another"}))


def test_one_shared_mark_alone_is_not_enough() -> None:
    assert not same(Marks(mac=UNIT.mac), Marks(mac=UNIT.mac))
    assert not same(Marks(serial="X99812345"), Marks(serial="X99812345"))
    assert same(
        Marks(serial="X99812345", model="M1", firmware="1"), Marks(serial="X99812345", model="M1", firmware="1")
    )


def test_a_mark_that_many_show_is_nobodys_own() -> None:
    fleet = {f"192.0.2.{last}": replace(UNIT, serial="", mac="") for last in range(1, 9)}
    assert all(len(unit) == 1 for unit in groups(fleet))


def test_two_that_differ_are_not_made_one_by_a_third_that_showed_less() -> None:
    shown = {
        "192.0.2.1": UNIT,
        "192.0.2.2": replace(UNIT, serial=""),
        "192.0.2.3": replace(UNIT, serial="DS-2CD2032-I20150126CCCH999999999"),
    }
    assert groups(shown) == (("192.0.2.1", "192.0.2.2"), ("192.0.2.3",))


def test_an_alias_that_only_asks_for_the_same_login_is_the_unit() -> None:
    """A unit answers a search at one of its addresses; at the other only its MAC and its login show."""
    unit, alias = replace(UNIT, realm="IP Camera(26167)"), Marks(mac=UNIT.mac, realm="IP Camera(26167)")
    assert groups({"192.0.2.1": unit, "192.0.2.2": alias}) == (("192.0.2.1", "192.0.2.2"),)
    assert not same(unit, replace(alias, realm="IP Camera(99999)"))
    assert not same(Marks(realm=alias.realm), alias)


@pytest.mark.parametrize(
    ("realm", "kept"), [("Login to 3b1f8a4e5c6d", True), ("IP Camera(26167)", True), ("DVRNVRDVS", False)]
)
def test_a_realm_that_is_a_word_for_all_supports_nothing(realm: str, kept: bool) -> None:
    assert bool(marks_of(Identification(None, Certainty.UNKNOWN, 0.0), {"isapi.realm": (realm,)}).realm) is kept


def test_a_wired_and_a_wireless_card_are_one_unit() -> None:
    """Firmware makes the UUID of the MAC address, so that both differ."""
    wireless = replace(UNIT, mac="28:57:be:00:00:19", uuid="aa85c000-6324-11b5-8f31-2857be000019")
    assert groups({"192.0.2.1": UNIT, "192.0.2.2": wireless}) == (("192.0.2.1", "192.0.2.2"),)


@pytest.mark.parametrize(
    "lacks", [{"mac": "00:12:31:00:00:19"}, {"firmware": "V5.5.0"}, {"maker": ""}, {"model": ""}, {"serial": ""}]
)
def test_two_macs_stay_two_units_where_anything_else_is_not_the_same(lacks: dict[str, str]) -> None:
    other = replace(UNIT, **{"mac": "28:57:be:00:00:19", "uuid": "", **lacks})
    assert groups({"192.0.2.1": UNIT, "192.0.2.2": other}) == (("192.0.2.1",), ("192.0.2.2",))


def test_a_serial_number_that_three_cards_show_is_a_copied_one() -> None:
    units = {f"192.0.2.{n}": replace(UNIT, mac=f"28:57:be:00:00:1{n}", uuid="") for n in (1, 2, 3)}
    assert len(groups(units)) == 3


_TEXTS = st.sampled_from(["", "a1b2c3d4", "e5f6a7b8", "c9d0e1f2"])
_MARKS = st.builds(Marks, serial=_TEXTS, mac=_TEXTS, uuid=_TEXTS, maker=_TEXTS, model=_TEXTS, firmware=_TEXTS)


@given(one=_MARKS, other=_MARKS)
def test_sameness_is_mutual(one: Marks, other: Marks) -> None:
    assert same(one, other) == same(other, one)


@given(marks=st.dictionaries(st.sampled_from([f"192.0.2.{n}" for n in range(1, 9)]), _MARKS))
def test_every_address_is_in_one_unit(marks: dict[str, Marks]) -> None:
    units = groups(marks)
    assert sorted(address for unit in units for address in unit) == sorted(marks)
    assert not any(differ(marks[a], marks[b]) for unit in units for a in unit for b in unit)
