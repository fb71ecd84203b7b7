"""The command ``answer``: the open questions of a run, asked most useful first, answered into the site file."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from camaudit.answers import Asked, Given, answer_site_file, completed, from_file, from_text
from camaudit.catalogue import load_catalogue
from camaudit.cli import options
from camaudit.cli.answer_case import Case
from camaudit.cli.questions_asked import Interviewer
from camaudit.errors import UsageError
from camaudit.model import Report, Verdict
from camaudit.phrases import phrases
from camaudit.report.summary import judged
from camaudit.report.words import words
from camaudit.site import load_site
from camaudit.store import Store, StoredRun

_Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="RUN|QUESTION=ANSWER", help="A run (default: newest), and answers."),
]
_File = Annotated[Path | None, typer.Option("--file", help="A file of answers (camaudit/answers@1).")]
_By = Annotated[str, typer.Option("--by", help="Who saw or decided it.")]
_On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day of it (default today).")]
_How = Annotated[str, typer.Option("--how", help="How it was seen: label photographed, purchase papers ...")]
_Reads = Annotated[str, typer.Option("--reads", help="What the label or the papers say.")]
_List = Annotated[bool, typer.Option("--list", help="List the open questions and ask nothing.")]


def answer(
    said: _Words = None,
    site: options.SiteFile = None,
    file: _File = None,
    by: _By = "",
    on: _On = None,
    how: _How = "",
    reads: _Reads = "",
    list_: _List = False,
    language: options.Language = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    store: options.StoreUrl = None,
) -> None:
    """Answer the open questions of a run: QUESTION=ANSWER, by a file, or asked one by one."""
    runs = [word for word in said or () if "=" not in word]
    given = [from_text(word) for word in said or () if "=" in word]
    if len(runs) > 1:
        raise UsageError(phrases().answering["one_run"].format(value=runs[1]))
    where = _site_file(site)
    options.speak(options.language(language), load_site(where))
    given += from_file(file) if file is not None else ()
    case = Case(where, _run(Store(store), runs, bool(given)), load_catalogue(signatures, policies), date.today())
    if list_:
        _list_questions(case)
        return
    day = on.date() if on is not None else None
    if given:
        asked = case.asked(case.report(load_site(where)))
        _settle(case, [completed(each, by=by, on=day, how=how, reads=reads) for each in given], asked)
        return
    interview = Interviewer(case, by=by, on=day, how=how)
    found = interview.answers()
    if found:
        _settle(case, found, interview.asked)


def _site_file(file: Path | None) -> Path:
    where = file or Path("site.yaml")
    if not where.is_file():
        raise UsageError(phrases().answering["no_site"].format(file=where))
    return where


def _run(store: Store, named: list[str], has_answers: bool) -> StoredRun | None:
    """Return the run that asks; facts of the site can be answered before anything was scanned."""
    if not named and not store.runs():
        if has_answers:
            return None
        raise UsageError(phrases().answering["no_run"])
    return store.run(named[0] if named else None)


def _list_questions(case: Case) -> None:
    from rich.console import Console

    from camaudit.report.terminal_questions import questions_listed

    report = case.report(load_site(case.file))
    if report is None or not report.questions:
        typer.echo(phrases().answering["none_open"])
        return
    Console(highlight=False).print(questions_listed(report))


def _settle(case: Case, given: list[Given], asked: Asked) -> None:
    """Write the answers, and say what they changed."""
    said = phrases().answering
    before = case.report(load_site(case.file))
    written = answer_site_file(case.file, given, asked, case.today)
    if written.open:
        typer.echo(said["left_open"].format(keys=", ".join(written.open)))
    if written.backup is None:
        typer.echo(said["nothing_written"].format(file=case.file))
        return
    line = said["written_one" if len(written.settled) == 1 else "written"]
    typer.echo(line.format(file=case.file, backup=written.backup.name, n=len(written.settled)))
    after = case.report(written.site)
    if before is not None and after is not None:
        _tell_changes(before, after)


def _tell_changes(before: Report, after: Report) -> None:
    """Say what became of devices, and of the findings that stay under their headline."""
    said = phrases().answering
    old = {item.device.id: item.standing for item in judged(before)}
    units = Counter((old[i.device.id], i.standing) for i in judged(after) if old.get(i.device.id) != i.standing)
    verdicts, findings = words().verdicts, words().findings
    for (was, now), number in units.most_common():
        line = said["moved_one" if number == 1 else "moved"]
        typer.echo(line.format(n=number, before=verdicts[was], after=verdicts[now]))
    was_of, now_of = _verdicts(before), _verdicts(after)
    changed = Counter(
        (was_of[key], now_of.get(key, Verdict.NOT_APPLICABLE))
        for key in was_of
        if was_of[key] is not now_of.get(key, Verdict.NOT_APPLICABLE)
    )
    for (then, since), number in changed.most_common():
        line = said["finding_one" if number == 1 else "findings"]
        typer.echo(line.format(n=number, before=findings[then], after=findings[since]))
    if not units and not changed:
        typer.echo(said["nothing_moved"])
    left = len(after.questions)
    typer.echo(said["left_one" if left == 1 else "left"].format(n=left) if left else said["none_open"])


def _verdicts(report: Report) -> dict[tuple[str, str, str], Verdict]:
    return {(f.device, f.policy, f.rule): f.verdict for f in report.findings}


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(answer)
