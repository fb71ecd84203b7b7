"""The commands before the first audit: ``init`` writes the site file, ``doctor`` says what this machine can do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from camaudit.catalogue import load_catalogue
from camaudit.cli import answering
from camaudit.cli.asking import CORE, interview
from camaudit.doctor import examine
from camaudit.errors import RenderError, UsageError
from camaudit.model import Site
from camaudit.phrases import phrases
from camaudit.policy.choose import applicable_packs
from camaudit.site import questions_for
from camaudit.site_text import write_site

_Name = Annotated[str | None, typer.Option("--name", help="What the site is called.")]
_Jurisdiction = Annotated[str | None, typer.Option("--jurisdiction", help="Where it is: GB-ENG, US-TX, AU ...")]
_Kind = Annotated[str | None, typer.Option("--kind", help="Who runs it: school, council, company ...")]
_Scope = Annotated[list[str] | None, typer.Option("--scope", help="Where the cameras are (repeatable).")]
_Exclude = Annotated[list[str] | None, typer.Option("--exclude", help="Never ask this target (repeatable).")]
_Core = Annotated[
    list[str] | None, typer.Option("--core-network", help="A range of the core network, or none (repeatable).")
]
_Facts = Annotated[
    list[str] | None, typer.Option("--fact", metavar="NAME=yes|no|unknown", help="A fact (repeatable).")
]


def init(
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The file to write.")] = Path(
        "site.yaml"
    ),
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file without asking.")] = False,
    name: _Name = None,
    jurisdiction: _Jurisdiction = None,
    kind: _Kind = None,
    scope: _Scope = None,
    exclude: _Exclude = None,
    core_network: _Core = None,
    fact: _Facts = None,
    no_questions: Annotated[
        bool, typer.Option("--no-questions", help="Ask nothing; what the flags leave out stays unknown.")
    ] = False,
) -> None:
    """Ask plain questions and write site.yaml; a flag answers its question."""
    given = answering.given(name, jurisdiction, kind, scope, exclude, core_network, fact)
    if output.exists() and not force:
        _may_write_over(output, ask=not no_questions)
    site = interview(given, ask=not no_questions)
    _write(output, write_site(site))
    _tell(output, site)


def _may_write_over(file: Path, *, ask: bool) -> None:
    said = phrases().init
    try:
        agreed = ask and typer.confirm(said["overwrite"].format(file=file))
    except typer.Abort:
        typer.echo()
        ask = False
        agreed = False
    if not agreed:
        raise UsageError(said["kept" if ask else "exists"].format(file=file))


def _write(file: Path, text: str) -> None:
    """Write beside the file and move it into place: a full disk must not cost the old answers."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        part.write_text(text, "utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RenderError(f"{file}: {error.strerror}; give another file with --output") from None


def _tell(file: Path, site: Site) -> None:
    """Say what was written, which rules may be for this site, and what is still open."""
    said = phrases().init
    typer.echo("\n" + said["wrote"].format(file=file))
    packs = applicable_packs(site, load_catalogue().policies.packs)
    typer.echo(said["packs" if packs else "no_packs"])
    for pack in packs:
        typer.echo(said["pack"].format(title=pack.title))
    unknown = [fact for fact in questions_for(site) if fact.name != CORE or not site.core_networks]
    left = len(unknown) + (not site.jurisdiction) + (not site.kind)
    if left:
        typer.echo("\n" + said["left_open_one" if left == 1 else "left_open"].format(n=left, file=file))
    typer.echo(said["next" if site.scope else "next_where"].format(file=file))


def doctor() -> None:
    """Say what this machine can and cannot do, each with its remedy."""
    console = Console(highlight=False)
    worst = 0
    for check in examine():
        console.print(f"{'ok  ' if check.good else 'no  '}{check.what}", markup=False)
        if not check.good:
            console.print(f"      {check.remedy}", markup=False)
            worst = max(worst, 3 if check.needed else 0)
    raise typer.Exit(worst)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(init)
    app.command()(doctor)
