"""``register.csv``, ``findings.csv``, ``plan.csv``: in goes a ``Report``, out comes a row for each of its things.

Made for Excel and the like: a byte order mark, every cell quoted, and no cell that a spreadsheet would run.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date

from camaudit.model import Report
from camaudit.report.columns import FINDINGS, PLAN, Column
from camaudit.report.placed import row_views
from camaudit.report.safe import plain
from camaudit.report.tables import Row, Value, finding_rows, plan_rows, register_rows
from camaudit.report.words import words

COLUMNS = (
    "id",
    "verdict",
    "address",
    "also_at",
    "kind",
    "maker",
    "certainty",
    "confidence",
    "brand",
    "model",
    "firmware",
    "firmware_date",
    "serial",
    "mac",
    "first_seen",
    "ports",
    "contacts",
    "findings",
    "rules",
    "due",
    "next_step",
    "steps",
    "location",
    "owner",
    "decision",
)
"""Columns by their key in the catalogue."""

_BYTE_ORDER_MARK = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MAX_CELL = 1000


def render(report: Report) -> str:
    """Return the register as CSV text, the worst verdicts first."""
    text = io.StringIO()
    # Every cell is quoted: where a semicolon parts the cells, an unquoted one could hide a formula behind it.
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow([cell(Column(key).title) for key in COLUMNS])
    for row in register_rows(report):
        sheet.writerow([cell(_text(row.get(key))) for key in COLUMNS])
    return _BYTE_ORDER_MARK + text.getvalue()


def findings(report: Report) -> Iterator[str]:
    """Yield ``findings.csv`` line by line: a row for each finding, the worst devices first."""
    return _table(FINDINGS, finding_rows(report))


def plan(report: Report) -> Iterator[str]:
    """Yield ``plan.csv`` line by line: a row for each step, in its order."""
    return _table([column for column in PLAN if not column.filled], plan_rows(report))


def _table(columns: Sequence[Column], rows: Iterator[Row]) -> Iterator[str]:
    yield _BYTE_ORDER_MARK + _line([column.title for column in columns])
    for row in rows:
        yield _line([_text(row[column.key]) for column in columns])


def reconciled(report: Report) -> Iterator[str]:
    """Yield ``reconciled.csv``: a row for each row of the asset register, and each camera that it leaves out."""
    catalogue = words()
    placed = catalogue.placed
    yield _BYTE_ORDER_MARK + _line([placed[key] for key in ("matched", "row", "registered", "found", "what")])
    for row in row_views(report, catalogue):
        yield _line([row.word, row.row, row.registered, row.found, row.what])


def _line(texts: Sequence[str]) -> str:
    quoted = (cell(text).replace('"', '""') for text in texts)
    return ",".join(f'"{text}"' for text in quoted) + "\r\n"


def _text(value: Value) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula and that holds no control character."""
    shown = plain(text, _MAX_CELL)
    # A raw tab or return in front is judged before it is tidied away; full-width signs start a formula in some.
    starts = (text[:1], unicodedata.normalize("NFKC", shown[:1]))
    return f"'{shown}" if any(start in _STARTS_A_FORMULA for start in starts if start) else shown
