"""What cannot be swapped is told by what was kept: signatures, owners, the program itself, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from change_story import SENSITIVE, hikvision, new_store, visit
from rich.console import Console

from camaudit.audit import judge
from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.changes import Difference, Why
from camaudit.comparing import Asked, Look, difference, judgement_of, looks
from camaudit.model import Judgement, KeptUnit
from camaudit.report.changes import Compared, counts, shown
from camaudit.store import Store

DAY = date(2025, 6, 1)
RULE = "uk-central-sensitive-site/prc-produced-unit-on-sensitive-site"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def store(tmp_path: Path, catalogue: Catalogue) -> Store:
    """A store with one run that was checked once."""
    made = new_store(tmp_path)
    run = visit(made, date(2025, 3, 3), {"192.0.2.9": hikvision(9)})
    made.keep(judgement_of(judge(made.run(run), catalogue, as_of=DAY), catalogue, (), ()))
    return made


def against(store: Store, catalogue: Catalogue, kept: Judgement) -> Difference:
    """Compare the run with what was kept of it, here altered as another camaudit would have left it."""
    before, after = looks(store, (kept.run,), Asked((DAY,)), DAY)
    return difference(replace(before, kept=kept), after, catalogue)


def altered(store: Store, *, facts: dict[str, str], marks: dict[str, str], version: str = "") -> Judgement:
    (kept,) = store.judgements("20250303-090000-abcd")
    unit = kept.units[0]
    states = {**unit.states, RULE: "review"}
    units = (KeptUnit(unit.addresses, {**unit.facts, **facts}, states),)
    changed = {**kept.marks, **marks}
    return replace(kept, units=units, marks=changed, tool_version=version or kept.tool_version)


@pytest.mark.parametrize(
    ("facts", "marks", "version", "expected"),
    [
        ({"certainty": "possible"}, {"signatures": "old"}, "", Why.SIGNATURES),
        ({}, {"entities": "old", "signatures": "old"}, "", Why.OWNERS),
        ({}, {"pack:uk-central-sensitive-site": "old"}, "", Why.RULES),
        ({}, {"instrument:uk-wms-2024-04": "old"}, "", Why.RULES),
        ({}, {"pack:us-erate": "old"}, "0.0.9", Why.PROGRAM),
        ({}, {}, "", Why.UNKNOWN),
    ],
)
def test_a_change_of_what_we_know_is_told_by_what_was_kept(
    store: Store, catalogue: Catalogue, facts: dict[str, str], marks: dict[str, str], version: str, expected: Why
) -> None:
    found = against(store, catalogue, altered(store, facts=facts, marks=marks, version=version))
    (change,) = found.verdicts
    assert (change.before, change.after) == ("review", "violation")
    assert [each.why for each in change.causes] == [expected]


def test_where_both_changed_both_are_named(store: Store, catalogue: Catalogue) -> None:
    marks = {"signatures": "old", "pack:uk-central-sensitive-site": "old"}
    found = against(store, catalogue, altered(store, facts={"certainty": "possible"}, marks=marks))
    assert {each.why for each in found.verdicts[0].causes} == {Why.RULES, Why.SIGNATURES}


def test_nothing_changed_says_so(store: Store, catalogue: Catalogue) -> None:
    (kept,) = store.judgements("20250303-090000-abcd")
    assert not against(store, catalogue, kept).verdicts


def test_what_was_said_is_kept_once_and_comes_back_whole(store: Store, catalogue: Catalogue) -> None:
    run = store.runs()[0].id
    (kept,) = store.judgements(run)
    store.keep(replace(kept, judged=datetime(2027, 1, 1, tzinfo=UTC)))
    assert store.judgements(run) == (kept,)
    store.keep(replace(kept, as_of=date(2027, 1, 1)))
    assert [each.as_of for each in store.judgements(run)] == [DAY, date(2027, 1, 1)]
    assert kept.site == SENSITIVE
    assert kept.units[0].states[RULE] == "violation"


def test_terminal_shows_what_a_hostile_unit_says_and_obeys_nothing(tmp_path: Path, catalogue: Catalogue) -> None:
    store = new_store(tmp_path)
    evil = "DS\x1b[31m[bold]2CD"
    first = visit(store, date(2025, 3, 3), {"192.0.2.9": hikvision(9)})
    second = visit(store, date(2025, 3, 4), {"192.0.2.9": hikvision(9, firmware=f"V5.5.82build 190909{evil}")})
    before, after = looks(store, (first, second), Asked(), DAY)
    found = difference(before, after, catalogue)
    console = Console(width=200, record=True, force_terminal=False)
    sides = ((before.stored.run, before.setting), (after.stored.run, after.setting))
    console.print(shown(Compared(sides[0], sides[1], found, catalogue.names)))
    text = console.export_text()
    assert "\x1b[31m" not in text
    assert counts(found)["firmware"] == 1


def test_look_of_two_runs_keeps_each_on_its_own_day(store: Store, catalogue: Catalogue) -> None:
    second = visit(store, date(2026, 3, 3), {"192.0.2.9": hikvision(9)})
    store.keep(judgement_of(judge(store.run(second), catalogue, as_of=date(2026, 3, 5)), catalogue, (), ()))
    before, after = looks(store, (), Asked(), date(2026, 11, 30))
    assert (before.setting.day, after.setting.day) == (DAY, date(2026, 3, 5))
    assert isinstance(before, Look)
