"""``notes.yaml``: what people wrote into the workbook, kept beside the site file for the next audit.

In goes the file, out come ``Notes``, and the other way round. A report takes them up as they are: a note is never
evidence and changes no verdict.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Literal

from camaudit.errors import DataFileError, RenderError
from camaudit.model import Notes, Report, StepNote, UnitNote
from camaudit.report.format_words import format_words
from camaudit.report.safe import plain
from camaudit.resources import shown_path
from camaudit.yamlio import STRICT, lines_of, load

MAX_NOTE = 1000
"""Characters of one thing that somebody wrote."""
_HEAD = (
    "# What people wrote of units and steps, read from the workbook by `camaudit import`. The next audit shows it",
    "# again; a note is no evidence and changes no verdict. You may edit it by hand.",
    "schema: camaudit/notes@1",
)


@dataclass(frozen=True, slots=True)
class _UnitForm:
    __pydantic_config__ = STRICT
    id: str
    address: str = ""
    location: str = ""
    owner: str = ""
    decision: str = ""
    decided_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class _StepForm:
    __pydantic_config__ = STRICT
    step: str
    what: str = ""
    responsible: str = ""
    status: str = ""
    done: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class NotesFile:
    """The form of the file."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/notes@1"]
    units: tuple[_UnitForm, ...] = ()
    steps: tuple[_StepForm, ...] = ()


def load_notes(file: Traversable) -> Notes:
    """Read a file of notes; raise ``DataFileError`` with every problem at its line."""
    form = load(file, NotesFile)
    problems = [f"{shown_path(file)}:{line}: {what}" for line, what in _problems(form, lines_of(file))]
    if problems:
        raise DataFileError(tuple(problems))
    return Notes(
        tuple(UnitNote(**asdict(each)) for each in form.units),
        tuple(StepNote(**asdict(each)) for each in form.steps),
    )


def _problems(form: NotesFile, lines: Mapping[tuple[str | int, ...], int]) -> Iterator[tuple[int, str]]:
    known = format_words()
    picked = [("units", n, "decision", each.decision, known.decisions) for n, each in enumerate(form.units)]
    picked += [("steps", n, "status", each.status, known.statuses) for n, each in enumerate(form.steps)]
    for group, number, key, value, words in picked:
        if value and value not in words:
            line = lines.get((group, number, key), lines.get((group, number), 1))
            yield line, f"{group}.{number}.{key}: {value!r} is not known; write one of {', '.join(words)}"
    for group, names in (("units", [u.id for u in form.units]), ("steps", [s.step for s in form.steps])):
        for number, name in enumerate(names):
            if not name.strip() or name in names[:number]:
                told = "stands there twice; keep one" if name.strip() else "must not be empty"
                yield lines.get((group, number), 1), f"{group}.{number}: {name!r} {told}"


def write_notes(file: Path, notes: Notes) -> None:
    """Write a file of notes, whole or not at all; raise RenderError where it cannot be written."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_text("\n".join((*_HEAD, *_lines(notes))) + "\n", "utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RenderError(f"{file}: {error.strerror}; give another file with --notes") from None


def _lines(notes: Notes) -> Iterator[str]:
    groups: tuple[tuple[str, Iterable[UnitNote] | Iterable[StepNote]], ...] = (
        ("units", notes.units),
        ("steps", notes.steps),
    )
    for name, group in groups:
        items = [_item(each) for each in group]
        yield f"{name}:" if items else f"{name}: []"
        for first, *rest in items:
            yield f"  - {first}"
            yield from (f"    {line}" for line in rest)


def _item(note: UnitNote | StepNote) -> list[str]:
    return [f"{name}: {_scalar(value)}" for name, value in _said(note).items()]


def _scalar(value: str | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    # A JSON string reads back as itself in YAML, once what YAML forbids is left out.
    return json.dumps(plain(value, MAX_NOTE), ensure_ascii=False)


def merged(old: Notes, new: Notes) -> Notes:
    """Return the notes with what the new ones say in place of the old; an empty cell takes nothing back.

    Two people may fill in two copies of a workbook: neither erases what the other wrote.
    """
    units, steps = {each.id: each for each in old.units}, {each.step: each for each in old.steps}
    for unit in new.units:
        units[unit.id] = replace(units.get(unit.id, unit), **_said(unit))
    for step in new.steps:
        steps[step.step] = replace(steps.get(step.step, step), **_said(step))
    return Notes(
        tuple(each for each in units.values() if set(_said(each)) - {"id", "address"}),
        tuple(each for each in steps.values() if _is_news(each)),
    )


def _said(note: UnitNote | StepNote) -> dict[str, Any]:
    return {each.name: getattr(note, each.name) for each in fields(note) if getattr(note, each.name)}


def _is_news(step: StepNote) -> bool:
    """Say whether a step's note says more than that it is open, as every step is at first."""
    said = set(_said(step)) - {"step", "what"}
    return bool(said - {"status"}) or step.status not in ("", "open")


def with_notes(report: Report, notes: Notes) -> Report:
    """Return the report with what people wrote, and a notice where a unit of theirs was not seen."""
    if notes == Notes():
        return report
    seen = {device.id for device in report.devices}
    gone = [each for each in notes.units if each.id not in seen]
    # What somebody wrote into a register last counts before what the site file says.
    places = {**report.locations, **{each.id: each.location for each in notes.units if each.location}}
    return replace(report, notes=notes, locations=places, notices=(*report.notices, *_gone(gone)))


def _gone(units: list[UnitNote]) -> Iterator[str]:
    if units:
        named = ", ".join(" ".join(part for part in (each.address, each.location) if part) for each in units[:3])
        rest = format_words().pdf["rest"].format(n=len(units) - 3)
        yield (
            format_words()
            .filled["gone"]
            .format(n=len(units), units=f"{named}, {rest}" if len(units) > 3 else named)
        )
