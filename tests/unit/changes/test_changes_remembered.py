"""What runs before the two compared tell: who is back, what is open again, and what silence may not do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from change_story import SENSITIVE, axis, hikvision, new_store, visit
from typer.testing import CliRunner

from camaudit.cli.main import program
from camaudit.errors import CamauditError
from camaudit.model import Observation, Outcome, Target
from camaudit.model import Run as ModelRun

Run = Callable[..., Any]
AFTER_THE_DAY = "2025-06-01"
RULE = "prc-produced-unit-on-sensitive-site"
NINE, TEN = {"192.0.2.9": hikvision(9)}, {"192.0.2.10": hikvision(10)}


@pytest.fixture
def camaudit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the store and return its JSON, or what it printed."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int | None = None) -> Any:
        command = [*arguments, "--store", f"sqlite:///{tmp_path / 'runs.sqlite3'}"]
        done = CliRunner().invoke(program(command), command)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert code is None or done.exit_code == code
        return json.loads(done.stdout) if "json" in arguments and "--quiet" not in arguments else done.stdout

    return run


def seen(tmp_path: Path, camaudit: Run, month: int, units: dict[str, Any], *, checked: bool = True) -> str:
    """Store a visit and let its verdicts be kept."""
    run = visit(new_store(tmp_path), date(2025, month, 3), units)
    if checked:
        camaudit("check", run, "--as-of", AFTER_THE_DAY, "--quiet")
    return run


def diff(camaudit: Run) -> Any:
    return camaudit("diff", "--format", "json")


@pytest.mark.parametrize("checked", [True, False])
def test_a_unit_that_was_silent_once_is_back_and_not_new(tmp_path: Path, camaudit: Run, checked: bool) -> None:
    # Given a unit that did not answer the last time, in runs that were judged and in runs that never were
    seen(tmp_path, camaudit, 6, {**NINE, **TEN}, checked=checked)
    seen(tmp_path, camaudit, 7, NINE, checked=checked)
    seen(
        tmp_path, camaudit, 8, {**NINE, "192.0.2.77": hikvision(10), "192.0.2.11": hikvision(11)}, checked=checked
    )
    told = {each["after"]["address"]: each for each in diff(camaudit)["devices"]}
    assert told["192.0.2.77"]["change"] == ["back", "moved"]
    assert told["192.0.2.77"]["last_seen"] == "2025-06-03"
    assert told["192.0.2.77"]["recognised_by"] == "serial"
    assert told["192.0.2.11"]["change"] == ["new"]


def test_a_unit_that_is_back_as_it_was_opens_nothing(tmp_path: Path, camaudit: Run) -> None:
    seen(tmp_path, camaudit, 6, {**NINE, **TEN})
    seen(tmp_path, camaudit, 7, NINE)
    (lost,) = [each for each in diff(camaudit)["unseen"] if each["rule"] == RULE]
    assert (lost["address"], lost["state"], lost["whereabouts"]) == ("192.0.2.10", "violation", "silent")
    seen(tmp_path, camaudit, 8, {**NINE, **TEN})
    told = diff(camaudit)
    assert told["verdicts"] == told["opened"] == []
    assert told["summary"]["back"] == 1


def test_what_was_put_right_and_broke_again_says_since_when(tmp_path: Path, camaudit: Run) -> None:
    # Given a unit that was taken down for another maker's, and is put up again
    seen(tmp_path, camaudit, 6, NINE)
    seen(tmp_path, camaudit, 7, {"192.0.2.9": axis(9)})
    assert diff(camaudit)["summary"]["closed"] > 0
    seen(tmp_path, camaudit, 8, NINE)
    told = diff(camaudit)
    (again,) = [each for each in told["opened"] if each["rule"] == RULE]
    assert (again["how"], again["again"], again["open_before"]) == ("replaced", True, "2025-06-03")
    assert "it was open on 3 June 2025 already, and then not" in again["why"]
    assert told["summary"]["opened_again"] >= 1


def test_a_unit_that_tells_less_is_not_closed(tmp_path: Path, camaudit: Run) -> None:
    # Given a unit whose pages are shut this time: at its address something answers that does not say what it is
    seen(tmp_path, camaudit, 6, NINE)
    seen(tmp_path, camaudit, 7, {"192.0.2.9": {"port": {"port.open": ("554",)}}})
    told = diff(camaudit)
    assert told["summary"]["closed"] == 0
    (unit,) = told["devices"]
    assert unit["recognised_by"] == "address"


def test_another_site_in_the_store_is_not_remembered(tmp_path: Path, camaudit: Run) -> None:
    store = new_store(tmp_path)
    visit(store, date(2025, 5, 3), TEN, replace(SENSITIVE, name="Elsewhere"))
    seen(tmp_path, camaudit, 6, NINE)
    seen(tmp_path, camaudit, 7, {**NINE, **TEN})
    assert [each["change"] for each in diff(camaudit)["devices"]] == [["new"]]


def test_trends_name_the_run_that_stands_for_a_term_and_its_reach(tmp_path: Path, camaudit: Run) -> None:
    seen(tmp_path, camaudit, 6, {**NINE, **TEN})
    second = seen(tmp_path, camaudit, 7, {**NINE, "192.0.2.10": axis(10)})
    # Given an own division of the year
    (tmp_path / "halves.yaml").write_text(
        "schema: camaudit/periods@1\nperiods:\n"
        "  - {name: Before the works, first: 2025-01-01, last: 2025-06-30}\n"
        "  - {name: After the works, first: 2025-07-01, last: 2025-12-31}\n"
    )
    told = camaudit("trends", "--by", "halves.yaml", "--format", "json")
    (site,) = told["sites"]
    assert site["site"] == "HQ"
    assert [(term["term"], term["left"], term["closed"]) for term in site["terms"]] == [
        ("Before the works", 2, 0), ("After the works", 1, 1),
    ]  # fmt: skip
    assert (site["terms"][1]["run"], site["terms"][1]["addresses"], site["terms"][1]["answered"]) == (
        second,
        256,
        2,
    )
    assert told["in_all"][1]["left"] == 1
    text = camaudit("trends", "--by", "quarter")
    assert "Q2 2025" in text
    assert "2 of 256" in text
    rows = camaudit("trends", "HQ", "--by", "year", "--format", "csv").splitlines()
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("  - {name: '', first: 2025-01-01, last: 2025-06-30}", "p.yaml:3: periods.0.name: must say which"),
        ("  - {name: A, first: 2025-06-30, last: 2025-01-01}", "p.yaml:3: periods.0.last: lies before first"),
        (
            "  - {name: A, first: 2025-01-01, last: 2025-06-30}\n  - {name: B, first: 2025-06-30, last: 2025-08-01}",  # noqa: E501
            "p.yaml:4: periods.1.first: lies in the period before",
        ),
    ],
)
def test_a_file_of_periods_that_is_wrong_says_where(
    tmp_path: Path, camaudit: Run, lines: str, problem: str
) -> None:
    (tmp_path / "p.yaml").write_text(f"schema: camaudit/periods@1\nperiods:\n{lines}\n")
    with pytest.raises(CamauditError) as told:
        camaudit("trends", "--by", "p.yaml")
    assert told.value.exit_code == 2
    assert problem in str(told.value)


def test_a_file_without_periods_is_wrong(tmp_path: Path, camaudit: Run) -> None:
    (tmp_path / "p.yaml").write_text("schema: camaudit/periods@1\nperiods: []\n")
    with pytest.raises(CamauditError, match=r"p\.yaml:\d+: .*names no period; write at least one"):
        camaudit("trends", "--by", "p.yaml")


def test_a_division_or_a_site_that_is_not_there_says_what_is(tmp_path: Path, camaudit: Run) -> None:
    with pytest.raises(CamauditError, match="term, quarter, year, school-year"):
        camaudit("trends", "--by", "fortnight")
    seen(tmp_path, camaudit, 6, NINE)
    with pytest.raises(CamauditError, match="no run of a site of this name"):
        camaudit("trends", "Nowhere")


def test_trends_of_an_empty_store_say_what_to_do(camaudit: Run) -> None:
    assert "make one with `camaudit audit`" in camaudit("trends")


def test_a_unit_is_known_since_the_first_look_that_saw_it(tmp_path: Path, camaudit: Run) -> None:
    # Given a unit that moved, was silent for a look and came back, and one that is new
    seen(tmp_path, camaudit, 5, {**NINE, **TEN})
    seen(tmp_path, camaudit, 6, {**NINE, "192.0.2.70": hikvision(10)})
    seen(tmp_path, camaudit, 7, NINE)
    last = seen(tmp_path, camaudit, 8, {**NINE, **TEN, "192.0.2.11": hikvision(11)})
    camaudit("report", last, "--format", "json", "--as-of", AFTER_THE_DAY, "--quiet")
    told = json.loads((tmp_path / "camaudit-out" / "report.json").read_text())
    assert {each["address"]: each["first_seen"] for each in told["devices"]} == {
        "192.0.2.9": "2025-05-03",
        "192.0.2.10": "2025-05-03",
        "192.0.2.11": "2025-08-03",
    }


def small_look(tmp_path: Path, month: int, scope: str, *, ended: bool) -> str:
    """Store a look at one unit in a narrow scope, or one that was ended early."""
    at = datetime(2025, month, 20, 9, tzinfo=UTC)
    store = new_store(tmp_path)
    run = ModelRun(f"2025{month:02}20-090000-abcd", at, None, "0.1.0", (scope,))
    writer = store.begin(run, SENSITIVE, ((scope,), ()))
    for probe, fields in hikvision(9).items():
        writer.observation(Observation(Target("192.0.2.9"), probe, Outcome.ANSWERED, fields, at))
    writer.host("192.0.2.9", "answered")
    writer.flush()
    if not ended:
        store.finish(run.id, at, ())
    return run.id


def test_a_small_look_after_a_large_one_does_not_stand_for_the_term(tmp_path: Path, camaudit: Run) -> None:
    first = seen(tmp_path, camaudit, 6, {**NINE, **TEN})
    small_look(tmp_path, 6, "192.0.2.9", ended=False)
    # Nor does one that was ended early, where a complete one is there
    small_look(tmp_path, 7, "192.0.2.0/24", ended=True)
    (site,) = camaudit("trends", "--by", "year", "--format", "json")["sites"]
    assert [(term["run"], term["left"], term["unseen"]) for term in site["terms"]] == [(first, 2, 0)]
    # Alone in its term it has to, and says what it is: the other unit is carried
    (site,) = camaudit("trends", "--by", "quarter", "--format", "json")["sites"]
    assert [(term["complete"], term["left"], term["unseen"], term["closed"]) for term in site["terms"]] == [
        (True, 2, 0, 0), (False, 1, 1, 0),
    ]  # fmt: skip
    assert "Q3 2025: ended early" in camaudit("trends", "--by", "quarter")


def test_a_rule_that_nobody_asked_this_time_closes_nothing(tmp_path: Path, camaudit: Run) -> None:
    # Given a look that was judged by a pack chosen by hand, and one that was not
    first = visit(new_store(tmp_path), date(2025, 6, 3), NINE)
    pack = ("--policy", "uk-central-sensitive-site", "--as-of", AFTER_THE_DAY, "--quiet")
    camaudit("check", first, *pack)
    second = visit(new_store(tmp_path), date(2025, 7, 3), NINE)
    camaudit("check", second, "--policy", "uk-school", "--as-of", AFTER_THE_DAY, "--quiet")
    told = diff(camaudit)
    assert told["closed"] == []
    assert told["summary"]["doubtful"] >= 1
    assert "other policies were chosen (uk-school)" in {each["why"] for each in told["verdicts"]}


def test_without_names_two_runs_of_one_site_are_compared(tmp_path: Path, camaudit: Run) -> None:
    first = seen(tmp_path, camaudit, 6, NINE)
    visit(new_store(tmp_path), date(2025, 6, 13), TEN, replace(SENSITIVE, name="Elsewhere"))
    last = seen(tmp_path, camaudit, 7, NINE)
    told = diff(camaudit)
    assert (told["before"]["run"], told["after"]["run"]) == (first, last)
    other = camaudit("diff", "20250613", last, "--format", "json")
    assert any("of different sites (Elsewhere and HQ)" in notice for notice in other["notices"])


def test_packs_that_were_chosen_once_do_not_make_a_trend(tmp_path: Path, camaudit: Run) -> None:
    first = visit(new_store(tmp_path), date(2025, 6, 3), NINE)
    camaudit("check", first, "--as-of", AFTER_THE_DAY, "--quiet")
    second = visit(new_store(tmp_path), date(2025, 7, 3), NINE)
    camaudit("check", second, "--policy", "uk-school", "--as-of", "2025-07-03", "--quiet")
    (site,) = camaudit("trends", "--by", "quarter", "--format", "json")["sites"]
    # The newest look was judged by a pack that asks nothing: so are the earlier ones, and nothing is closed
    assert [(term["left"], term["closed"]) for term in site["terms"]] == [(0, 0), (0, 0)]
