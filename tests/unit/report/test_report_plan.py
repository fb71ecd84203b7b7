"""The plan in every format: cost, people and effort agree, and without a price table none states a figure."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest
from report_factory import TODAY, estate, hostile_school, school

from camaudit.model import Hours, Planning, Prices, Progress, Range, Report
from camaudit.plan import plan
from camaudit.report import csv as tables
from camaudit.report import html, xlsx
from camaudit.report import json as report_json
from camaudit.report.costs import cost_view, money
from camaudit.report.words import words

PRICES = Prices(
    "GBP",
    "Offer of <Example> & co",
    TODAY,
    "No tax.",
    Range(40, 60),
    {"replace": Hours(each=Range(1.5, 3)), "isolate": Hours(once=Range(2, 4))},
    {"camera": Range(180, 320.5)},
)


def priced(report: Report, prices: Prices | None = PRICES) -> Report:
    planning = Planning(prices, days={"isolate": 14}, who={"isolate": "B. <Admin>"})
    steps = plan(report.devices, report.findings, TODAY, planning)
    return replace(report, site=replace(report.site, planning=planning), plan=steps, specification=("Kept up.",))


def sheet(report: Report, name: str) -> list[dict[str, object]]:
    book = openpyxl.load_workbook(BytesIO(b"".join(xlsx.pieces(report))), read_only=True)
    head, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


@pytest.mark.parametrize("report", [priced(school()), priced(hostile_school()), priced(estate(40))])
def test_json_csv_workbook_and_page_state_the_same_costs(report: Report) -> None:
    data = json.loads(report_json.render(report))
    rows = list(csv.DictReader(io.StringIO("".join(tables.plan(report)).removeprefix("\ufeff"))))
    cells = sheet(report, "Plan")
    assert len(data["remediation"]) == len(rows) == len(cells) == len(report.plan)
    for step, row, cell in zip(data["remediation"], rows, cells, strict=True):
        cost = step["cost"] or {"low": None, "high": None}
        assert (cell["Cost from"], cell["Cost to"]) == (cost["low"], cost["high"])
        assert row["Cost from"] == ("" if cost["low"] is None else str(cost["low"]))
        assert (row["Key of the step"], cell["Key of the step"]) == (step["key"], step["key"])
        assert row["Who usually does it"] == step["who"]
    low, high = (round(sum(t[end] for t in data["costs"]["totals"]), 2) for end in ("low", "high"))
    assert low > 0
    assert money(Range(low, high), "GBP") in html.render(report)
    whole = sheet(report, "Costs")[-1]
    assert (whole["Cost from"], whole["Cost to"]) == (low, high)
    assert [row["What a new unit must be"] for row in sheet(report, "Specification")] == ["Kept up."]


def test_without_a_table_no_format_states_a_figure_and_the_page_says_why() -> None:
    report = priced(school(), None)
    data = json.loads(report_json.render(report))
    assert {str(step["cost"]) for step in data["remediation"]} == {"None"}
    assert data["costs"] == {"prices": None, "totals": []}
    assert words().costs["no_table"] in html.render(report)
    assert "GBP" not in html.render(report)
    assert cost_view(report, words()).total == ""
    assert sheet(report, "Costs")[0]["Year"] == words().costs["no_table"]


def test_what_lacks_a_price_is_said_beside_the_sum() -> None:
    page = html.render(priced(school(), replace(PRICES, rate=None)))
    assert "hours of work: no price in the table" in page
    assert "and what has no price" in page


def test_each_device_is_told_what_is_to_be_done_about_it() -> None:
    report = priced(school())
    rows = list(csv.DictReader(io.StringIO(tables.render(report).removeprefix("\ufeff"))))
    told = {row["Address"]: row["Steps of the plan"] for row in rows}
    assert told["127.77.0.3"] == "1. Isolate, 4. Replace"
    assert told["127.77.0.7"] == ""


def test_progress_is_told_and_what_was_silent_is_not_called_done() -> None:
    items = (
        Progress("a", "replace", "dev-002", "127.77.0.2", "done", "replaced"),
        Progress("b", "replace", "dev-003", "127.77.0.3", "open"),
        Progress("c", "replace", "gone", "127.77.0.77", "unseen"),
    )
    report = replace(priced(school()), progress=items)
    page = html.render(report)
    assert "1 item is done." in page
    assert "1 item could not be checked" in page
    assert "127.77.0.77" in page
    assert [each["state"] for each in json.loads(report_json.render(report))["progress"]] == [
        "done",
        "open",
        "unseen",
    ]


def test_what_the_site_writes_is_escaped() -> None:
    page = html.render(priced(school()))
    assert "B. &lt;Admin&gt;" in page
    assert "<Example>" not in page
