"""``register.xlsx``: in goes a ``Report``, out comes a workbook that people filter, fill in and hand back.

Every text is written as a string and nothing else: what a device calls itself is never a formula or a link.
``camaudit import`` reads the filled columns back (``camaudit.filled``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date
from io import BytesIO
from typing import TYPE_CHECKING

from camaudit.language import language
from camaudit.model import Report
from camaudit.report.columns import MAX_FILLED, SHEETS, Column, Holds
from camaudit.report.format_words import format_words
from camaudit.report.safe import plain
from camaudit.report.summary import counts
from camaudit.report.tables import (
    Row,
    Value,
    cost_rows,
    coverage_rows,
    finding_rows,
    plan_rows,
    question_rows,
    register_rows,
    specification_rows,
)
from camaudit.report.words import words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

SCHEMA = "camaudit/workbook@1"
"""What a workbook says of itself among its own properties."""
MAX_CELL = 4000
_MOST_ROWS = 1_000_000
_ROWS = {
    "register": register_rows,
    "findings": finding_rows,
    "plan": plan_rows,
    "coverage": coverage_rows,
    "questions": question_rows,
    "costs": cost_rows,
    "specification": specification_rows,
}
_SPARE_ROWS = 500
_FIRST_DAY, _LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
_COLOURS = {"head": "#1F3A5F", "filled_head": "#7A5B00", "filled": "#FFF8DC"}


def pieces(report: Report) -> Iterator[bytes]:
    """Yield the workbook's bytes."""
    import xlsxwriter

    from camaudit.report.quick_sheet import QuickSheet

    out = BytesIO()
    # Not with constant_memory: that writes each text where it stands, which takes half as long again and makes the
    # file larger. Twenty thousand devices need some 130 MB this way.
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        _describe(book, report)
        formats = _Formats(book)
        _read_me(book.add_worksheet(format_words().sheets["read"]), report, formats)
        for key, columns in SHEETS.items():
            sheet = book.add_worksheet(format_words().sheets[key], worksheet_class=QuickSheet)
            _table(sheet, columns, _ROWS[key](report), formats)
    yield out.getvalue()


class _Formats:
    """The looks of the cells."""

    def __init__(self, book: Workbook) -> None:
        head = {"bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "top", "border": 1}
        self.head = book.add_format({**head, "bg_color": _COLOURS["head"]})
        self.filled_head = book.add_format({**head, "bg_color": _COLOURS["filled_head"]})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.bold = book.add_format({"bold": True})
        self.text = book.add_format({"valign": "top", "num_format": "@"})
        self.number = book.add_format({"valign": "top"})
        self.day = book.add_format({"valign": "top", "num_format": "yyyy-mm-dd"})
        filled = {"valign": "top", "bg_color": _COLOURS["filled"], "border": 1, "border_color": "#D8CFA8"}
        self.filled = book.add_format({**filled, "num_format": "@"})
        self.filled_day = book.add_format({**filled, "num_format": "yyyy-mm-dd"})

    def of(self, column: Column) -> Format:
        """Return how a cell of a column looks."""
        if column.filled:
            return self.filled_day if column.holds is Holds.DAY else self.filled
        return {Holds.DAY: self.day, Holds.NUMBER: self.number}.get(column.holds, self.text)


def _describe(book: Workbook, report: Report) -> None:
    words_of = format_words().read
    started = report.run.started
    naive = started.astimezone(UTC).replace(tzinfo=None) if started.tzinfo else started
    # The day of the scan, not of the writing: the same report is the same file.
    book.set_properties({"title": words_of.title, "subject": plain(report.site.name, 200), "created": naive})
    book.set_custom_property("camaudit-schema", SCHEMA)
    # Its headings are read back in the language in which they were written.
    book.set_custom_property("camaudit-language", language())
    book.set_custom_property("camaudit-run", plain(report.run.id, 200))


def _read_me(sheet: Worksheet, report: Report, formats: _Formats) -> None:
    said = format_words()
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 70)
    sheet.hide_gridlines(2)
    facts = (
        (words().labels["site"], text(report.site.name)),
        (words().labels["run"].format(id="").strip(), text(report.run.id)),
        (words().labels["as_of"], words().day(report.judged_as_of)),
    )
    lines: list[tuple[str, Value, Format | None]] = [(said.read.title, None, formats.title), ("", None, None)]
    lines += [(label, value, None) for label, value in facts]
    lines += [("", None, None), (said.read.how, None, formats.bold)]
    lines += [(step, None, None) for step in said.read.steps]
    lines += [("", None, None), (said.read.counts, None, formats.bold)]
    lines += [(said.figures[key], number, None) for key, number in counts(report).items()]
    notes = [
        *report.notices,
        *report.coverage.limits,
        words().labels["negative"],
        words().labels["not_legal_advice"],
    ]
    lines += [("", None, None), *((text(note), None, None) for note in notes)]
    for number, (label, value, look) in enumerate(lines):
        sheet.write_string(number, 0, label, look)
        if isinstance(value, int):
            sheet.write_number(number, 1, value)
        elif value is not None:
            sheet.write_string(number, 1, str(value))


def _table(sheet: Worksheet, columns: tuple[Column, ...], rows: Iterable[Row], formats: _Formats) -> None:
    looks = [formats.of(column) for column in columns]
    for place, column in enumerate(columns):
        # The look of a column to fill in belongs to the column: empty cells need not be written one by one.
        sheet.set_column(place, place, column.width, looks[place] if column.filled else None)
        sheet.write_string(0, place, column.title, formats.filled_head if column.filled else formats.head)
    places = [(place, column.key, looks[place]) for place, column in enumerate(columns)]
    # A report says most of its words thousands of times: each is looked at once.
    said: dict[str, str] = {}
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > _MOST_ROWS:
            # A sheet ends at 1,048,576 rows; report.json has them all.
            last -= 1
            break
        for place, key, look in places:
            value = row.get(key)
            if type(value) is str:
                if value:
                    known = said.get(value)
                    if known is None:
                        known = said[value] = text(value)
                    sheet.write_string(last, place, known, look)
            elif isinstance(value, date):
                sheet.write_datetime(last, place, value, look)
            elif value is not None:
                sheet.write_number(last, place, value, look)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(columns):
        if column.filled:
            _check(sheet, place, last + _SPARE_ROWS, column)


def text(value: str) -> str:
    """Return a text that the spreadsheet shows as it is; ``<r>`` in front would be written as markup."""
    shown = plain(value, MAX_CELL)
    return f"'{shown}" if shown.startswith("<r>") else shown


def _check(sheet: Worksheet, place: int, last: int, column: Column) -> None:
    """Let the spreadsheet refuse what ``camaudit import`` would refuse."""
    said = format_words().checks
    match column.holds:
        case Holds.PICK:
            rule: dict[str, object] = {"validate": "list", "source": list(column.choices.values())}
            message = said["pick"]
        case Holds.DAY:
            rule = {"validate": "date", "criteria": "between", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
            message = said["day"]
        case _:
            rule = {"validate": "length", "criteria": "<=", "value": MAX_FILLED}
            message = said["text"].format(n=MAX_FILLED)
    sheet.data_validation(1, place, max(last, 1), place, {**rule, "error_message": message})
