"""The register: a row a device, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_factory import HOSTILE, hostile_school, nothing_found, school

from camaudit.report.columns import Column
from camaudit.report.csv import COLUMNS, cell, render


def _rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_excel_reads_it() -> None:
    text = render(school())
    assert text.startswith("\ufeff")
    assert text.endswith("\r\n")
    rows = _rows(text)
    assert rows[0] == [Column(key).title for key in COLUMNS]
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert [row[1] for row in rows[1:3]] == ["Breaks a rule", "Breaks a rule"]


def test_an_empty_register_has_its_heading() -> None:
    assert len(_rows(render(nothing_found()))) == 1


def test_hostile_names_stay_text() -> None:
    rows = _rows(render(hostile_school()))
    assert len(rows) == 1 + 7 + len(HOSTILE)
    cells = [text for row in rows for text in row]
    assert not [text for text in cells if text[:1] in set("=+-@\t\r")]
    assert "'=cmd|' /C calc'!A0" in cells
    assert not [text for text in cells if any(not c.isprintable() for c in text)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "  =1", "\x00=1", "＝1", "\u200b=1"])
def test_every_start_of_a_formula_is_defused(text: str) -> None:
    assert cell(text).startswith("'")


@given(st.text())
def test_no_text_gets_through_as_a_formula(text: str) -> None:
    made = cell(text)
    assert made[:1] not in set("=+-@\t\r")
    assert made.isprintable()
