"""Tables: CSV and XLSX files in, rows with the number of their line out. Nothing in a cell is ever run."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from camaudit.imports.entry import Imported

_MAX_ROWS = 200_000
_MAX_COLUMNS = 200
_MAX_CELL = 2048
_MAX_UNPACKED = 512 * 1024 * 1024
_LOOKED_AT = 20


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
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _MAX_UNPACKED:
                into.problem(1, "unpacks to more than 512 MiB, which no register is; nothing of it was read")
                return
        book = load_workbook(io.BytesIO(data), data_only=True)
    # openpyxl lets every error of zip and XML through as it is; a workbook with entities is a ValueError's kind.
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError, SyntaxError):
        into.problem(1, "is no sound XLSX workbook; save it again, or export it as CSV")
        return
    for sheet in book.worksheets:
        covering = {
            (row, column): (area.min_row, area.min_col)
            for area in list(sheet.merged_cells.ranges)[:1000]
            for row in range(area.min_row, min(area.max_row, area.min_row + 1000) + 1)
            for column in range(area.min_col, min(area.max_col, _MAX_COLUMNS) + 1)
        }
        found = False
        # A sheet that is asked beyond its end makes the cells; one that says it is huge may be a trap.
        rows, columns = min(sheet.max_row, _MAX_ROWS), min(sheet.max_column, _MAX_COLUMNS)
        for number, cells in enumerate(sheet.iter_rows(max_row=rows, max_col=columns), 1):
            texts = tuple(
                _cell(sheet.cell(*covering.get((number, at), (number, at))).value)
                for at in range(1, len(cells) + 1)
            )
            if any(texts):
                found = True
                yield Row(number, texts)
        if found:
            return


def _cell(value: object) -> str:
    return "" if value is None else str(value).strip()[:_MAX_CELL]
