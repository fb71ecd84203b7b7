"""Which unit is which: its own marks know it again anywhere, model and place where nothing speaks against it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from camaudit.changes import By, Seen, UnitChange, What
from camaudit.changes.pairing import pair
from camaudit.model import Certainty, Device, Identification, Kind, Recorded
from camaudit.sameness import Marks, alike


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


def test_a_cloned_mac_address_joins_nobody() -> None:
    # Given a camera, and later two that show its MAC address, or one with another serial number that does
    mac = "28:57:be:00:00:18"
    before = [seen("192.0.2.1", mac=mac)]
    clones = [seen("192.0.2.7", mac=mac), seen("192.0.2.8", mac=mac)]
    assert became(before, clones) == [((What.NEW,), None), ((What.NEW,), None), ((What.SILENT,), None)]
    other = seen("192.0.2.7", serial="BBBB22222222", mac=mac)
    assert became([seen("192.0.2.1", serial="AAAA11111111", mac=mac)], [other])[0] == ((What.NEW,), None)


def test_a_serial_number_of_the_factory_joins_nobody_that_another_mark_keeps_apart() -> None:
    # Given a number that looks like one and is not: each unit shows another MAC address, at another place
    before = [seen("192.0.2.1", serial="EF000000", mac="28:57:be:00:00:01")]
    after = [seen("192.0.2.2", serial="EF000000", mac="28:57:be:00:00:02")]
    assert became(before, after) == [((What.NEW,), None), ((What.SILENT,), None)]
    # At its own place a unit may show the address of another interface
    stays = [seen("192.0.2.1", serial="EF000000", mac="28:57:be:00:00:02")]
    assert became(before, stays)[0][1] is By.SERIAL


def test_firmware_that_puts_the_model_before_the_serial_number_makes_no_other_unit() -> None:
    mac = "28:57:be:00:00:18"
    before = seen("192.0.2.1", serial="DS-2CD2032F-I20150126CCCH502126167", mac=mac)
    after = seen("192.0.2.5", serial="CMIP343220150126CCCH502126167", mac=mac, model="CMIP3432")
    assert became([before], [after])[0][1] is By.MAC


def test_other_firmware_may_put_another_label_on_the_same_unit() -> None:
    # Given a unit that its serial number knows again, under another brand and model since it was updated
    bare = seen("192.0.2.1", serial="AAAA1111")
    was = replace(bare.device.identification, brand="hikvision", firmware="V5.4.0")
    now = replace(was, brand="lts", model="CMIP3432", firmware="V5.5.82")
    one, other = (replace(bare, device=replace(bare.device, identification=each)) for each in (was, now))
    assert became([one], [other]) == [((What.REBADGED, What.FIRMWARE), By.SERIAL)]


def test_a_new_uuid_alone_makes_no_other_unit() -> None:
    one = seen("192.0.2.1", uuid="aa85c000-6324-11b5-8f31-2857be000018")
    other = seen("192.0.2.1", uuid="aa85c000-6324-11b5-8f31-2857be999999")
    assert became([one], [other]) == [((What.SAME,), By.PLACE)]


def at_recorder(recorder: str, address: str, channel: str, model: str = "M1") -> Seen:
    made = seen(f"{address}#{channel}", model=model)
    there = (Recorded(f"at {recorder}", address, channel),)
    return Seen(replace(made.device, id=f"{made.device.id}#{channel}", recorded=there), made.marks)


def test_cameras_go_with_their_recorder_and_a_channel_that_is_empty_is_evidence() -> None:
    # Given a recorder that was read, with three cameras; later it has another address and two cameras, one another
    def recorder(address: str) -> Seen:
        made = seen(address, serial="NVR00001")
        found = replace(made.device.identification, channels_identified=3)
        return Seen(replace(made.device, identification=found), made.marks)

    name = "192.0.2.1 NVR00001"
    before = [recorder("192.0.2.1"), *(at_recorder(name, "192.0.2.1", n) for n in "123")]
    later = "192.0.2.9 NVR00001"
    after = [
        recorder("192.0.2.9"),
        at_recorder(later, "192.0.2.9", "1"),
        at_recorder(later, "192.0.2.9", "2", "M2"),
    ]
    units = paired(before, after)
    told = {
        (unit.before or unit.after).address: (unit.what, unit.by) for unit in units if unit.before or unit.after
    }
    assert told["192.0.2.1#1"] == ((What.MOVED,), By.CHANNEL)
    assert told["192.0.2.1#2"] == ((What.REPLACED,), None)
    # The recorder was read and lists it no longer: that is evidence, and silence would be none
    assert told["192.0.2.1#3"] == ((What.GONE,), None)
    assert units[-1].whereabouts == "unlisted"


def test_gone_only_where_something_else_is_at_every_address() -> None:
    before = [seen("192.0.2.1", "192.0.2.2", serial="AAAA1111")]

    def where(first: str, second: str) -> tuple[What, ...]:
        came = {"192.0.2.1": first, "192.0.2.2": second}
        return pair(before, [], came.__getitem__)[0].what

    assert where("other", "other") == (What.GONE,)
    assert where("other", "silent") == (What.SILENT,)
    assert where("silent", "not_asked") == (What.NOT_ASKED,)
    assert where("refused", "other") == (What.SILENT,)


_SERIALS = ("", "", "AAAA1111", "BBBB2222", "CCCC3333", "XXXXX-AAAA11112222", "YY-AAAA11112222")
_MACS = ("", "28:57:be:00:00:01", "28:57:be:00:00:02", "28:57:be:00:00:03")
_UUIDS = ("", "aa85c000-6324-11b5-8f31-2857be000018", "aa85c000-6324-11b5-8f31-2857be000019")


@st.composite
def _sites(draw: st.DrawFn) -> list[Seen]:
    """Draw the units of one look: every address is one unit's, marks may be shared by several."""
    order = draw(st.permutations(range(1, 10)))
    units, left = [], [f"192.0.2.{n}" for n in order]
    for _ in range(draw(st.integers(0, 5))):
        addresses = [left.pop() for _ in range(min(len(left), draw(st.integers(1, 2))))]
        if addresses:
            marks = {"serial": _SERIALS, "mac": _MACS, "uuid": _UUIDS, "model": ("M1", "M2", "")}
            shown = {name: draw(st.sampled_from(values)) for name, values in marks.items()}
            units.append(seen(*addresses, **shown))
    return units


