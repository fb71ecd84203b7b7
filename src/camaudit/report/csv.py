"""``register.csv``: in goes a ``Report``, out comes the camera register, a row for each device.

Made for Excel and the like: a byte order mark, every cell quoted, and no cell that a spreadsheet would run.
"""

from __future__ import annotations

import csv
import io
import unicodedata

from camaudit.model import Report, Verdict
from camaudit.report.safe import plain
from camaudit.report.sentences import brand_of, next_step, percent
from camaudit.report.summary import Judged, judged, name_of
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
    "findings",
    "rules",
    "due",
    "next_step",
)
"""Columns by their key in the catalogue."""

_BYTE_ORDER_MARK = "\ufeff"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_MAX_CELL = 1000
_OPEN = (Verdict.VIOLATION, Verdict.REVIEW)


def render(report: Report) -> str:
    """Return the register as CSV text, the worst verdicts first."""
    catalogue = words()
    text = io.StringIO()
    # Every cell is quoted: where a semicolon parts the cells, an unquoted one could hide a formula behind it.
    sheet = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    sheet.writerow([cell(catalogue.columns[key]) for key in COLUMNS])
    for item in judged(report):
        row = _row(item, report)
        sheet.writerow([cell(row[key]) for key in COLUMNS])
    return _BYTE_ORDER_MARK + text.getvalue()


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula and that holds no control character."""
    shown = plain(text, _MAX_CELL)
    # A raw tab or return in front is judged before it is tidied away; full-width signs start a formula in some.
    starts = (text[:1], unicodedata.normalize("NFKC", shown[:1]))
    return f"'{shown}" if any(start in _STARTS_A_FORMULA for start in starts if start) else shown


def _row(item: Judged, report: Report) -> dict[str, str]:
    device, found = item.device, item.device.identification
    catalogue = words()
    open_ones = item.open
    due = min((f.due for f in open_ones if f.due is not None), default=None)
    return {
        "id": device.id,
        "verdict": catalogue.verdicts[item.standing],
        "address": device.address,
        "also_at": " ".join(device.also_at),
        "kind": catalogue.kinds[found.kind],
        "maker": name_of(report.names, found.maker),
        "certainty": catalogue.certainties[found.certainty],
        "confidence": percent(found.confidence),
        "brand": brand_of(found, report.names),
        "model": found.model or "",
        "firmware": found.firmware or "",
        "firmware_date": found.firmware_date.isoformat() if found.firmware_date else "",
        "serial": found.serial or "",
        "mac": device.mac or found.mac or "",
        "first_seen": device.first_seen.isoformat() if device.first_seen else "",
        "findings": str(len(open_ones)),
        "rules": " ".join(f"{f.policy}/{f.rule}" for f in item.findings if f.verdict in _OPEN),
        "due": due.isoformat() if due else "",
        "next_step": next_step(item, catalogue),
    }
