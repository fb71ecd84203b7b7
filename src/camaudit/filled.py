"""The workbook read back: in goes a ``register.xlsx`` that people filled in, out come their notes and answers.

Only the columns to fill in are read; a cell that cannot be understood is named with its sheet, and then nothing of
the workbook counts. No formula is ever worked out.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from camaudit.errors import DataFileError, UsageError
from camaudit.imports.tables import workbook_errors
from camaudit.language import language, spoken
from camaudit.model import Notes, StepNote, UnitNote
from camaudit.report.columns import MAX_FILLED, SHEETS, Column, Holds
from camaudit.report.format_words import format_words
from camaudit.report.safe import plain
from camaudit.report.words import words

_MARK = "camaudit/workbook@"
_MAX_UNPACKED = 512 * 1024 * 1024
_MAX_ROWS = 200_000
_MAX_PROBLEMS = 50
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

Value = str | date | None


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the sheet of questions; ``key`` names the question, ``where`` the cell."""

    key: str
    question: str
    answer: str
    where: str
    by: str = ""
    on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Filled:
    """What a workbook says, and of which run it was written."""

    name: str
    run: str
    notes: Notes
    answers: tuple[Answer, ...]


@dataclass(slots=True)
class _Reading:
    """One pass over a workbook; problems are collected, so that all are named at once."""

    name: str
    problems: list[str] = field(default_factory=list)

    def problem(self, sheet: str, cell: str, what: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(f"{self.name}: sheet {sheet}, cell {cell}: {what}")


def is_ours(file: Path) -> bool:
    """Say whether a file is a workbook that camaudit wrote, whoever saved it since."""
    try:
        with zipfile.ZipFile(file) as parts:
            names = set(parts.namelist())
            if "docProps/custom.xml" in names and _MARK.encode() in parts.read("docProps/custom.xml"):
                return True
            # Some programs drop the mark; the sheets in their order are as telling.
            book = parts.read("xl/workbook.xml") if "xl/workbook.xml" in names else b""
    except (OSError, zipfile.BadZipFile, KeyError, RuntimeError, EOFError, zlib.error):
        return False
    titles = [f'name="{title}"'.encode() for key, title in format_words().sheets.items() if key in SHEETS]
    return bool(book) and all(title in book for title in titles)


def read_filled(file: Path) -> Filled:
    """Read what people filled in; raise ``DataFileError`` with a line for each cell that is wrong."""
    from openpyxl import load_workbook

    reading = _Reading(file.name)
    try:
        data = file.read_bytes()
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > _MAX_UNPACKED:
                raise UsageError(f"{file}: unpacks to more than 512 MiB, which no register is; nothing was read")
        # Formulas stay as they are written, so that one in a cell to fill in is seen and named.
        book: Any = load_workbook(io.BytesIO(data), read_only=True)
        marks = {p.name: str(p.value) for p in book.custom_doc_props.props}
        with spoken(marks.get("camaudit-language", language())):
            read = _read(book, file.name, marks.get("camaudit-run", ""), reading)
    except workbook_errors():
        raise UsageError(f"{file}: is no sound workbook; save it again as .xlsx") from None
    if reading.problems:
        raise DataFileError(tuple(reading.problems))
    return read


def _read(book: Any, name: str, run: str, reading: _Reading) -> Filled:
    tables = {key: list(_rows(book, key, reading)) for key in ("register", "plan", "questions")}
    notes = Notes(tuple(_units(tables["register"], reading)), tuple(_steps(tables["plan"])))
    return Filled(name, run, notes, tuple(_answers(tables["questions"])))


@dataclass(frozen=True, slots=True)
class _Line:
    """One row: its values by the key of their column, and the cell of each."""

    values: Mapping[str, Value]
    cells: Mapping[str, str]

    def text(self, key: str) -> str:
        """Return the text of a cell, empty where there is none."""
        value = self.values.get(key)
        return value if isinstance(value, str) else ""

    def day(self, key: str) -> date | None:
        """Return the day of a cell."""
        value = self.values.get(key)
        return value if isinstance(value, date) else None


def _rows(book: Any, key: str, reading: _Reading) -> Iterator[_Line]:
    title = format_words().sheets[key]
    if title not in book.sheetnames:
        reading.problem(
            title, "A1", "the sheet is missing; put it back, or import the workbook as camaudit wrote it"
        )
        return
    rows = book[title].iter_rows(max_row=_MAX_ROWS)
    heads = [plain(str(cell.value or ""), 200) for cell in next(rows, ())]
    places = {heads.index(column.title): column for column in SHEETS[key] if column.title in heads}
    lost = [column.title for column in SHEETS[key] if column.filled and column.title not in heads]
    if lost:
        reading.problem(title, "A1", f"the heading {', '.join(lost)} is missing; put it back into row 1")
        return
    for row in rows:
        yield _line(row, places, title, reading)


def _line(row: Sequence[object], places: Mapping[int, Column], title: str, reading: _Reading) -> _Line:
    from openpyxl.utils import get_column_letter

    values: dict[str, Value] = {}
    cells: dict[str, str] = {}
    for at, column in places.items():
        value = getattr(row[at], "value", None) if at < len(row) else None
        if value is None or value == "":
            continue
        cell = f"{get_column_letter(at + 1)}{getattr(row[at], 'row', 0)}"
        cells[column.key] = cell
        try:
            values[column.key] = _value(value, column)
        except ValueError as wrong:
            reading.problem(title, cell, str(wrong))
    return _Line(values, cells)


def _value(value: object, column: Column) -> Value:
    """Return the value of a cell; raise ValueError with what is wrong and what to do."""
    if not column.filled:
        return plain(str(value), 4000)
    text = plain(str(value), MAX_FILLED + 1)
    if text.startswith("=") or text.startswith("#"):
        raise ValueError(f"{text[:40]!r} is a formula or its error; write the text itself")
    match column.holds:
        case Holds.DAY:
            return _day(value, text)
        case Holds.PICK:
            chosen = {word.casefold(): key for key, word in column.choices.items()}
            if text.casefold() not in chosen:
                choices = ", ".join(column.choices.values())
                raise ValueError(f"{text[:40]!r} is none of the choices; write one of {choices}")
            return chosen[text.casefold()]
        case _:
            if len(text) > MAX_FILLED:
                raise ValueError(f"is longer than {MAX_FILLED} characters; shorten it")
            return text


def _day(value: object, text: str) -> date:
    day = value.date() if isinstance(value, datetime) else value
    if not isinstance(day, date):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text[:40]!r} is no day; write it as 2026-12-31") from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise ValueError(f"{day} lies outside {_FIRST_DAY.year} to {_LAST_DAY.year}; write the right year")
    return day


