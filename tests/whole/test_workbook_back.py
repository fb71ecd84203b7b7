"""A workbook filled in and imported: the next report shows what people wrote; a wrong cell leaves all as is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from audited_fleet import SITE, Audited, camaudit


@pytest.fixture
def workbook(audited: Audited, tmp_path: Path) -> Path:
    made = ("report", "--format", "xlsx", "--store", audited.store, "--site", SITE, "--output", ".")
    camaudit(*made, cwd=tmp_path)
    return tmp_path / "register.xlsx"


def _fill(file: Path, **cells: str) -> None:
    book = load_workbook(file)
    for cell, text in cells.items():
        book["Register"][cell] = text
    book.save(file)


def test_what_was_written_is_in_the_next_report(audited: Audited, workbook: Path) -> None:
    _fill(workbook, G2="North wall", H2="Estates", I2="Replace")
    unit = str(load_workbook(workbook)["Register"]["A2"].value)
    done = camaudit("import", workbook.name, cwd=workbook.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 units with a place" in done.stdout
    again = ("report", "--store", audited.store, "--site", SITE, "--format", "json,xlsx", "--output", "next")
    camaudit(*again, cwd=workbook.parent)
    report = json.loads((workbook.parent / "next" / "report.json").read_text("utf-8"))
    noted = next(device["noted"] for device in report["devices"] if device["id"] == unit)
    assert (noted["location"], noted["owner"], noted["decision"]) == ("North wall", "Estates", "replace")
    assert load_workbook(workbook.parent / "next" / "register.xlsx")["Register"]["G2"].value == "North wall"


def test_a_wrong_cell_is_one_line_and_nothing_is_kept(workbook: Path) -> None:
    _fill(workbook, G2="North wall", I3="Perhaps")
    done = camaudit("import", workbook.name, cwd=workbook.parent)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "register.xlsx: sheet Register, cell I3: 'Perhaps' is none of the choices" in line
    assert not (workbook.parent / "notes.yaml").exists()
