"""The workbook: every sheet with its filters, lists to choose from, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import zipfile

import pytest
from defusedxml import ElementTree
from openpyxl import Workbook, load_workbook
from report_factory import HOSTILE, hostile_device, hostile_school, nothing_found, school
from xlsxwriter.worksheet import Worksheet

from camaudit.model import Report
from camaudit.report.columns import SHEETS
from camaudit.report.format_words import format_words
from camaudit.report.quick_sheet import QuickSheet
from camaudit.report.summary import counts
from camaudit.report.words import words
from camaudit.report.xlsx import pieces, text


def _made(report: Report) -> bytes:
    return b"".join(pieces(report))


def _opened(report: Report) -> Workbook:
    return load_workbook(io.BytesIO(_made(report)))


def _column(book: Workbook, sheet: str, key: str) -> list[object]:
    table = book[format_words().sheets[sheet]]
    place = next(n for n, column in enumerate(SHEETS[sheet]) if column.key == key)
    return [row[place].value for row in table.iter_rows(min_row=2)]


def test_every_table_has_its_heading_frozen_and_filtered() -> None:
    book = _opened(school())
    assert book.sheetnames == list(format_words().sheets.values())
    for key, columns in SHEETS.items():
        sheet = book[format_words().sheets[key]]
        assert [cell.value for cell in sheet[1]] == [column.title for column in columns]
        assert sheet.freeze_panes == "C2"
        assert str(sheet.auto_filter.ref).startswith("A1:")


@pytest.mark.parametrize("report", [school(), hostile_school(), nothing_found()])
def test_the_rows_are_those_of_the_report(report: Report) -> None:
    book, number = _opened(report), counts(report)
    verdicts = _column(book, "register", "verdict")
    assert sum(verdict is not None for verdict in verdicts) == number["devices"]
    for standing, key in (("violation", "violations"), ("review", "reviews"), ("waived", "waived")):
        assert verdicts.count(words().verdicts[standing]) == number[key]
    assert sum(v is not None for v in _column(book, "findings", "verdict")) == number["findings"]
    assert sum(v is not None for v in _column(book, "plan", "order")) == number["steps"]
    assert sum(v is not None for v in _column(book, "questions", "question")) == number["questions"]
    figures = {row[0].value: row[1].value for row in book[format_words().sheets["read"]].iter_rows(max_col=2)}
    assert {figures[format_words().figures[key]] for key in number} == set(number.values())


def test_columns_to_fill_in_are_checked_by_the_spreadsheet() -> None:
    book = _opened(school())
    for key, columns in SHEETS.items():
        filled = [column for column in columns if column.filled]
        rules = book[format_words().sheets[key]].data_validations.dataValidation
        assert len(rules) == len(filled)
    choices = next(r for r in book["Register"].data_validations.dataValidation if r.type == "list")
    assert choices.formula1 == f'"{",".join(format_words().decisions.values())}"'


def test_no_cell_is_a_formula_or_a_link_and_no_text_is_markup() -> None:
    markup = "<r><t>owned</t></r>"
    raw = _made(school(*(hostile_device(20 + n, t) for n, t in enumerate((*HOSTILE, markup, "=1+1", "http://a")))))
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        for name in parts.namelist():
            content = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in content
                assert b"<hyperlink" not in content
            if name.endswith(".xml"):
                ElementTree.fromstring(content)
        assert not [name for name in parts.namelist() if "external" in name.lower()]
    book = load_workbook(io.BytesIO(raw))
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f" or c.hyperlink]
    models = _column(book, "register", "model")
    assert {"=cmd|' /C calc'!A0", "=1+1", f"'{markup}", "枪型摄像机 海康威视"} <= set(models)
    assert all(str(model).isprintable() for model in models)


def test_the_same_report_is_the_same_workbook() -> None:
    assert _made(hostile_school()) == _made(hostile_school())


def test_cells_written_quickly_are_those_of_the_stock_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = _parts(_made(hostile_school()))
    asked = []
    monkeypatch.setattr(
        QuickSheet, "_write_cell", lambda *cell: (asked.append(cell), Worksheet._write_cell(*cell))
    )
    assert _parts(_made(hostile_school())) == quick
    assert len(asked) > 100


def _parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(book)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def test_markup_of_the_writer_is_defused() -> None:
    assert text("<r>x</r>") == "'<r>x</r>"
    assert text("  <r>x") == "'<r>x"
    assert text("plain") == "plain"
