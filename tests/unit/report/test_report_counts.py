"""All formats count alike, and a waived finding is neither broken nor kept."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace

import pytest
from report_factory import device, finding, hostile_school, nothing_found, school

from camaudit.model import Report, Verdict
from camaudit.report import csv as register
from camaudit.report import html
from camaudit.report import json as report_json
from camaudit.report.sentences import answer
from camaudit.report.summary import Standing, counts, instruments, judge, judged, makers, questions
from camaudit.report.words import words

REPORTS = [school(), hostile_school(), nothing_found(), nothing_found(3)]


@pytest.mark.parametrize("report", REPORTS)
def test_html_json_and_csv_agree(report: Report) -> None:
    # Given one report in three formats
    page, data = html.render(report), json.loads(report_json.render(report))
    rows = list(csv.DictReader(io.StringIO(register.render(report).removeprefix("\ufeff"))))
    # Then each count of the page is the count of report.json
    shown = {name.replace("-", "_"): int(n) for name, n in re.findall(r'data-count-([a-z-]+)="(\d+)"', page)}
    assert shown == data["summary"]
    # And that is what counting the devices themselves gives
    assert len(rows) == len(data["devices"]) == shown["devices"]
    for standing, key in (("violation", "violations"), ("review", "reviews"), ("waived", "waived")):
        assert sum(d["verdict"] == standing for d in data["devices"]) == shown[key]
        assert sum(row["Verdict"] == words().verdicts[standing] for row in rows) == shown[key]


def test_the_school_has_one_of_each() -> None:
    number = counts(school())
    assert (number["video"], number["violations"], number["reviews"]) == (6, 2, 2)
    assert (number["waived"], number["compliant"], number["other"]) == (1, 1, 1)
    assert number["findings_waived"] == 1


def test_the_headline_verdict_is_the_worst_that_nobody_waived() -> None:
    unit = device(1)
    broken, kept = finding(unit, Verdict.VIOLATION), finding(unit, Verdict.COMPLIANT)
    waiver = next(f.waiver for f in school().findings if f.waiver)
    waived = replace(broken, waiver=waiver)
    assert judge(unit, [kept, broken]).standing is Standing.VIOLATION
    assert judge(unit, [waived, kept]).standing is Standing.WAIVED
    assert judge(unit, [waived, finding(unit, Verdict.REVIEW)]).standing is Standing.REVIEW
    assert judge(unit, [kept]).standing is Standing.COMPLIANT
    assert judge(unit, []).standing is Standing.NOT_APPLICABLE


def test_a_maker_counts_only_where_it_is_sure() -> None:
    assert makers(school()) == (("hikvision", 3), ("axis", 1), ("dahua", 1), (None, 1))


def test_questions_and_instruments_come_once() -> None:
    assert [len(question.devices) for question in questions(school())] == [2, 1]
    cited = [each.citation.instrument for each in instruments(school())]
    assert len(cited) == len(set(cited)) == 2


def test_the_worst_devices_come_first_and_addresses_sort_as_numbers() -> None:
    report = school(device(10))
    shown = [item.device.address for item in judged(report) if item.standing is Standing.REVIEW]
    assert shown == ["127.77.0.5", "127.77.0.6", "127.77.0.10"]


def test_advice_is_counted_apart_from_questions_of_law() -> None:
    # Given a unit that keeps the rules and could be run better, and one of which a question of law is open too
    tended, asked = device(1), device(2)
    findings = (
        finding(tended, Verdict.COMPLIANT),
        replace(finding(tended, Verdict.REVIEW, question="Can it be set to HTTPS only?"), advice=True),
        finding(asked, Verdict.REVIEW, question="Who paid for it?"),
        replace(finding(asked, Verdict.REVIEW, question="Can it be set to HTTPS only?"), advice=True),
    )
    report = replace(school(), devices=(tended, asked), findings=findings, plan=())
    # Then only the question of law needs an answer
    number = counts(report)
    assert (number["reviews"], number["advice"], number["compliant"]) == (1, 1, 0)
    assert (number["findings_review"], number["findings_advice"], number["questions"]) == (1, 2, 1)
    assert [question.text for question in questions(report)] == ["Who paid for it?"]
    # And every format says so
    assert [f["advice"] for f in report_json.as_json(report)["findings"]] == [False, True, False, True]
    assert words().findings["advice"] in html.render(report)


def test_a_fleet_with_advice_only_is_told_that_no_rule_is_broken() -> None:
    unit = device(1)
    report = replace(school(), devices=(unit,), findings=(replace(finding(unit, Verdict.REVIEW), advice=True),))
    told = answer(report, words())
    assert told.standing == "advice"
    assert "No rule is broken" in told.headline
