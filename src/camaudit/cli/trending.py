"""The command ``trends``: how many are left, closed and new, term by term and site by site; nothing is sent."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from camaudit.catalogue import load_catalogue
from camaudit.cli import options
from camaudit.errors import UsageError
from camaudit.report.trends import as_csv, render, shown
from camaudit.store import Store
from camaudit.trending import trends as found_trends


class Shown(StrEnum):
    """How the trends are shown."""

    TERMINAL = "terminal"
    JSON = "json"
    CSV = "csv"


def trends(
    sites: Annotated[
        list[str] | None, typer.Argument(metavar="[SITE]...", help="Only these, by the names in their site files.")
    ] = None,
    by: Annotated[str, typer.Option("--by", metavar="PERIOD", help=options.BY_HELP)] = "term",
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    store: options.StoreUrl = None,
    format_: Annotated[Shown, typer.Option("--format", help="What to print.")] = Shown.TERMINAL,
    language: options.Language = None,
) -> None:
    """Show how many devices break a rule term by term, how many were closed and how many are new.

    The table says which run stands for each term and how far it reached. What was not seen counts as not
    seen, never as closed.
    """
    wanted, kept = options.terms(by), Store(store)
    options.speak(options.language(language), None)
    known = set(kept.sites().values())
    for name in sites or ():
        if name not in known:
            raise UsageError(f"{name}: no run of a site of this name is stored; see `camaudit runs`")
    found = found_trends(kept, load_catalogue(signatures, policies), wanted, sites or ())
    match format_:
        case Shown.TERMINAL:
            Console(highlight=False).print(shown(found))
        case Shown.JSON:
            typer.echo(render(found), nl=False)
        case Shown.CSV:
            typer.echo(as_csv(found), nl=False)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(trends)
