"""Collects what is wrong with one data file, each problem at its line.

In go key paths and sentences, out come lines of the form ``path:line: where: what is wrong``.
"""

from __future__ import annotations

from importlib.resources.abc import Traversable

from camaudit.resources import shown_path
from camaudit.yamlio import Path, lines_of


class Problems:
    """The problems of one file, in the order in which they were found."""

    def __init__(self, file: Traversable) -> None:
        self._name = shown_path(file)
        self._lines = lines_of(file)
        self.found: list[str] = []

    def line_of(self, where: Path) -> int:
        """Return the line of a key path, or of the nearest path above it that the file has."""
        while where and where not in self._lines:
            where = where[:-1]
        return self._lines.get(where, 1)

    def add(self, where: Path, problem: str) -> None:
        """Note a problem at a key path."""
        path = ".".join(str(part) for part in where) or "file"
        self.found.append(f"{self._name}:{self.line_of(where)}: {path}: {problem}")
