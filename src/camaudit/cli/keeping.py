"""The command ``runs``: what is stored, and clearing out what need not be; nothing is sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from camaudit import audit as use_cases
from camaudit.cli import options
from camaudit.errors import UsageError
from camaudit.model import Run
from camaudit.report.safe import visible
from camaudit.store import Store, may_go
from camaudit.store.told import known_runs

_YEAR = 365

runs = typer.Typer(
    help="List the stored runs, the newest first, or clear out old ones.", invoke_without_command=True
)


@runs.callback()
def list_runs(context: typer.Context, store: options.StoreUrl = None) -> None:
    """List the stored runs, the newest first."""
    if context.invoked_subcommand is not None:
        return
    opened = Store(store)
    _show(opened.runs(), opened.sites(), "no runs yet; make one with `camaudit audit` or `camaudit demo`")


@runs.command("prune")
def prune(
    store: options.StoreUrl = None,
    older_than: Annotated[
        int, typer.Option("--older-than", min=1, metavar="DAYS", help="Only runs older.")
    ] = _YEAR,
    yes: Annotated[bool, typer.Option("--yes", help="Remove them; do not ask.")] = False,
) -> None:
    """Remove old runs; the newest of each site and the last complete one of each year stay.

    So does what a receiver of `camaudit notify` was told last.
    """
    opened = Store(store)
    sites = opened.sites()
    needed = known_runs(opened)
    may = may_go(opened.runs(), sites, use_cases.now() - timedelta(days=older_than))
    old = tuple(run for run in may if run.id not in needed)
    _show(old, sites, f"nothing to remove: no run older than {older_than} days that is not needed")
    if not old:
        return
    if not yes:
        try:
            agreed = typer.confirm(f"Remove these {len(old)} runs for good?")
        except typer.Abort:
            raise UsageError("not confirmed, so nothing was removed; add --yes where nobody can answer") from None
        if not agreed:
            raise UsageError("not confirmed, so nothing was removed")
    opened.remove(run.id for run in old)
    typer.echo(f"removed {len(old)} runs")


def _show(found: tuple[Run, ...], sites: dict[str, str], nothing: str) -> None:
    table = Table("run", "started (UTC)", "state", "site", "scope", box=None, pad_edge=False)
    for run in found:
        state = "complete" if run.finished else "incomplete"
        site, scope = escape(visible(sites.get(run.id, ""), 40)), ", ".join(run.scope)[:60]
        table.add_row(run.id, f"{run.started:%Y-%m-%d %H:%M}", state, site, escape(visible(scope)))
    if table.row_count:
        Console(highlight=False).print(table)
    else:
        typer.echo(nothing)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.add_typer(runs, name="runs")
