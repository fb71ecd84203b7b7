"""From a stored run to what the operator gets: reports in a folder, a summary on the screen, an exit code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from camaudit import audit as use_cases
from camaudit.cli import options
from camaudit.cli.options import FailOn, exit_code, speak
from camaudit.errors import StoreError, UsageError
from camaudit.model import Notes, Report, Site, Waiver
from camaudit.store import Store, StoredRun

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue
    from camaudit.telling import Receiver


@dataclass(frozen=True, slots=True)
class Wanted:
    """How to judge and what to write; no ``formats`` writes nothing."""

    as_of: date
    policies: tuple[str, ...]
    waivers: tuple[Waiver, ...]
    formats: tuple[str, ...]
    folder: Path
    fail_on: FailOn
    quiet: bool
    explain: bool = False
    background: bool = False
    notes: Notes = field(default_factory=Notes)
    audience: str = ""
    since: StoredRun | None = None
    """An earlier run; the report then says what became of its plan."""
    language: str | None = None
    notify: tuple[Receiver, ...] = ()


def wish(
    as_of: datetime | None,
    policy: list[str] | None,
    waivers: Path | None,
    formats: str | None,
    output: Path,
    fail_on: FailOn,
    audience: str,
    *,
    quiet: bool,
    background: bool = False,
    notes: Path | None = None,
    language: str | None = None,
    notify: Path | None = None,
) -> Wanted:
    """Read the flags that ``audit``, ``check`` and ``report`` share; no ``formats`` (``None``) write nothing."""
    return Wanted(
        as_of=options.day(as_of),
        policies=tuple(policy or ()),
        waivers=options.waivers(waivers),
        formats=options.formats(formats) if formats is not None else (),
        folder=output,
        fail_on=fail_on,
        quiet=quiet,
        background=background,
        notes=options.notes(notes),
        audience=options.audience(audience),
        language=options.language(language),
        notify=receivers(notify, as_of),
    )


def receivers(file: Path | None, as_of: datetime | None) -> tuple[Receiver, ...]:
    """Read the file of receivers; raise UsageError where what is judged is not how things are."""
    if file is None:
        return ()
    if as_of is not None:
        raise UsageError("--notify tells how things are, and --as-of judges another day; leave one of them out")
    from camaudit.telling import load_receivers

    return load_receivers(file)


def judged(stored: StoredRun, catalogue: Catalogue, site: Site | None, wanted: Wanted) -> Report:
    """Judge a stored run as wanted, in the language that is wanted or that the site has."""
    from camaudit.notes import with_notes

    speak(wanted.language, site or stored.site)
    report = use_cases.judge(
        stored, catalogue, as_of=wanted.as_of, site=site, policies=wanted.policies, waivers=wanted.waivers
    )
    return with_notes(report, wanted.notes)


def get_ready() -> None:
    """Load what judging and the usual formats need, while a scan waits for answers."""
    from camaudit.report.write import get_ready as report_ready

    use_cases.load_judging()
    report_ready()


def deliver(
    stored: StoredRun, catalogue: Catalogue, site: Site | None, wanted: Wanted, store: Store | None = None
) -> int:
    """Judge, write and show, and keep in ``store`` what was said; return the exit code of the contract."""
    # Loaded when there is something to deliver: a scan begins the sooner.
    from camaudit.report.audience import for_audience
    from camaudit.report.write import write

    report = judged(stored, catalogue, site, wanted)
    if wanted.since is not None:
        from camaudit.following import compared

        report = compared(judged(wanted.since, catalogue, site, wanted), report)
    if store is not None:
        keep(store, report, catalogue, wanted)
    if wanted.background:
        report = use_cases.with_background(report, catalogue)
    addressed = for_audience(report, wanted.audience)
    written = write(addressed, wanted.formats, wanted.folder) if wanted.formats else ()
    if not wanted.quiet:
        from rich.console import Console

        from camaudit.report.terminal import summary

        Console(highlight=False).print(summary(addressed, written))
        if report.background is not None:
            from camaudit.report.background import shown

            Console(highlight=False).print(shown(report))
    if wanted.explain:
        _explain(report, catalogue, wanted)
    if wanted.notify and store is not None:
        from camaudit.cli.telling import told_all

        told_all(store, stored, report, catalogue, wanted)
    return exit_code(report, wanted.fail_on)


def _explain(report: Report, catalogue: Catalogue, wanted: Wanted) -> None:
    """Say which open question would change which verdict, and how."""
    from rich.console import Console

    from camaudit.report.whatif import explained

    found = use_cases.open_questions(report, catalogue, wanted.policies)
    Console(highlight=False).print(explained(found, report))


def keep(store: Store, report: Report, catalogue: Catalogue, wanted: Wanted) -> None:
    """Keep what is said today, so that ``camaudit diff`` can tell later what has changed and why."""
    from camaudit.comparing import judgement_of

    try:
        store.keep(judgement_of(report, catalogue, wanted.waivers, wanted.policies))
    except StoreError as error:
        # The report itself needs no store; only a later comparison would.
        typer.echo(f"camaudit: these verdicts were not kept for a later `camaudit diff`: {error}", err=True)
