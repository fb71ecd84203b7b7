"""What a plan costs: only what the site's table prices, in ranges, by quantity, and what lacks is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from camaudit.model import (
    Certainty,
    Device,
    Finding,
    Hours,
    Identification,
    Kind,
    Planning,
    PlanStep,
    Prices,
    Range,
    Severity,
    Verdict,
)
from camaudit.plan import in_all, plan, totals

TODAY = date(2026, 11, 24)
PRICES = Prices(
    "GBP",
    rate=Range(40, 60),
    hours={
        "isolate": Hours(once=Range(2, 4), each=Range(0.1, 0.25)),
        "replace": Hours(each=Range(1.5, 3)),
        "attest": Hours(each=Range(1, 1)),
    },
    units={"camera": Range(180, 320), "recorder": Range(600, 1400)},
    licences={"camera": Range(0, 45)},
)


def unit(number: int, kind: Kind = Kind.CAMERA) -> Device:
    known = Identification("hikvision", Certainty.CONFIRMED, 0.99, kind=kind, video=True)
    return Device(f"d{number}", f"192.0.2.{number}", known)


def broken(device: Device, due: date | None = None) -> Finding:
    reason, cites = "because", ()
    title = "A named maker"
    return Finding(
        device.id, "pack", "rule", title, Verdict.VIOLATION, Severity.HIGH, reason, "", cites, due, "replace"
    )


def steps(*units: Device, prices: Prices | None = PRICES, due: date | None = None) -> dict[str, PlanStep]:
    found = plan(units, [broken(each, due) for each in units], TODAY, Planning(prices))
    return {step.action: step for step in found}


def test_new_units_licences_and_work_are_counted_each_with_its_quantity() -> None:
    cost = steps(unit(1), unit(2), unit(3, Kind.RECORDER))["replace"].cost
    assert cost is not None
    assert [(line.what, line.quantity.low, line.low, line.high) for line in cost.lines] == [
        ("new cameras", 2, 360, 640),
        ("new recorders", 1, 600, 1400),
        ("licences for cameras", 2, 0, 90),
        ("hours of work", 4.5, 180, 540),
    ]
    assert (cost.currency, cost.low, cost.high, cost.unpriced) == ("GBP", 1140, 2670, ())


def test_work_is_once_for_the_step_and_again_for_each_device() -> None:
    step = steps(unit(1), unit(2))["isolate"]
    assert step.effort is not None
    assert step.effort.hours == Range(2.2, 4.5)
    assert step.cost is not None
    assert (step.cost.low, step.cost.high) == (88, 270)


def test_one_answer_is_one_piece_of_work_however_many_devices_it_settles() -> None:
    units = [unit(n) for n in range(1, 9)]
    asked = [
        replace(broken(each), verdict=Verdict.REVIEW, remedy="attest", question="Who paid?") for each in units
    ]
    (step,) = plan(units, asked, TODAY, Planning(PRICES))
    assert step.cost is not None
    assert (step.cost.low, step.cost.high) == (40, 60)


def test_without_a_table_there_is_no_figure() -> None:
    for step in steps(unit(1), prices=None).values():
        assert step.cost is None
        assert step.effort is not None
        assert step.effort.hours is None


def test_what_the_table_leaves_out_is_named_and_never_counted_as_nothing() -> None:
    step = steps(unit(1), unit(2, Kind.DOOR_STATION))["replace"]
    assert step.cost is not None
    assert step.cost.unpriced == ("new door stations",)
    whole = in_all("Here", [step])
    assert whole.unpriced == 1
    no_work = steps(unit(1), prices=Prices("GBP", units={"camera": Range(1, 2)}))
    assert no_work["isolate"].cost is None
    assert no_work["replace"].cost is not None
    assert no_work["replace"].cost.unpriced == ("hours of work",)


def test_totals_are_by_year_and_what_is_overdue_is_due_now() -> None:
    one, two, three = unit(1), unit(2), unit(3)
    found = (broken(one, date(2025, 1, 1)), broken(two, date(2027, 5, 1)), broken(three))
    made = plan((one, two, three), found, TODAY, Planning(PRICES))
    years = totals("Here", made, TODAY)
    # The isolation is due with its first device, so in the year of today.
    assert [(total.year, total.steps) for total in years] == [(2026, 2), (2027, 1), (None, 1)]
    whole = in_all("Here", made)
    assert (whole.low, whole.high) == (sum(t.low for t in years), sum(t.high for t in years))
    assert {total.site for total in years} == {"Here"}


_ends = st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)).map(lambda pair: Range(min(pair), max(pair)))


@given(
    st.builds(Prices, st.just("EUR"), rate=_ends, units=st.dictionaries(st.just("camera"), _ends)),
    st.integers(1, 9),
)
def test_a_sum_is_the_sum_of_its_lines_and_never_upside_down(prices: Prices, number: int) -> None:
    for step in steps(*(unit(n) for n in range(1, number + 1)), prices=prices).values():
        if step.cost is not None:
            assert step.cost.low <= step.cost.high
            assert abs(step.cost.low - sum(line.low for line in step.cost.lines)) < 0.01
