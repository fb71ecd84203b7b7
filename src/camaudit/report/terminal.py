"""The terminal: in go a ``Report`` and where it was written, out comes a summary that fits 24 lines of 80.

What devices and packs wrote is put in as ``Text``, which rich never reads as markup, with control characters
made visible first.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from camaudit.model import Report
from camaudit.report.argument import explain
from camaudit.report.placed import counted
from camaudit.report.reach import causes
from camaudit.report.safe import visible
from camaudit.report.sentences import answer, called, next_step
from camaudit.report.since_view import terminal_line
from camaudit.report.styles import STYLES, safe
from camaudit.report.summary import STRIP, Judged, Standing, counts, is_video, judged, questions
from camaudit.report.words import Words, words

__all__ = ["explain", "summary"]

_MAX_ROWS = 10
_MAX_STEPS = 3
_LINES = 24
_WIDTH = 80


def summary(report: Report, files: Iterable[Path] = ()) -> RenderableType:
    """Return what a run came to: the answer, the counts, the worst devices, the first steps, the files."""
    catalogue = words()
    said = answer(report, catalogue)
    top = _answer(report, said.standing, said.headline, catalogue)
    steps = _steps(report, catalogue) or _causes(report, catalogue)
    asks = _questions(report, catalogue)
    written = _files(tuple(files))
    # The table takes the lines that the rest leaves; its own frame, the last line and the prompt need six.
    room = _LINES - _height(top) - _height(steps) - _height(asks) - _height(written) - 6
    table = _devices(report, catalogue, max(min(room, _MAX_ROWS), 3))
    return Group(*(part for part in (top, table, steps, asks, written) if part is not None))


def _answer(report: Report, standing: str, headline: str, catalogue: Words) -> Text:
    number = counts(report)
    style = STYLES[Standing(standing)] if standing in tuple(Standing) else "bold"
    told = Text.assemble((visible(headline, 2 * _WIDTH), style), "\n")
    said = [(f"{catalogue.verdicts[s]}: {number[key]}", STYLES[s]) for s, key in STRIP if number[key]]
    for place, (text, colour) in enumerate(said):
        told.append(", " if place else "").append(text, style=colour)
    reach = catalogue.terminal["reach"].format(answered=number["answered"], addresses=number["addresses"])
    told.append(f"{'; ' if said else ''}{reach}.")
    register = counted(report, catalogue)
    if register:
        told.append(f"\n{visible(register, _WIDTH - 1)}.")
    since = terminal_line(report, catalogue)
    if since:
        told.append(f"\n{visible(since, _WIDTH)}")
    for notice in report.notices[:1]:
        told.append(f"\n! {visible(notice, _WIDTH - 2)}", style="yellow")
    return told


def _devices(report: Report, catalogue: Words, rows: int) -> RenderableType | None:
    items = [item for item in judged(report) if is_video(item.device)]
    if not items:
        return None
    table = Table(box=None, pad_edge=False, width=_WIDTH, show_edge=False)
    table.add_column(catalogue.columns["verdict"], no_wrap=True, width=16)
    table.add_column(catalogue.columns["address"], no_wrap=True, overflow="ellipsis", max_width=22)
    table.add_column(catalogue.columns["device"], no_wrap=True, overflow="ellipsis", ratio=4)
    table.add_column(catalogue.columns["next_step"], no_wrap=True, overflow="ellipsis", ratio=3)
    for item in items[:rows]:
        table.add_row(*_row(item, report, catalogue))
    if len(items) <= rows:
        return table
    return Group(table, Text(catalogue.terminal["more"].format(n=len(items) - rows), style="dim"))


def _row(item: Judged, report: Report, catalogue: Words) -> tuple[Text, ...]:
    return (
        Text(catalogue.verdicts[item.standing], style=STYLES[item.standing]),
        safe(item.device.address, 45),
        safe(called(item.device, report.names, catalogue)),
        safe(next_step(item, catalogue)),
    )


def _steps(report: Report, catalogue: Words) -> Text | None:
    if not report.plan:
        return None
    told = Text(f"\n{catalogue.terminal['steps']}", style="bold")
    for step in report.plan[:_MAX_STEPS]:
        head = f"{step.order}. {catalogue.actions.get(step.action, step.action)}: "
        by = f" ({catalogue.labels['by'].format(date=step.by.isoformat())})" if step.by else ""
        title = visible(step.title, _WIDTH - len(head) - len(by) - 1)
        told.append(f"\n{head}{title}{by}", style="not bold")
    rest = len(report.plan) - _MAX_STEPS
    if rest > 0:
        told.append(f"\n{catalogue.terminal['more_steps'].format(n=rest)}", style="not bold dim")
    return told


def _questions(report: Report, catalogue: Words) -> Text | None:
    """Return how many questions are open, and what answers them."""
    number = len(questions(report))
    if not number:
        return None
    return Text(catalogue.counted(catalogue.terminal, "questions", number))


def _causes(report: Report, catalogue: Words) -> Text | None:
    """Return why no camera was found, and what to do about it; nothing where one was."""
    likely = causes(report)
    if not likely:
        return None
    told = Text(f"\n{catalogue.terminal['causes']}", style="bold")
    for number, name in enumerate(likely[:_MAX_STEPS], start=1):
        found = catalogue.causes[name]
        told.append(f"\n{number}. {found.cause} {found.step}", style="not bold")
    return told


def _files(files: tuple[Path, ...]) -> Text | None:
    if not files:
        return None
    catalogue = words()
    told = Text(f"\n{catalogue.terminal['files']}: ", style="bold")
    root = Path(os.path.commonpath([path.parent for path in files]))
    # A folder of snippets is one thing to look into, however many files lie in it.
    names = (path.relative_to(root).parts for path in files)
    shown = dict.fromkeys(parts[0] if len(parts) == 1 else f"{parts[0]}{os.sep}" for parts in names)
    told.append(visible(f"{root}: {', '.join(shown)}"), style="not bold")
    return told


def _height(part: Text | None) -> int:
    if part is None:
        return 0
    return sum(max(-(-len(line) // _WIDTH), 1) for line in part.plain.split("\n"))