def _units(lines: Sequence[_Line], reading: _Reading) -> Iterator[UnitNote]:
    filled = ("location", "owner", "decision", "decided_by", "note")
    for line in lines:
        said = {key: line.text(key) for key in filled}
        if not any(said.values()):
            continue
        if line.text("id"):
            yield UnitNote(line.text("id"), line.text("address"), **said)
        else:
            where = next(line.cells[key] for key in filled if key in line.cells)
            title = format_words().sheets["register"]
            reading.problem(title, where, "its row has no device id; put the id back, or write it beside its unit")


def _steps(lines: Sequence[_Line]) -> Iterator[StepNote]:
    actions = {word: key for key, word in words().actions.items()}
    for line in lines:
        action, what = line.text("action"), line.text("what")
        said = {key: line.text(key) for key in ("responsible", "status", "note")}
        if what and (any(said.values()) or line.day("done")):
            yield StepNote(f"{actions.get(action, action)}: {what}", what, done=line.day("done"), **said)


def _answers(lines: Sequence[_Line]) -> Iterator[Answer]:
    for line in lines:
        if line.text("answer"):
            key, where = line.text("fact"), line.cells["answer"]
            by, on = line.text("answered_by"), line.day("answered_on")
            yield Answer(key, line.text("question"), line.text("answer"), where, by, on, line.text("note"))
