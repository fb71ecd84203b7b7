"""For which days a verdict holds: what turns with a day ends it, and what hangs on today holds for today alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from camaudit.changes import Setting, UnitChange, What
from camaudit.changes.unchanged import Stillness
from camaudit.model import Decision, Device, Finding, Severity, Site, Verdict, Waiver
from camaudit.policy.epochs import Calendar
from camaudit.policy.load import load_policies
from camaudit.signatures.schema import Entity

DAY = date(2026, 11, 30)
SITE = Site("Here", "XX", "company")
EVER = (date.min, date.max)


@pytest.fixture
def calendar(folder: Path, few: dict[str, Entity]) -> Calendar:
    return Calendar(load_policies(folder, few).packs, {})


def test_where_nothing_turns_it_holds_for_ever(calendar: Calendar) -> None:
    assert calendar.epoch(DAY, SITE, (), ()) == EVER


def test_a_decision_holds_from_its_day_to_the_day_of_its_review(calendar: Calendar) -> None:
    decided, review = date(2026, 9, 1), date(2027, 8, 31)
    decision = Decision("sensitive", ("192.0.2.9",), "no", "A. Head", decided, review)
    where = replace(SITE, decisions=(decision,))
    assert calendar.epoch(DAY, where, (), ()) == (decided, review)
    assert calendar.epoch(review + timedelta(days=1), where, (), ()) == (review + timedelta(days=1), date.max)


def test_what_is_due_so_many_days_from_now_holds_for_one_day(
    folder: Path, few: dict[str, Entity], change: Callable[[Path, str, str], None]
) -> None:
    remedy = "    remedy: replace"
    change(folder / "xx" / "pack.yaml", remedy, f"{remedy}\n    deadline: {{days_after_first_seen: 30}}")
    calendar = Calendar(load_policies(folder, few).packs, {})
    broken = Finding("a1", "pack", "in-use", "In use", Verdict.VIOLATION, Severity.HIGH, "because")
    assert calendar.epoch(DAY, SITE, (), (broken,)) == (DAY, DAY)
    assert calendar.epoch(DAY, SITE, (), (replace(broken, verdict=Verdict.COMPLIANT),)) == EVER


@pytest.mark.parametrize(("expires", "stirred"), [(date(2026, 12, 15), [0]), (date(2027, 12, 15), [])])
def test_a_waiver_that_runs_out_between_two_days_lets_its_unit_be_judged_again(
    calendar: Calendar, unit: Callable[..., Device], expires: date, stirred: list[int]
) -> None:
    device = unit("hikvision")
    waiver = Waiver("pack/in-use", (device.address,), "ordered", "A. Head", date(2026, 1, 1), expires)
    before, after = (Setting(day, SITE, (waiver,)) for day in (DAY, date(2026, 12, 31)))
    same = [UnitChange((What.SAME,), device, device)]
    assert Stillness(calendar).stirring(same, before, after, None, lambda *_: ()) == stirred
