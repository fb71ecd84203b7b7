"""Tables: CSV and XLSX files in, rows with the number of their line out. Nothing in a cell is ever run."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from defusedxml.ElementTree import XMLParser

from camaudit.imports.entry import Imported

_MAX_ROWS = 200_000
_MAX_COLUMNS = 200
_MAX_CELL = 2048
_MAX_MERGED = 100_000
"""Cells that merged areas may cover in all."""
_MAX_UNPACKED = 512 * 1024 * 1024

_Place = tuple[int, int]
"""Row and column of a cell, from 1."""


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line, as text."""

    line: int
    cells: tuple[str, ...]


def read_csv(text: str) -> Iterator[Row]:
    """Yield the rows of a CSV file, whatever stands between its cells."""
    start = text[:4096]
    delimiter = max(
        (",", ";", "\t", "|"), key=lambda sign: max((line.count(sign) for line in start.splitlines()), default=0)
    )
    csv.field_size_limit(1 << 20)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error:
            continue
        if cells is None or line > _MAX_ROWS:
            return
        if any(cell.strip() for cell in cells):
            yield Row(line, tuple(cell.strip()[:_MAX_CELL] for cell in cells[:_MAX_COLUMNS]))


def read_xlsx(data: bytes, into: Imported) -> Iterator[Row]:
    """Yield the rows of the first sheet that has any; merged cells give their value to every row they cover."""
    from openpyxl import load_workbook

    rows: list[Row] = []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MAX_UNPACKED:
                into.problem(1, "unpacks to more than 512 MiB, which no register is; nothing of it was read")
                return
        # Row by row: read whole, openpyxl makes every cell that is merged, and one line can merge billions.
        book: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = list(_rows_of(sheet, into))
            if rows:
                break
    except workbook_errors():
        into.problem(1, "is no sound XLSX workbook; save it again, or export it as CSV")
        return
    yield from rows


def workbook_errors() -> tuple[type[Exception], ...]:
    """Return what openpyxl raises on an unsound workbook: every error of zip, XML and its own code."""
    from openpyxl.utils.exceptions import InvalidFileException

    own = (ArithmeticError, AssertionError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
    return (*own, EOFError, InvalidFileException, OSError, SyntaxError, zipfile.BadZipFile, zlib.error)


def _rows_of(sheet: Any, into: Imported) -> Iterator[Row]:
    covering = _covering(sheet, into)
    told: dict[_Place, str] = {}
    for number, values in enumerate(sheet.iter_rows(max_row=_MAX_ROWS, max_col=_MAX_COLUMNS, values_only=True), 1):
        texts = [_cell(value) for value in values]
        for column, start in sorted(covering.get(number, {}).items()):
            if start == (number, column):
                told[start] = texts[column - 1]
            texts[column - 1] = told.get(start, "")
        while texts and not texts[-1]:
            texts.pop()
        if texts:
            yield Row(number, tuple(texts))


def _covering(sheet: Any, into: Imported) -> dict[int, dict[int, _Place]]:
    """Return by row and column where the area begins that a cell is merged into."""
    finder = _MergedCells()
    parser = XMLParser(target=finder, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    with sheet._get_source() as part:  # it has no public way to the part that a sheet is read from
        while piece := part.read(1 << 16):
            parser.feed(piece)
    parser.close()
    found: dict[int, dict[int, _Place]] = {}
    left = _MAX_MERGED
    for left_column, top, right, bottom in finder.areas:
        rows, columns = range(top, min(bottom, _MAX_ROWS) + 1), range(left_column, min(right, _MAX_COLUMNS) + 1)
        left -= len(rows) * len(columns)
        if left < 0:
            into.problem(top, "merged cells cover too many cells; their value counts only where it is written")
            break
        for row in rows:
            found.setdefault(row, {}).update(dict.fromkeys(columns, (top, left_column)))
    return found


class _MergedCells:
    """Takes the events of a sheet's XML and keeps the areas that are merged: left, top, right, bottom."""

    def __init__(self) -> None:
        self.areas: list[tuple[int, int, int, int]] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Take an opening tag."""
        if tag.rpartition("}")[2] == "mergeCell" and len(self.areas) < _MAX_MERGED:
            from openpyxl.utils.cell import range_boundaries

            # An area of whole rows or columns has no number on one side.
            left, top, right, bottom = range_boundaries(attributes["ref"])
            self.areas.append((left or 1, top or 1, right or _MAX_COLUMNS, bottom or _MAX_ROWS))

    def close(self) -> None:
        """Take the end."""


def _cell(value: object) -> str:
    return "" if value is None else str(value).strip()[:_MAX_CELL]
