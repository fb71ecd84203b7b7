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


def _answer(file: Path, key: str, answer: str, **more: str) -> str:
    """Answer the question of a key, and return the cell."""
    book = load_workbook(file)
    sheet = book["Questions"]
    heads = {str(cell.value): cell.column_letter for cell in sheet[1]}
    row = next(cell.row for cell in sheet[heads["Key of the question"]] if cell.value == key)
    sheet[f"{heads['Answer']}{row}"] = answer
    for head, text in more.items():
        sheet[f"{heads[head.replace('_', ' ')]}{row}"] = text
    book.save(file)
    return f"{heads['Answer']}{row}"


def _asked(file: Path) -> list[str]:
    sheet = load_workbook(file)["Questions"]
    heads = {str(cell.value): cell.column_letter for cell in sheet[1]}
    return [str(cell.value) for cell in sheet[heads["Key of the question"]][1:] if cell.value]


@pytest.fixture
def site(workbook: Path) -> Path:
    file = workbook.parent / "site.yaml"
    file.write_text(Path(SITE).read_text("utf-8"), "utf-8")
    return file


def test_an_answer_reaches_the_site_file_and_its_comments_stay(
    audited: Audited, workbook: Path, site: Path
) -> None:
    from camaudit.site import FACTS, load_site

    fact = next(key for key in _asked(workbook) if key in FACTS)
    _answer(workbook, fact, "No")
    done = camaudit("import", workbook.name, "--store", audited.store, cwd=workbook.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert load_site(site).facts[fact] is False
    assert site.read_text("utf-8").startswith("# The site of")
    made = ("report", "--format", "xlsx", "--store", audited.store, "--site", "site.yaml", "--output", ".")
    camaudit(*made, cwd=workbook.parent)
    assert fact not in _asked(workbook)


def test_a_wrong_answer_is_one_line_with_its_cell(audited: Audited, workbook: Path, site: Path) -> None:
    from camaudit.site import FACTS

    before = site.read_text("utf-8")
    fact = next(key for key in _asked(workbook) if key in FACTS)
    cell = _answer(workbook, fact, "Perhaps")
    _fill(workbook, G2="North wall")
    done = camaudit("import", workbook.name, "--store", audited.store, cwd=workbook.parent)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert f"register.xlsx: sheet Questions, cell {cell}: 'Perhaps' is no answer" in line
    assert site.read_text("utf-8") == before
    assert not (workbook.parent / "notes.yaml").exists()


def test_an_answer_without_a_site_file_is_refused(audited: Audited, workbook: Path) -> None:
    _answer(workbook, _asked(workbook)[0], "No")
    done = camaudit("import", workbook.name, "--store", audited.store, cwd=workbook.parent)
    assert done.returncode == 2
    assert "camaudit init" in done.stderr
