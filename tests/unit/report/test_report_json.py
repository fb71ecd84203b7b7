"""report.json keeps the contract: every field of the schema is there, and the schema knows every field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from report_factory import HOSTILE, hostile_school, nothing_found, school

from camaudit.model import Report
from camaudit.report.json import render, schema

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}


def problems(value: Any, form: dict[str, Any], where: str = "$") -> list[str]:
    """Check a value against the part of JSON Schema that our schema uses; unknown keys are problems here."""
    if "const" in form:
        return [] if value == form["const"] else [f"{where}: {value!r}"]
    if "anyOf" in form:
        told = [problems(value, each, where) for each in form["anyOf"]]
        return [] if any(not each for each in told) else told[0]
    kinds = form["type"] if isinstance(form["type"], list) else [form["type"]]
    allowed = tuple(kind for name in kinds for kind in _TYPES[name])
    if not isinstance(value, allowed) or (isinstance(value, bool) and bool not in allowed):
        return [f"{where}: {value!r} is no {kinds}"]
    if "enum" in form and value not in form["enum"]:
        return [f"{where}: {value!r} is none of {form['enum']}"]
    if ("minimum" in form and value < form["minimum"]) or ("maximum" in form and value > form["maximum"]):
        return [f"{where}: {value!r} is out of range"]
    found = []
    if isinstance(value, dict):
        known = form.get("properties", {})
        rest = form.get("additionalProperties")
        found += [f"{where}: {key} is missing" for key in form.get("required", ()) if key not in value]
        for key, each in value.items():
            if key in known or rest:
                found += problems(each, known.get(key, rest), f"{where}.{key}")
            else:
                found.append(f"{where}: {key} is not in the schema")
    if isinstance(value, list):
        for place, each in enumerate(value):
            found += problems(each, form["items"], f"{where}[{place}]")
    return found


@pytest.mark.parametrize("report", [school(), hostile_school(), nothing_found()])
def test_report_fits_its_schema(report: Report) -> None:
    assert problems(json.loads(render(report)), schema()) == []


def test_the_check_itself_finds_what_is_wrong() -> None:
    data = json.loads(render(school()))
    del data["site"]["name"]
    data["devices"][0]["maker"]["confidence"] = 1.5
    data["findings"][0]["verdict"] = "guilty"
    data["surprise"] = 1
    assert len(problems(data, schema())) == 4


def test_the_contract_is_kept() -> None:
    data = json.loads(render(school()))
    lts = next(d for d in data["devices"] if d["address"] == "127.77.0.3")
    assert data["schema"] == "camaudit/report@1"
    assert data["run"]["started"] == "2026-11-24T08:30:00Z"
    assert lts["maker"] == {"id": "hikvision", "name": "Hikvision", "certainty": "probable", "confidence": 0.86}
    assert lts["brand"] == {"id": "lts", "name": "LTS"}
    assert (lts["relation"], lts["firmware_date"]) == ("oem", "2019-01-20")
    finding = data["findings"][0]
    assert finding["citations"][0]["documents"] == ["doc-002"]
    assert finding["citations"][0]["document_notes"][0]["correction"]
    assert data["remediation"][0]["action"] == "isolate"
    assert data["remediation"][0]["cost"] is None
    assert [d["waiver"]["expires"] for d in data["findings"] if d["waiver"]] == ["2027-03-01"]


def test_no_terminal_obeys_it_and_nothing_is_lost() -> None:
    text = render(hostile_school())
    assert all(character == "\n" or 32 <= ord(character) < 127 for character in text)
    assert [d["model"] for d in json.loads(text)["devices"]][-len(HOSTILE) :] == list(HOSTILE)
