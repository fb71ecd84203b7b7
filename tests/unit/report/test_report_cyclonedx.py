"""CycloneDX: valid by the strict schema, and no maker is stated that is not sure."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from report_factory import HOSTILE, device, estate, hostile_device, hostile_school, nothing_found, school

from camaudit.model import Report, Vulnerability
from camaudit.report.cyclonedx import render
from camaudit.report.summary import SURE, counts, standing_of

_WEAK = (
    Vulnerability("CVE-2021-36260", "Commands from outside", "affected", date(2022, 1, 10), (), date(2026, 6, 1)),
    Vulnerability("CVE-2017-7921", "Wrong login", "possibly_affected", None, (), date(2026, 6, 1), "A note."),
    Vulnerability("vendor-7", "Old", "fixed"),
)
_WEAK_SCHOOL = replace(
    school(),
    devices=(
        replace(school().devices[0], vulnerabilities=_WEAK),
        replace(school().devices[1], vulnerabilities=_WEAK[:1]),
        replace(device(40, firmware=None), vulnerabilities=_WEAK[:1]),
        *school().devices[2:],
    ),
)
_REPORTS = {
    "school": school(),
    "weak": _WEAK_SCHOOL,
    "hostile": school(*(hostile_device(20 + n, t) for n, t in enumerate((*HOSTILE, "", " ", "x" * 9000)))),
    "nothing": nothing_found(),
    "estate": estate(300),
}


def _made(report: Report) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(render(report))
    return made


def _own(component: dict[str, Any]) -> dict[str, str]:
    return {each["name"].removeprefix("camaudit:"): each["value"] for each in component["properties"]}


@pytest.mark.parametrize("name", _REPORTS)
def test_it_is_valid_by_the_strict_schema(name: str) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(render(_REPORTS[name])) is None


def test_the_schema_would_find_what_is_wrong() -> None:
    broken = _made(school())
    broken["components"][0]["type"] = "camera"
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(broken)) is not None


def test_a_maker_is_stated_only_where_it_is_sure() -> None:
    report = hostile_school()
    sure = {each.id: each.identification.certainty in SURE for each in report.devices}
    for component in _made(report)["components"]:
        assert ("manufacturer" in component) <= sure[_own(component)["id"]]


def test_verdicts_and_counts_are_those_of_the_report() -> None:
    report = hostile_school()
    made = _made(report)
    said = {_own(each)["id"]: _own(each)["verdict"] for each in made["components"]}
    assert said == {name: str(standing) for name, standing in standing_of(report).items()}
    figures = {k: v for k, v in _own(made["metadata"]).items() if k.startswith("count-")}
    assert figures == {f"count-{key.replace('_', '-')}": str(n) for key, n in counts(report).items()}


def test_what_is_weak_names_the_firmware_that_has_it() -> None:
    made = _made(_WEAK_SCHOOL)
    firmware = {f["bom-ref"]: f["version"] for c in made["components"] for f in c.get("components", ())}
    devices = {c["bom-ref"] for c in made["components"]}
    found = {(v["id"], v["analysis"]["state"]): v for v in made["vulnerabilities"]}
    triage = {("CVE-2021-36260", "in_triage"), ("CVE-2017-7921", "in_triage")}
    assert set(found) == {*triage, ("vendor-7", "resolved")}
    affects = found["CVE-2021-36260", "in_triage"]["affects"]
    assert [each["ref"] in firmware for each in affects] == [True, True, False]
    assert affects[2]["ref"] in devices
    assert affects[0]["versions"] == [{"version": "V5.5.82 build 190120", "status": "affected"}]
    assert found["CVE-2017-7921", "in_triage"]["affects"][0]["versions"][0]["status"] == "unknown"


def test_the_same_report_is_the_same_file() -> None:
    assert render(hostile_school()) == render(hostile_school())
