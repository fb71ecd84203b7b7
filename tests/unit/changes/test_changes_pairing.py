"""Which unit is which: its own marks know it again anywhere, model and place where nothing speaks against it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from camaudit.changes import By, Seen, UnitChange, What
from camaudit.changes.pairing import pair
from camaudit.model import Certainty, Device, Identification, Kind
from camaudit.sameness import Marks


def seen(address: str, *also: str, serial: str = "", mac: str = "", uuid: str = "", model: str = "M1") -> Seen:
    found = Identification(
        "hikvision", Certainty.CONFIRMED, 0.97, kind=Kind.CAMERA, video=True, model=model, mac=mac
    )
    marks = Marks(serial=serial, mac=mac, uuid=uuid, maker="hikvision", model=model)
    return Seen(Device(f"at {address} {serial}{mac}", address, found, also_at=also), marks)


def paired(before: list[Seen], after: list[Seen]) -> tuple[UnitChange, ...]:
    return pair(before, after, lambda _: "silent")


def became(before: list[Seen], after: list[Seen]) -> list[tuple[tuple[What, ...], By | None]]:
    return [(unit.what, unit.by) for unit in paired(before, after)]


def test_renumbered_units_are_known_by_their_own_marks_in_that_order() -> None:
    # Given two units that changed places
    before = [seen("192.0.2.1", serial="S1AAAAAA"), seen("192.0.2.2", mac="28:57:be:00:00:02")]
    after = [seen("192.0.2.1", mac="28:57:be:00:00:02"), seen("192.0.2.2", serial="S1AAAAAA")]
    assert became(before, after) == [((What.MOVED,), By.MAC), ((What.MOVED,), By.SERIAL)]
    uuid = "aa85c000-6324-11b5-8f31-2857be000018"
    assert became([seen("192.0.2.1", uuid=uuid)], [seen("192.0.2.3", uuid=uuid)]) == [((What.MOVED,), By.UUID)]


def test_a_mark_that_two_units_show_knows_nobody_again() -> None:
    before = [seen("192.0.2.1", serial="CLONED01"), seen("192.0.2.2", serial="CLONED01")]
    after = [seen("192.0.2.9", serial="CLONED01")]
    assert sorted(str(what[0]) for what, _ in became(before, after)) == ["new", "silent", "silent"]


def test_without_marks_model_and_place_do() -> None:
    assert became([seen("192.0.2.1")], [seen("192.0.2.1")]) == [((What.SAME,), By.PLACE)]
    assert became([seen("192.0.2.1")], [seen("192.0.2.1", model="M2")]) == [((What.REPLACED,), None)]
    # Another address and no mark: nobody can tell, so one did not answer and one is new.
    assert became([seen("192.0.2.1")], [seen("192.0.2.2")]) == [((What.NEW,), None), ((What.SILENT,), None)]
    # The address alone, where one of them did not tell its model
    assert became([seen("192.0.2.1")], [seen("192.0.2.1", model="")]) == [((What.SAME,), By.ADDRESS)]


def test_another_serial_at_the_same_address_is_another_unit() -> None:
    before, after = [seen("192.0.2.1", serial="AAAA1111")], [seen("192.0.2.1", serial="BBBB2222")]
    (unit,) = paired(before, after)
    assert unit.what == (What.REPLACED,)
    assert unit.before is before[0].device
    assert unit.after is after[0].device


def test_a_second_address_is_a_change_and_no_move() -> None:
    before, after = [seen("192.0.2.1", serial="AAAA1111")], [seen("192.0.2.1", "2001:db8::1", serial="AAAA1111")]
    (unit,) = paired(before, after)
    assert unit.what == (What.CHANGED,)
    assert [fact.name for fact in unit.facts] == ["address"]


_UNITS = st.lists(
    st.builds(
        seen,
        st.integers(1, 9).map(lambda n: f"192.0.2.{n}"),
        serial=st.sampled_from(["", "AAAA1111", "BBBB2222", "CCCC3333"]),
        mac=st.sampled_from(["", "28:57:be:00:00:01", "28:57:be:00:00:02"]),
        model=st.sampled_from(["M1", "M2"]),
    ),
    max_size=6,
    unique_by=lambda each: each.device.address,
)


@given(_UNITS, _UNITS)
def test_every_unit_is_told_exactly_once(before: list[Seen], after: list[Seen]) -> None:
    units = paired(before, after)
    assert sorted(id(u.before) for u in units if u.before) == sorted(id(each.device) for each in before)
    assert sorted(id(u.after) for u in units if u.after) == sorted(id(each.device) for each in after)


@given(_UNITS)
def test_nothing_changes_against_itself(units: list[Seen]) -> None:
    assert all(set(unit.what) == {What.SAME} for unit in paired(units, units))
