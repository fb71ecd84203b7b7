"""The workbook read back: what people fill in is there in the next report, and a wrong cell is named."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

sys.path.insert(0, str(Path(__file__).parent / "report"))

from report_factory import hostile_school, school

from camaudit.errors import DataFileError, RenderError, UsageError
from camaudit.filled import is_ours, read_filled
from camaudit.language import spoken
from camaudit.model import Notes, Report, StepNote, UnitNote
from camaudit.notes import load_notes, merged, with_notes, write_notes
from camaudit.report import csv, html, pdf, xlsx
from camaudit.report import json as report_json
from camaudit.report.columns import SHEETS
from camaudit.report.format_words import format_words
from camaudit.report.noted import step_key
from camaudit.report.words import words

Cell = tuple[str, int, str, object]
"""Sheet, row, key of the column, and what a person writes there."""


def _filled(folder: Path, *cells: Cell, report: Report | None = None) -> Path:
    file = folder / "register.xlsx"
    file.write_bytes(b"".join(xlsx.pieces(report or school())))
    book = load_workbook(file)
    for sheet, row, key, value in cells:
        book[format_words().sheets[sheet]][_place(sheet, key, row)] = value
    book.save(file)
    return file


def _place(sheet: str, key: str, row: int) -> str:
    at = next(n for n, column in enumerate(SHEETS[sheet]) if column.key == key)
    return f"{chr(ord('A') + at)}{row}"


_WRITTEN: tuple[Cell, ...] = (
    ("register", 2, "location", "North wall, above the door"),
    ("register", 2, "owner", "Estates"),
    ("register", 2, "decision", "Replace"),
    ("register", 2, "decided_by", "A. Head"),
    ("register", 3, "note", "Lift needed"),
    ("plan", 2, "responsible", "J. Smith"),
    ("plan", 2, "status", "Started"),
    ("plan", 2, "done", datetime(2026, 12, 24)),
    ("questions", 2, "answer", "no"),
    ("questions", 2, "answered_by", "B. Bursar"),
    ("questions", 2, "answered_on", date(2026, 12, 1)),
)


def test_what_people_fill_in_is_read(tmp_path: Path) -> None:
    read = read_filled(_filled(tmp_path, *_WRITTEN))
    first, second = read.notes.units
    assert first == UnitNote(
        "dev-002", "127.77.0.2", "North wall, above the door", "Estates", "replace", "A. Head"
    )
    assert (second.id, second.note, second.decision) == ("dev-003", "Lift needed", "")
    step = next(each for each in read.notes.steps if each.status == "started")
    assert step.step == step_key(school().plan[0])
    assert (step.responsible, step.done) == ("J. Smith", date(2026, 12, 24))
    (answer,) = read.answers
    assert (answer.answer, answer.by, answer.on) == ("no", "B. Bursar", date(2026, 12, 1))
    assert read.run == school().run.id


def test_a_welsh_workbook_is_read_in_welsh_whatever_is_spoken_now(tmp_path: Path) -> None:
    with spoken("cy"):
        file = _filled(
            tmp_path, ("register", 2, "location", "Wal y gogledd"), ("plan", 2, "responsible", "J. Jones")
        )
    read = read_filled(file)
    assert [each.location for each in read.notes.units] == ["Wal y gogledd"]
    assert {each.step for each in read.notes.steps if each.responsible} == {step_key(school().plan[0])}
    assert format_words().sheets["register"] == "Register"


def test_an_untouched_workbook_says_nothing(tmp_path: Path) -> None:
    read = read_filled(_filled(tmp_path, report=hostile_school()))
    assert read.notes.units == ()
    assert read.answers == ()
    assert merged(Notes(), read.notes) == Notes()


def test_the_next_report_shows_it_in_every_format(tmp_path: Path) -> None:
    notes = merged(Notes(), read_filled(_filled(tmp_path, *_WRITTEN)).notes)
    file = tmp_path / "notes.yaml"
    write_notes(file, notes)
    report = with_notes(school(), load_notes(file))
    place = "North wall, above the door"
    again = read_filled(_filled(tmp_path, report=report)).notes
    assert merged(Notes(), again) == notes
    read = json.loads(report_json.render(report))
    assert next(d for d in read["devices"] if d["id"] == "dev-002")["noted"]["location"] == place
    assert read["remediation"][0]["noted"]["status"] == "started"
    assert read["devices"][-1]["noted"] is None
    assert place in html.render(report)
    assert place in csv.render(report)
    assert b"".join(pdf.pieces(report)) != b"".join(pdf.pieces(school()))


def test_a_note_changes_no_verdict_and_a_unit_that_is_gone_is_named() -> None:
    notes = Notes((UnitNote("dev-002", owner="Estates"), UnitNote("gone", "192.0.2.9", "Hall")))
    report = with_notes(school(), notes)
    assert report.findings == school().findings
    (notice,) = set(report.notices) - set(school().notices)
    assert "192.0.2.9 Hall" in notice
    assert with_notes(school(), Notes()) is not None
    assert with_notes(school(), Notes()).notices == school().notices


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (("register", 2, "decision", "Perhaps"), "'Perhaps' is none of the choices; write one of Keep, "),
        (("register", 2, "location", "=1+1"), "'=1+1' is a formula or its error; write the text itself"),
        (("register", 2, "location", "#REF!"), "'#REF!' is a formula or its error; write the text itself"),
        (("register", 2, "note", "x" * 1001), "is longer than 1000 characters; shorten it"),
        (("plan", 2, "done", "soon"), "'soon' is no day; write it as 2026-12-31"),
        (("plan", 2, "done", date(1999, 1, 1)), "1999-01-01 lies outside 2000 to 2099; write the right year"),
        (("plan", 2, "status", 7), "'7' is none of the choices; write one of Open, "),
        (("questions", 2, "answered_on", "31.12.2026"), "'31.12.2026' is no day; write it as 2026-12-31"),
    ],
)
def test_a_wrong_cell_is_named_with_its_sheet(tmp_path: Path, cell: Cell, said: str) -> None:
    sheet, row, key, _ = cell
    with pytest.raises(DataFileError) as wrong:
        read_filled(_filled(tmp_path, cell, ("register", 3, "owner", "right")))
    (line,) = wrong.value.problems
    title = format_words().sheets[sheet]
    assert line.startswith(f"register.xlsx: sheet {title}, cell {_place(sheet, key, row)}: {said}")


def _without_id(book: Workbook) -> None:
    book["Register"]["A2"] = None
    book["Register"]["G2"] = "Hall"


def _without_heading(book: Workbook) -> None:
    book["Register"]["G1"] = "Where"


def _without_sheet(book: Workbook) -> None:
    del book["Plan"]


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (_without_id, "sheet Register, cell G2: its row has no device id"),
        (_without_heading, "sheet Register, cell A1: the heading Where it hangs is missing"),
        (_without_sheet, "sheet Plan, cell A1: the sheet is missing"),
    ],
)
def test_what_was_taken_out_of_the_workbook_is_named(
    tmp_path: Path, spoil: Callable[[Workbook], None], said: str
) -> None:
    file = _filled(tmp_path)
    book = load_workbook(file)
    spoil(book)
    book.save(file)
    with pytest.raises(DataFileError, match=r"register\.xlsx: ") as wrong:
        read_filled(file)
    assert said in wrong.value.problems[0]


def test_columns_may_be_moved_and_sorted(tmp_path: Path) -> None:
    file = _filled(tmp_path, ("register", 2, "location", "Hall"))
    book = load_workbook(file)
    book["Register"].insert_cols(1, 2)
    book["Register"].insert_rows(2)
    book.save(file)
    assert [each.location for each in read_filled(file).notes.units] == ["Hall"]


def test_our_workbook_is_known_even_without_its_mark(tmp_path: Path) -> None:
    file = _filled(tmp_path)
    assert is_ours(file)
    bare = tmp_path / "bare.xlsx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(bare, "w") as new:
        for name in old.namelist():
            if name != "docProps/custom.xml":
                new.writestr(name, old.read(name))
    assert is_ours(bare)
    other = Workbook()
    other.save(tmp_path / "other.xlsx")
    assert not is_ours(tmp_path / "other.xlsx")
    (tmp_path / "text.xlsx").write_text("PK no zip")
    assert not is_ours(tmp_path / "text.xlsx")
    assert not is_ours(tmp_path / "missing.xlsx")


def test_a_broken_workbook_is_one_line(tmp_path: Path) -> None:
    file = _filled(tmp_path)
    broken = io.BytesIO(file.read_bytes())
    with zipfile.ZipFile(broken) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, b"<no" if name == "xl/workbook.xml" else old.read(name))
    with pytest.raises(UsageError, match="is no sound workbook"):
        read_filled(file)


def test_a_workbook_that_unpacks_to_more_than_any_register_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("camaudit.filled._MAX_UNPACKED", 1000)
    with pytest.raises(UsageError, match="unpacks to more than 512 MiB, which no register is"):
        read_filled(_filled(tmp_path))


def test_notes_that_cannot_be_written_leave_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "notes.yaml"
    file.mkdir()
    with pytest.raises(RenderError, match=r"notes\.yaml: .*; give another file with --notes"):
        write_notes(file, Notes())
    assert list(tmp_path.iterdir()) == [file]


def test_two_copies_filled_in_apart_do_not_erase_each_other() -> None:
    one = Notes((UnitNote("a", owner="Estates"),), (StepNote("replace: x", "x", "Jo", "started"),))
    two = Notes(
        (UnitNote("a", location="Hall"), UnitNote("b", note="n")), (StepNote("replace: x", "x", note="m"),)
    )
    both = merged(one, two)
    assert both.units == (UnitNote("a", location="Hall", owner="Estates"), UnitNote("b", note="n"))
    assert both.steps == (StepNote("replace: x", "x", "Jo", "started", None, "m"),)


_TEXT = st.text(st.characters(codec="utf-8"), max_size=60)


@given(st.lists(_TEXT, min_size=5, max_size=5))
def test_notes_read_back_as_they_were_written(texts: list[str]) -> None:
    import tempfile

    from camaudit.report.safe import plain

    clean = [plain(text, 1000) for text in texts]
    notes = Notes(
        (UnitNote("id", *clean[:3], "replace", clean[3]),),
        (StepNote("replace: x", clean[4], "", "done", date(2026, 1, 2)),),
    )
    notes = Notes((UnitNote("id", clean[0], clean[1], clean[2], "replace", clean[3]),), notes.steps)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "notes.yaml"
        write_notes(file, notes)
        assert load_notes(file) == notes


def test_a_wrong_file_of_notes_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "notes.yaml"
    file.write_text(
        "schema: camaudit/notes@1\nunits:\n  - id: a\n    decision: burn\n  - id: a\nsteps:\n  - step: ''\n",
        "utf-8",
    )
    with pytest.raises(DataFileError) as wrong:
        load_notes(file)
    first, second, third = wrong.value.problems
    assert "notes.yaml:4: units.0.decision: 'burn' is not known; write one of keep" in first
    assert "notes.yaml:5: units.1: 'a' stands there twice" in second
    assert "must not be empty" in third


def test_every_word_for_the_filled_columns_is_there() -> None:
    assert set(words().actions) >= {"isolate", "replace", "attest"}
    assert {"kept", "units", "steps", "gone"} <= set(format_words().filled)
