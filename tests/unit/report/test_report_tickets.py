"""Tickets: one a step, known again by its id, closed when done, and safe in the tracker and in a spreadsheet."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from report_factory import HOSTILE, hostile_school, school

from camaudit.errors import DataFileError
from camaudit.model import Progress, Report
from camaudit.report.ticket_files import JIRA, SERVICENOW, jira, keys_of, servicenow
from camaudit.report.tickets import tickets

_ID = re.compile(r"camaudit-[0-9a-f]{8}-[0-9a-f]{10}(-\d+)?")


def rows(pieces: object) -> list[list[str]]:
    text = "".join(pieces)  # type: ignore[arg-type]
    assert not text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def table(report: Report) -> list[dict[str, str]]:
    head, *others = rows(servicenow(report))
    assert tuple(head) == SERVICENOW
    return [dict(zip(head, row, strict=True)) for row in others]


def test_each_step_of_the_plan_is_a_ticket_with_an_id_of_its_own() -> None:
    report = school()
    found = table(report)
    assert len(found) == len(report.plan)
    ids = [row["correlation_id"] for row in found]
    assert len(set(ids)) == len(ids)
    assert all(_ID.fullmatch(each) for each in ids)
    for row, step in zip(found, report.plan, strict=True):
        assert step.title in row["short_description"]
        assert (row["u_action"], row["state"]) == (step.action, "Open")
        assert row["due_date"] == (f"{step.by} 23:59:59" if step.by else "")
        for device in report.devices:
            assert (device.id in step.devices) == (f"- {device.address} " in row["description"])


def test_the_ids_stay_from_audit_to_audit_and_differ_by_site() -> None:
    report = school()
    later = replace(report, run=replace(report.run, id="20270101-090000-abcd"), judged_as_of=date(2027, 1, 1))
    elsewhere = replace(report, site=replace(report.site, name="Another school"))
    ids = [each.id for each in tickets(report)]
    assert [each.id for each in tickets(later)] == ids
    assert not set(ids) & {each.id for each in tickets(elsewhere)}


def test_two_steps_that_share_a_key_are_two_tickets() -> None:
    report = school()
    twice = replace(report, plan=(report.plan[0], report.plan[0]))
    first, second = tickets(twice)
    assert second.id == f"{first.id}-2"


def test_jira_gets_its_columns_and_the_key_of_what_is_there_already() -> None:
    report = school()
    first = next(tickets(report)).id
    head, *others = rows(jira(report, {first: "CAM-17"}))
    assert tuple(head) == JIRA
    assert [row[0] for row in others] == ["CAM-17", *[""] * (len(others) - 1)]
    for row in others:
        assert row[1] == row[9]
        assert len(row[2]) <= 255
        assert row[5] in ("High", "Medium", "Low")
        assert row[6] == "To Do"
        assert not any(" " in label for label in row[8:])


def test_what_is_done_is_closed_and_what_was_not_seen_is_not() -> None:
    report = school()
    open_step = report.plan[0]
    done = [Progress("i1", "replace", "d1", "192.0.2.1", "done", "replaced", "aaaaaaaaaa")]
    unseen = [
        Progress("i2", "replace", "d2", "192.0.2.2", "done", "settled", "bbbbbbbbbb"),
        Progress("i3", "replace", "d3", "192.0.2.3", "unseen", "", "bbbbbbbbbb"),
    ]
    still = [Progress("i4", open_step.action, "d4", "192.0.2.4", "done", "settled", open_step.key)]
    found = table(replace(report, progress=(*done, *unseen, *still)))
    closed = [row for row in found if row["state"] == "Closed"]
    assert [row["correlation_id"][-10:] for row in closed] == ["aaaaaaaaaa"]
    assert "192.0.2.1: another unit answers at its address" in closed[0]["description"]


@pytest.mark.parametrize("tracker", [jira, servicenow])
def test_what_a_device_wrote_is_neither_formula_nor_markup(tracker: object) -> None:
    from report_factory import finding, hostile_device

    from camaudit.model import Verdict
    from camaudit.plan import plan

    texts = (
        *HOSTILE,
        "!http://203.0.113.9/x.png!",
        "[x|http://203.0.113.9]",
        "{code}x{code}",
        "[code]<b>x[/code]",
    )
    units = [hostile_device(100 + n, text) for n, text in enumerate(texts)]
    found = tuple(finding(unit, Verdict.VIOLATION) for unit in units)
    report = replace(
        hostile_school(), devices=tuple(units), findings=found, plan=plan(units, found, date(2026, 11, 30))
    )
    made = rows(tracker(report))  # type: ignore[operator]
    cells = [cell for row in made[1:] for cell in row]
    assert not [cell for cell in cells if cell[:1] in set("=+-@\t\r")]
    assert not [line for cell in cells for line in cell.split("\n") if line and not line.isprintable()]
    whole = "\n".join(cells)
    if tracker is jira:
        assert not re.search(r"(?<!\\)[!\[{]", whole.replace("To Do", ""))
    else:
        assert "[code]" not in whole


def test_an_export_of_jira_says_which_issue_is_which_ticket(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(
        "\ufeffSummary,Issue key,Labels,Labels,Custom field (External issue ID)\r\n"
        '"Two\nlines",CAM-1,camaudit,camaudit-664f4c80-3e4abd50d1,\r\n'
        "Other,CAM-2,,,camaudit-664f4c80-78357f54bc-2\r\n"
        "Neither,CAM-3,camaudit,,\r\n",
        "utf-8",
    )
    assert keys_of(file) == {
        "camaudit-664f4c80-3e4abd50d1": "CAM-1", "camaudit-664f4c80-78357f54bc-2": "CAM-2",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Summary,Key\nx,y\n", "no column 'Issue key'"),
        ("", "no column 'Issue key'"),
        (
            "Issue key,Labels\nCAM-1,camaudit-664f4c80-3e4abd50d1\nCAM-2,camaudit-664f4c80-3e4abd50d1\n",
            "export.csv:3: CAM-2 and CAM-1 are the same ticket",
        ),
    ],
)
def test_a_file_that_is_no_export_is_one_line(text: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=re.escape(said)) as told:
        keys_of(file)
    assert len(str(told.value).splitlines()) == 1
