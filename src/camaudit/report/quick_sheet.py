"""A worksheet that writes its commonest cells quickly: texts and numbers with a look, as the stock one would.

The stock writer makes a list of attributes for each cell and escapes each of them, which is half the time of a
workbook of a million cells. Should a later xlsxwriter write its cells by another way, this one is not asked, and
the workbook is the same, only later.
"""

from __future__ import annotations

from functools import cache

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet


class QuickSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet in all else."""

    def _write_cell(self, row: int, col: int, cell: object) -> None:
        look = getattr(cell, "format", None)
        kind = cell.__class__.__name__
        if look is None or self.constant_memory or kind not in ("String", "Number", "Datetime"):
            super()._write_cell(row, col, cell)
            return
        place = f'<c r="{_letters(col)}{row + 1}" s="{look._get_xf_index()}"'
        if kind == "String":
            self.fh.write(f'{place} t="s"><v>{cell.string}</v></c>')  # type: ignore[attr-defined]  # a number
        else:
            self.fh.write(f"{place}><v>{cell.number:.16G}</v></c>")  # type: ignore[attr-defined]  # a number


@cache
def _letters(col: int) -> str:
    name: str = xl_col_to_name(col)
    return name
