"""What ``camaudit import`` does with a workbook that camaudit wrote and people filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer

from camaudit.answers import Given, answer_site_file
from camaudit.answers.writing import Written
from camaudit.cli import options
from camaudit.errors import UsageError
from camaudit.filled import Answer, Filled, is_ours, read_filled
from camaudit.notes import merged, write_notes
from camaudit.phrases import phrases
from camaudit.report.format_words import format_words
from camaudit.store import Store


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where what people wrote is kept: their notes, the site file for their answers, and the store of the runs."""

    notes: Path | None
    site: Path | None
    store: str | None


def take_back(files: Sequence[Path], keeping: Keeping, *, quiet: bool) -> list[Path]:
    """Keep what people wrote into our workbooks for the next audit, and return the files that are none of ours.

    Nothing is written where any cell of any workbook is wrong.
    """
    read = [read_filled(file) for file in files if is_ours(file)]
    others = [file for file in files if not is_ours(file)]
    if not read:
        return others
    where = keeping.notes or options.NOTES
    kept = options.notes(where if where.is_file() else None)
    for filled in read:
        kept = merged(kept, filled.notes)
    answered = [_answered(filled, keeping) for filled in read if filled.answers]
    write_notes(where, kept)
    if not quiet:
        for filled in read:
            typer.echo(_told(filled, where))
        for written in answered:
            typer.echo(_told_answers(written))
    return others


def _answered(filled: Filled, keeping: Keeping) -> Written:
    """Write the answers of a workbook into the site file, held against the run that asked."""
    from camaudit.catalogue import load_catalogue
    from camaudit.cli.answer_case import Case
    from camaudit.site import load_site

    file = keeping.site or Path("site.yaml")
    if not file.is_file():
        raise UsageError(phrases().answering["no_site"].format(file=file))
    store = Store(keeping.store)
    known = {run.id for run in store.runs()}
    case = Case(file, store.run(filled.run) if filled.run in known else None, load_catalogue(), date.today())
    asked = case.asked(case.report(load_site(file)))
    return answer_site_file(file, [_given(each, filled.name) for each in filled.answers], asked, case.today)


def _given(answer: Answer, name: str) -> Given:
    sheet = format_words().sheets["questions"]
    where = f"{name}: sheet {sheet}, cell {answer.where}"
    return Given(answer.key or answer.question, answer.answer, where, answer.by, answer.on, reads=answer.note)


def _told(filled: Filled, where: Path) -> str:
    said = format_words().filled
    return said["kept"].format(
        file=filled.name,
        units=said["units"].format(n=len(filled.notes.units)),
        steps=said["steps"].format(n=sum(step.status != "open" for step in filled.notes.steps)),
        notes=where,
    )


def _told_answers(written: Written) -> str:
    said = phrases().answering
    told = [said["left_open"].format(keys=", ".join(written.open))] if written.open else []
    if written.backup is not None:
        file = written.backup.with_suffix("")
        line = said["written_one" if len(written.settled) == 1 else "written"]
        told.append(line.format(file=file, backup=written.backup.name, n=len(written.settled)))
    return "\n".join(told) or format_words().filled["no_news"]
