"""OSCAL: valid by the schema of its makers, every reference leads somewhere, and no review says "broken"."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from report_factory import HOSTILE, estate, finding, hostile_device, hostile_school, nothing_found, school

from camaudit.model import Report, Verdict
from camaudit.report.oscal import OSCAL_VERSION, render
from camaudit.report.summary import Standing, counts, standing_of

_SCHEMA = Path(__file__).parents[2] / "schemas" / "oscal" / "oscal_complete_schema.json"
_REPORTS = {
    "school": school(),
    "hostile": school(*(hostile_device(20 + n, t) for n, t in enumerate((*HOSTILE, "", " ", "\n", "x" * 9000)))),
    "nothing": nothing_found(),
    "estate": estate(300),
}


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(json.loads(_SCHEMA.read_text("utf-8")), validate_formats=True)


def _made(report: Report) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(render(report))
    return made


def _result(report: Report) -> dict[str, Any]:
    result: dict[str, Any] = _made(report)["assessment-results"]["results"][0]
    return result


def _props(item: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in item["props"]}


def _values(value: Any, names: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in value.items():
            if name in names:
                yield item
            yield from _values(item, names)
    elif isinstance(value, list):
        for item in value:
            yield from _values(item, names)


@pytest.mark.parametrize("name", _REPORTS)
def test_it_is_valid_by_the_published_schema(name: str) -> None:
    found = _validator().iter_errors(_made(_REPORTS[name]))
    assert [f"{each.instance_path}: {each.message[:200]}" for each in found] == []


def test_the_schema_would_find_what_is_wrong() -> None:
    broken = _made(school())
    broken["assessment-results"]["results"][0]["findings"][0]["target"]["status"]["state"] = "banned"
    assert not _validator().is_valid(broken)
    empty = _made(school())
    empty["assessment-results"]["results"][0]["observations"] = []
    assert not _validator().is_valid(empty)


@pytest.mark.parametrize("name", _REPORTS)
def test_every_reference_leads_somewhere_and_no_name_is_given_twice(name: str) -> None:
    made = _made(_REPORTS[name])
    given = list(_values(made, ("uuid",)))
    assert len(given) == len(set(given))
    used = set(_values(made, ("subject-uuid", "observation-uuid", "risk-uuid")))
    used |= {each[1:] for each in _values(made, ("href",)) if each.startswith("#")}
    assert used <= set(given)


def test_a_review_is_neither_passed_nor_failed() -> None:
    for each in _result(school())["findings"]:
        status, verdict = each["target"]["status"], _props(each)["verdict"]
        assert (status["reason"] == "fail") is (verdict == "violation")
        assert (status["reason"] == "pass") is (verdict == "compliant")


def test_advice_says_of_nothing_that_it_is_broken() -> None:
    unit = school().devices[0]
    advised = finding(unit, Verdict.REVIEW, advice=True)
    (said,) = _result(replace(school(), findings=(advised,)))["findings"]
    assert said["target"]["status"] == {"state": "satisfied", "reason": "other"}
    assert _props(said)["verdict"] == "advice"


def test_verdicts_and_counts_are_those_of_the_report() -> None:
    report = hostile_school()
    result, number = _result(report), counts(report)
    standings = [_props(each)["verdict"] for each in result["local-definitions"]["inventory-items"]]
    assert sorted(standings) == sorted(str(each) for each in standing_of(report).values())
    assert standings.count(str(Standing.VIOLATION)) == number["violations"]
    assert {int(v) for k, v in _props(result).items() if k == "count-findings"} == {len(result["findings"])}


def test_what_somebody_accepted_is_a_deviation_and_a_step_has_its_day() -> None:
    risks = {each["uuid"]: each for each in _result(school())["risks"]}
    accepted = [each for each in risks.values() if each["status"] == "deviation-approved"]
    assert [_props(each)["granted-by"] for each in accepted] == ["A. Head"]
    waived = next(f for f in _result(school())["findings"] if "waived" in _props(f))
    assert waived["related-risks"] == [{"risk-uuid": accepted[0]["uuid"]}]
    assert "2026-12-31T23:59:59Z" in {each.get("deadline") for each in risks.values()}


def test_the_same_report_is_the_same_file_and_says_its_version() -> None:
    assert render(hostile_school()) == render(hostile_school())
    assert _made(school())["assessment-results"]["metadata"]["oscal-version"] == OSCAL_VERSION == "1.2.1"
