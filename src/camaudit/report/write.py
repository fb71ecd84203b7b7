"""Report files: in go a ``Report``, the formats and a folder, out come the paths of what was written."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from camaudit.errors import RenderError, UsageError
from camaudit.model import Report


def _nothing() -> None:
    """Get nothing ready."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a report: its name on the command line, its file, and the function that renders it.

    ``get_ready`` does ahead of time what needs no report.
    """

    name: str
    file: str
    render: Callable[[Report], Iterable[str]]
    get_ready: Callable[[], None] = _nothing


def _html(report: Report) -> Iterable[str]:
    from camaudit.report import html

    return html.pieces(report)


def _ready_for_html() -> None:
    from camaudit.report import html

    html.compile_templates()


def _json(report: Report) -> Iterable[str]:
    from camaudit.report import json

    return json.pieces(report)


def _csv(report: Report) -> Iterable[str]:
    from camaudit.report import csv

    return (csv.render(report),)


# Each is loaded when it is written: knowing their names must cost nothing.
FORMATS: tuple[Format, ...] = (
    Format("html", "report.html", _html, _ready_for_html),
    Format("json", "report.json", _json),
    Format("csv", "register.csv", _csv),
)
"""Every format; a new one is a module and a line here."""


def get_ready() -> None:
    """Load and compile ahead of time what the formats need."""
    for each in FORMATS:
        each.get_ready()


def write(report: Report, formats: Iterable[str], folder: Path) -> tuple[Path, ...]:
    """Write a report in each format, whole or not at all; raise ``RenderError`` where the folder refuses it."""
    wanted = [_format(name) for name in dict.fromkeys(formats)]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_replace(folder / each.file, each.render(report)) for each in wanted)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RenderError(f"{folder}: the report cannot be written: {reason}; choose another --output") from None


def _format(name: str) -> Format:
    for each in FORMATS:
        if each.name == name:
            return each
    known = ", ".join(each.name for each in FORMATS)
    raise UsageError(f"--format {name}: no such format; choose from {known}")


def _replace(path: Path, pieces: Iterable[str]) -> Path:
    """Write beside the file and move it into place, so that a reader never sees half a report."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.writelines(pieces)
        return part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
