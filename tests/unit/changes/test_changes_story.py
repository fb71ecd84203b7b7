"""One site over two years, told by ``camaudit diff``: what changed, and why each verdict did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from change_story import SENSITIVE, axis, hikvision, new_store, visit
from typer.testing import CliRunner

from camaudit.cli.main import program
from camaudit.errors import UsageError

Run = Callable[..., tuple[int, Any]]
FIRST, SECOND = date(2025, 3, 3), date(2026, 3, 3)
BEFORE_THE_DAY, AFTER_THE_DAY = "2025-04-01", "2025-06-01"
PACK = "uk-central-sensitive-site"
RULE = "prc-produced-unit-on-sensitive-site"
WAIVERS = f"""\
schema: camaudit/waivers@1
waivers:
  - rule: {PACK}/{RULE}
    targets: [192.0.2.9]
    reason: The new camera is on its way.
    granted_by: Head of security
    granted: 2025-05-01
    expires: 2025-12-31
"""


@pytest.fixture
def camaudit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command on the store; of ``diff`` return its JSON."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, Any]:
        more = ("--format", "json") if arguments[0] == "diff" else ("--quiet",)
        command = [*arguments, *more, "--store", f"sqlite:///{tmp_path / 'runs.sqlite3'}"]
        done = CliRunner().invoke(program(command), command)
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, json.loads(done.stdout) if arguments[0] == "diff" else done.stdout

    return run


@pytest.fixture
def site(tmp_path: Path) -> str:
    """Return the id of the first visit's run."""
    units = {"192.0.2.9": hikvision(9), "192.0.2.10": hikvision(10), "192.0.2.11": hikvision(11)}
    return visit(new_store(tmp_path), FIRST, {**units, "192.0.2.12": hikvision(12)})


def of_rule(told: dict[str, Any], rule: str = RULE) -> dict[str, dict[str, Any]]:
    return {each["address"]: each for each in told["verdicts"] if each["rule"] == rule}


def causes(verdict: dict[str, Any]) -> list[str]:
    return [each["cause"] for each in verdict["causes"]]


def test_a_year_of_cameras(site: str, tmp_path: Path, camaudit: Run) -> None:
    # Given a second visit: one unit has a new address, one a new firmware, one made room for another maker's, one
    # is gone, and one is new
    camaudit("check", site, "--as-of", AFTER_THE_DAY)
    later = {
        "192.0.2.90": hikvision(9),
        "192.0.2.10": hikvision(10, "V5.5.82build 190909"),
        "192.0.2.11": axis(11),
    }
    second = visit(new_store(tmp_path), SECOND, {**later, "192.0.2.13": hikvision(13)})
    camaudit("check", second, "--as-of", AFTER_THE_DAY)
    # When the last two runs are compared
    code, told = camaudit("diff")
    # Then every unit is told once, by what it was known again
    became = {
        each["after"]["address"] if each["after"] else each["before"]["address"]: each for each in told["devices"]
    }
    assert {address: each["change"] for address, each in became.items()} == {
        "192.0.2.90": ["moved"],
        "192.0.2.10": ["firmware"],
        "192.0.2.11": ["replaced"],
        "192.0.2.12": ["silent"],
        "192.0.2.13": ["new"],
    }
    assert became["192.0.2.90"]["recognised_by"] == became["192.0.2.10"]["recognised_by"] == "serial"
    assert became["192.0.2.12"]["whereabouts"] == "silent"
    firmware = next(fact for fact in became["192.0.2.10"]["facts"] if fact["name"] == "firmware")
    assert (firmware["before"], firmware["after"]) == ("V5.4.0 build 160401", "V5.5.82 build 190909")
    # And each verdict that changed is put down to the device
    verdicts = of_rule(told)
    replaced = verdicts["192.0.2.11"]
    assert (replaced["before"]["state"], replaced["after"]["state"]) == ("violation", "compliant")
    assert "another unit stands in its place" in replaced["why"]
    # One that did not answer is neither gone nor put right: what was open of it could not be checked
    assert "192.0.2.12" not in verdicts
    assert [each["address"] for each in told["unseen"] if each["rule"] == RULE] == ["192.0.2.12"]
    assert {"192.0.2.11"} == {each["address"] for each in told["closed"] if each["rule"] == RULE}
    assert verdicts["192.0.2.13"]["why"] == "the device is new"
    assert "192.0.2.90" not in verdicts
    assert all(causes(each) == ["device"] for each in told["verdicts"])
    # A new unit that breaks a rule is what a scheduled job has to hear of
    assert code == 1
    assert told["before"]["as_reported"]


def test_law_that_comes_into_force(site: str, camaudit: Run) -> None:
    code, told = camaudit("diff", site, "--as-of", BEFORE_THE_DAY, "--as-of", AFTER_THE_DAY)
    verdicts = of_rule(told)
    assert len(verdicts) == 4
    for each in verdicts.values():
        assert (each["before"]["state"], each["after"]["state"]) == ("not_applicable", "violation")
        assert causes(each) == ["law_date"]
        assert each["why"] == "the law: this rule applies from 1 May 2025 on"
    assert told["summary"]["same"] == 4
    assert not told["before"]["as_reported"]
    assert code == 1