_UNITS = _sites()


def outcome(before: list[Seen], after: list[Seen]) -> set[tuple[str, str, By | None, tuple[str, ...]]]:
    return {
        (u.before.address if u.before else "", u.after.address if u.after else "", u.by, u.apart)
        for u in paired(before, after)
    }


@given(_UNITS, _UNITS)
def test_a_pair_is_a_pair_whichever_run_is_the_earlier_one(before: list[Seen], after: list[Seen]) -> None:
    assert outcome(before, after) == {(one, other, by, told) for other, one, by, told in outcome(after, before)}


@given(_UNITS, _UNITS, st.randoms(use_true_random=False))
def test_nothing_hangs_on_the_order_of_the_units(before: list[Seen], after: list[Seen], chance: Random) -> None:
    mixed = [list(before), list(after)]
    for units in mixed:
        chance.shuffle(units)
    assert outcome(before, after) == outcome(*mixed)


@given(_UNITS, _UNITS)
def test_no_mark_joins_that_another_unit_shows_or_that_a_surer_one_denies(
    before: list[Seen], after: list[Seen]
) -> None:
    marks = {id(each.device): each.marks for each in (*before, *after)}
    for unit in paired(before, after):
        if unit.by not in (By.SERIAL, By.MAC, By.UUID) or not unit.before or not unit.after:
            continue
        mine, theirs = marks[id(unit.before)], marks[id(unit.after)]
        shared = getattr(mine, unit.by)
        assert shared == getattr(theirs, unit.by)
        for run in (before, after):
            assert sum(getattr(each.marks, unit.by) == shared for each in run) == 1
        clash = [k for k in ("serial", "mac") if not alike(k, getattr(mine, k), getattr(theirs, k))]
        agree = sum(mark in set(theirs.own()) for mark in mine.own())
        stays = {unit.before.address, *unit.before.also_at} & {unit.after.address, *unit.after.also_at}
        assert not clash or agree >= 2 or (unit.by is By.SERIAL and stays)


@given(_UNITS, _UNITS)
def test_every_unit_is_told_exactly_once(before: list[Seen], after: list[Seen]) -> None:
    units = paired(before, after)
    assert sorted(id(u.before) for u in units if u.before) == sorted(id(each.device) for each in before)
    assert sorted(id(u.after) for u in units if u.after) == sorted(id(each.device) for each in after)


@given(_UNITS)
def test_nothing_changes_against_itself(units: list[Seen]) -> None:
    assert all(set(unit.what) == {What.SAME} for unit in paired(units, units))
