"""What ``camaudit import`` does with a workbook that camaudit wrote and people filled in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from camaudit.cli import options
from camaudit.filled import Filled, is_ours, read_filled
from camaudit.notes import merged, write_notes
from camaudit.report.format_words import format_words


def take_back(files: Sequence[Path], notes_file: Path | None, *, quiet: bool) -> list[Path]:
    """Keep what people wrote into our workbooks for the next audit, and return the files that are none of ours.

    Nothing is written where any cell of any workbook is wrong.
    """
    read = [read_filled(file) for file in files if is_ours(file)]
    others = [file for file in files if not is_ours(file)]
    if not read:
        return others
    where = notes_file or options.NOTES
    kept = options.notes(where if where.is_file() else None)
    for filled in read:
        kept = merged(kept, filled.notes)
    write_notes(where, kept)
    if not quiet:
        for filled in read:
            typer.echo(_told(filled, where))
            for each in filled.answers:
                told = format_words().filled["by_hand"]
                typer.echo(told.format(question=each.question, answer=each.answer, key=each.key or each.where))
    return others


def _told(filled: Filled, where: Path) -> str:
    said = format_words().filled
    return said["kept"].format(
        file=filled.name,
        units=said["units"].format(n=len(filled.notes.units)),
        steps=said["steps"].format(n=sum(step.status != "open" for step in filled.notes.steps)),
        notes=where,
    )