def test_waiver_that_runs_out(site: str, tmp_path: Path, camaudit: Run) -> None:
    (tmp_path / "waivers.yaml").write_text(WAIVERS)
    camaudit("check", site, "--as-of", AFTER_THE_DAY, "--waivers", "waivers.yaml")
    # While it lasts nothing changes; the day after its end its unit, and no other, breaks the rule again
    assert of_rule(camaudit("diff", site, "--as-of", "2025-12-31")[1]) == {}
    code, told = camaudit("diff", site, "--as-of", "2026-01-01")
    ((address, each),) = of_rule(told).items()
    assert address == "192.0.2.9"
    assert (each["before"], each["after"]) == (
        {"state": "violation", "waived": True},
        {"state": "violation", "waived": False},
    )
    assert each["why"] == (
        "the waiver of Head of security ran out on 31 December 2025: The new camera is on its way"
    )
    assert code == 1


def test_waiver_that_is_given(site: str, tmp_path: Path, camaudit: Run) -> None:
    (tmp_path / "waivers.yaml").write_text(WAIVERS)
    camaudit("check", site, "--as-of", AFTER_THE_DAY)
    code, told = camaudit("diff", site, "--as-of", AFTER_THE_DAY, "--waivers", "waivers.yaml")
    (each,) = of_rule(told).values()
    assert causes(each) == ["waiver"]
    assert "a waiver was given by Head of security" in each["why"]
    assert code == 0


def test_answer_in_the_site_file(site: str, tmp_path: Path, camaudit: Run) -> None:
    # Given a department that has classed the site as not sensitive, and renamed it
    camaudit("check", site, "--as-of", AFTER_THE_DAY)
    other = "schema: camaudit/site@1\nname: Headquarters\njurisdiction: GB-ENG\nkind: government\n"
    (tmp_path / "other.yaml").write_text(f"{other}facts: {{central_government: true, sensitive_site: false}}\n")
    _, told = camaudit("diff", site, "--as-of", AFTER_THE_DAY, "--site", "other.yaml")
    for each in of_rule(told).values():
        assert causes(each) == ["site"]
        # Only the answer that matters is named
        assert each["why"] == "an answer in site.yaml changed (sensitive_site: true → false)"


def test_two_things_that_only_together_change_a_verdict(site: str, tmp_path: Path, camaudit: Run) -> None:
    # Given a first look as of a day before the rule, at a site that nobody had classed
    unclassed = replace(SENSITIVE, facts={"central_government": True})
    run = visit(new_store(tmp_path), date(2025, 3, 4), {"192.0.2.9": hikvision(9)}, unclassed)
    camaudit("check", run, "--as-of", BEFORE_THE_DAY)
    classed = "schema: camaudit/site@1\nname: HQ\njurisdiction: GB-ENG\nkind: government\n"
    (tmp_path / "classed.yaml").write_text(f"{classed}facts: {{central_government: true, sensitive_site: true}}\n")
    _, told = camaudit("diff", run, "--as-of", AFTER_THE_DAY, "--site", "classed.yaml")
    (each,) = of_rule(told).values()
    assert (each["after"]["state"], each["together"]) == ("violation", True)
    assert set(causes(each)) == {"law_date", "site"}
    assert each["why"].endswith("only together")


def test_rules_that_were_rewritten(site: str, tmp_path: Path, camaudit: Run) -> None:
    # Given an own rule that asked for nothing of Hikvision, and was then made to
    own = tmp_path / "own"
    own.mkdir()
    (own / "own.yaml").write_text(OWN.replace("MAKER", "dahua"))
    camaudit("check", site, "--as-of", AFTER_THE_DAY, "--policies", "own")
    (own / "own.yaml").write_text(OWN.replace("MAKER", "hikvision"))
    _, told = camaudit("diff", site, "--as-of", AFTER_THE_DAY, "--policies", "own")
    verdicts = of_rule(told, "phased-out")
    assert len(verdicts) == len(told["verdicts"]) == 4
    for each in verdicts.values():
        assert (each["before"]["state"], each["after"]["state"]) == ("compliant", "violation")
        assert causes(each) == ["rules"]
        assert each["why"] == "our record of the rules changed (Our own rule); the device did not"
    assert any("only a digest is kept" in notice for notice in told["notices"])


OWN = """\
schema: camaudit/policy@1
id: own
title: Our own rule
jurisdiction: any
version: '1'
status: internal
about: Made.
applies_to: {always: true}
makers: {named: {members: [MAKER], cites: [own-decision]}}
own_instruments:
  - id: own-decision
    title: Our decision
    citation: Minutes of 1 March
    jurisdiction: [any]
    issuing_body: The board
    binds: Us.
    force: own_decision
    restricts: [use]
    asks: Not to use them.
    installed_camera: To go.
    reach: Those named.
    made: 2025-01-01
    status: in force
    known_as_of: '2025-01'
    checked: 2026-11-01
    confidence: high
    role: rule
rules:
  - id: phased-out
    title: It is of a maker that we no longer use
    severity: low
    violated_when: {maker_in: named}
    cites: [own-decision]
    remedy: replace
    reason: {violation: 'This {device} is of {maker}.'}
    examples:
      - {name: one, maker: MAKER, expect: violation}
      - {name: two, maker: axis, expect: compliant}
"""


def test_what_was_never_checked_is_judged_anew_and_says_so(site: str, camaudit: Run) -> None:
    _, told = camaudit("diff", site, "--as-of", "2025-03-03")
    assert not told["before"]["as_reported"]
    assert told["verdicts"] == []
    assert any("was not kept" in notice for notice in told["notices"])


def test_one_run_alone_is_nothing_to_compare(site: str, camaudit: Run) -> None:
    with pytest.raises(UsageError, match="fewer than two runs"):
        camaudit("diff")
