"""Lines for a SIEM: valid by OCSF's own schema, parsed by CEF's own rules, whatever a device is called."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_factory import HOSTILE, hostile_school, nothing_found, school

from camaudit.model import Verdict
from camaudit.report import cef, ocsf
from camaudit.report.siem import lines_of, moment, severity_of
from siem_reading import DICTIONARY, events, parsed


def test_each_device_and_each_finding_is_a_valid_event() -> None:
    report = school()
    found = events("".join(ocsf.pieces(report)))
    devices = [event for event in found if event["class_uid"] == ocsf.INVENTORY]
    findings = [event for event in found if event["class_uid"] == ocsf.COMPLIANCE]
    assert len(devices) == len(report.devices)
    assert len(findings) == len(report.findings)
    assert {event["type_uid"] for event in found} == {500102, 200301}
    results = {event["unmapped"]["state"]: event["compliance"]["status"] for event in findings}
    assert results["violation"] == "Fail"
    assert results["review"] == "Warning"
    # A rule's severity is not lost, and a question is no alarm.
    assert {e["severity"] for e in findings if e["unmapped"]["state"] == "violation"} <= {"Critical", "High"}
    assert {e["severity_id"] for e in findings if e["unmapped"]["state"] == "review"} <= {1, 2, 3}
    waived = [event for event in findings if event["unmapped"]["accepted"]]
    assert {(event["status"], event["compliance"]["status"]) for event in waived} == {("Suppressed", "Fail")}


def test_a_maker_that_is_not_sure_is_in_no_field_that_somebody_counts_by() -> None:
    report = school()
    unsure = next(d for d in report.devices if d.identification.certainty.value == "possible")
    found = events("".join(ocsf.pieces(report)))
    device = next(event["device"] for event in found if event.get("device", {}).get("uid") == unsure.id)
    assert "vendor_name" not in device


def test_ids_last_from_run_to_run() -> None:
    report = school()
    later = replace(report, run=replace(report.run, id="20270101-090000-abcd"))
    assert [line.uid for line in lines_of(report)] == [line.uid for line in lines_of(later)]
    uids = [line.uid for line in lines_of(report)]
    assert len(set(uids)) == len(uids)


def test_each_line_of_cef_is_read_back_as_it_was_meant() -> None:
    report = school()
    lines = "".join(cef.pieces(report)).splitlines()
    told = [f for f in report.findings if f.state in ("violation", "review", "advice")]
    assert len(lines) == 1 + len(told)
    head, run = parsed(lines[0])
    assert head[:5] == ["CEF:0", "camaudit", "camaudit", report.run.tool_version, "run"]
    assert (run["cs6Label"], run["cs6"]) == ("site", report.site.name)
    by_uid = {line.uid: line for line in lines_of(report)}
    for text in lines[1:]:
        head, fields = parsed(text)
        line = by_uid[fields["externalId"]]
        assert (fields["dst"], fields["cs1"], fields["cs2"]) == (line.address, line.policy, line.rule)
        assert fields["msg"] == line.reason
        assert int(fields["rt"]) == int(moment(report).timestamp() * 1000)
        assert int(head[6]) in range(11)
        assert fields.keys() <= DICTIONARY, fields.keys() - DICTIONARY


def test_hostile_names_end_no_line_and_add_no_field() -> None:
    report = hostile_school()
    lines = "".join(cef.pieces(report)).splitlines()
    assert all(line.isprintable() for line in lines)
    assert len(events("".join(ocsf.pieces(report)))) == len(report.devices) + len(report.findings)
    for line in lines:
        _, fields = parsed(line)
        assert fields.keys() <= DICTIONARY


@given(st.text() | st.sampled_from(HOSTILE) | st.from_regex(r"[ =|\\a]{0,12}", fullmatch=True))
def test_no_text_breaks_out_of_its_field(text: str) -> None:
    report = school()
    line = next(lines_of(report))
    made = cef.finding_line(replace(line, model=text, title=text, reason=f"{text} act=close"), "finding")
    assert len(made.splitlines()) == 1
    head, fields = parsed(made)
    assert head[0] == "CEF:0"
    assert fields["act"] == line.remedy
    assert fields["externalId"] == line.uid
    json.dumps(ocsf.finding(replace(line, model=text)))


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("192.0.2.7", {"dst": "192.0.2.7"}),
        ("fe80::1%eth0", {"c6a3Label": "Destination IPv6 Address", "c6a3": "fe80::1"}),
        ("192.0.2.24#3", {"dhost": "192.0.2.24#3"}),
        ("", {}),
    ],
)
def test_each_kind_of_address_has_its_field(address: str, fields: dict[str, str]) -> None:
    assert cef.address_fields(address) == fields


def test_nothing_found_still_says_that_it_was_looked() -> None:
    assert len("".join(cef.pieces(nothing_found())).splitlines()) == 1
    assert "".join(ocsf.pieces(nothing_found())) == ""


def test_only_what_is_broken_is_loud() -> None:
    assert severity_of(Verdict.VIOLATION.value, "critical") == "critical"
    assert severity_of(Verdict.VIOLATION.value, "low") == "low"
    assert severity_of(Verdict.REVIEW.value, "critical") == "medium"
    assert severity_of("advice", "high") == "low"
    assert severity_of(Verdict.COMPLIANT.value, "critical") == "info"
