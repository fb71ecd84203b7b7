"""The commands before the first audit: ``init`` writes the site file, ``doctor`` says what this machine can do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from camaudit.doctor import examine
from camaudit.errors import RenderError, UsageError
from camaudit.model import Site
from camaudit.site import FACTS, SITE_KINDS, is_jurisdiction, questions_for, write_site

_ANSWERS = {"y": True, "yes": True, "n": False, "no": False}


def init(
    output: Annotated[Path, typer.Option("--output", help="The file to write.")] = Path("site.yaml"),
    force: Annotated[bool, typer.Option("--force", help="Write over an existing file.")] = False,
) -> None:
    """Ask plain questions and write site.yaml."""
    if output.exists() and not force:
        raise UsageError(f"{output}: is there already; give another with --output, or --force to write over it")
    name = typer.prompt("What is the site called?", default="Our site")
    jurisdiction = _until(
        "Where is it? (US, US-TX, GB-ENG, GB-SCT, ...; empty: don't know)",
        lambda said: not said or is_jurisdiction(said),
    )
    kind = _until(f"What is it? ({', '.join(SITE_KINDS)})", lambda said: not said or said in SITE_KINDS)
    scope = typer.prompt("Which addresses are the cameras in? (192.0.2.0/24, ...; empty: later)", default="")
    targets = tuple(part.strip() for part in scope.split(",") if part.strip())
    site = Site(name, jurisdiction, kind, {}, scope=targets)
    for fact in FACTS.values():
        if fact in questions_for(site):
            answer = _ask(fact.question, fact.why)
            if answer is not None:
                site = replace(site, facts={**site.facts, fact.name: answer})
    text = write_site(site)
    try:
        output.write_text(text, "utf-8")
    except OSError as error:
        raise RenderError(f"{output}: {error.strerror}; give another file with --output") from None
    typer.echo(f"wrote {output}; now: camaudit audit --site {output}")


def _until(question: str, accepts: Callable[[str], bool]) -> str:
    while True:
        said: str = typer.prompt(question, default="", show_default=False).strip()
        if accepts(said):
            return said
        typer.echo("Please answer in one of the forms given, or leave it empty.")


def _ask(question: str, why: str) -> bool | None:
    typer.echo(f"\n{question}\n  ({why})")
    while True:
        said = typer.prompt("yes, no or don't know", default="don't know").strip().lower()
        if said in _ANSWERS:
            return _ANSWERS[said]
        if said in ("", "?", "don't know", "dont know", "d", "unknown"):
            return None
        typer.echo("Please answer yes, no or don't know.")


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
