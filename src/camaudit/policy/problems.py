"""Collects what is wrong with one data file, each problem at its line.

In go key paths and sentences, out come lines of the form ``path:line: where: what is wrong``.
"""

from __future__ import annotations

from functools import cached_property
from importlib.resources.abc import Traversable

from camaudit.resources import shown_path
from camaudit.yamlio import Path, lines_of


class Problems:
    """The problems of one file, in the order in which they were found."""

    def __init__(self, file: Traversable) -> None:
        self._file = file
        self.found: list[str] = []

    @cached_property
    def _lines(self) -> dict[Path, int]:
        # Read only where something is wrong: it takes as long as reading the file.
        return lines_of(self._file)

    def line_of(self, where: Path) -> int:
        """Return the line of a key path, or of the nearest path above it that the file has."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where, 1)

    def add(self, where: Path, problem: str) -> None:
        """Note a problem at a key path."""
        path = ".".join(str(part) for part in where) or "file"
        self.found.append(f"{shown_path(self._file)}:{self.line_of(where)}: {path}: {problem}")
