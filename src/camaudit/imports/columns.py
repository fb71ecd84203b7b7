"""Which column means what: in go the rows of a table, out come its heading and a proposed mapping.

The names of columns that registers and vendors' tools use are data (``columns.yaml`` beside this file).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from camaudit.errors import UsageError
from camaudit.imports.tables import Row
from camaudit.yamlio import STRICT, load

_LOOKED_AT = 20
_WORD = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class ColumnFile:
    """The form of ``columns.yaml``: for each meaning the headings that people write over it."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/columns@1"]
    columns: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Heading:
    """Where the heading stands, what it says, and the column of each meaning."""

    line: int
    names: tuple[str, ...]
    columns: Mapping[str, int]

    def described(self) -> str:
        """Return the mapping as ``--column`` would write it."""
        return ", ".join(f"{meaning}={self.names[at]}" for meaning, at in self.columns.items())

    def value(self, row: Row, meaning: str) -> str:
        """Return the cell of a meaning, empty where there is none."""
        at = self.columns.get(meaning)
        return row.cells[at] if at is not None and at < len(row.cells) else ""


def heading_of(rows: Iterable[Row], chosen: Mapping[str, str]) -> Heading | None:
    """Return the heading among the first rows: the one that names most; with two header rows the lower one counts.

    ``chosen`` maps meanings to headings as the operator gave them, and goes before what we propose.
    """
    best: Heading | None = None
    for row in list(rows)[:_LOOKED_AT]:
        columns = _columns(row.cells)
        for meaning, name in chosen.items():
            found = [at for at, cell in enumerate(row.cells) if folded(cell) == folded(name)]
            if found:
                columns[meaning] = found[0]
        if len(columns) >= 2 and (best is None or len(columns) >= len(best.columns)):
            best = Heading(row.line, row.cells, columns)
    return best


def _columns(cells: tuple[str, ...]) -> dict[str, int]:
    known = meanings()
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        meaning = known.get(folded(cell))
        if meaning is not None:
            found.setdefault(meaning, at)
    return found


@cache
def meanings() -> Mapping[str, str]:
    """Return the meaning of each heading."""
    content = load(files("camaudit") / "imports" / "columns.yaml", ColumnFile)
    return {folded(name): meaning for meaning, names in content.columns.items() for name in (meaning, *names)}


def folded(text: str) -> str:
    """Return a heading as they are compared: small letters and digits."""
    return _WORD.sub("", text.lower())


def chosen_columns(given: Iterable[str]) -> dict[str, str]:
    """Read ``--column MEANING=HEADING``; raises UsageError."""
    known = sorted(set(meanings().values()))
    found = {}
    for text in given:
        meaning, sign, name = text.partition("=")
        if not sign or meaning not in known or not name.strip():
            raise UsageError(f"--column {text}: write MEANING=HEADING; the meanings are {', '.join(known)}")
        found[meaning] = name
    return found
