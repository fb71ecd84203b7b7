"""The command ``diff``: what changed between two runs, or of one run between two days; nothing is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.changes.compare import worsened
from camaudit.cli import options
from camaudit.cli.options import FailOn
from camaudit.comparing import Asked, difference, looks, notices
from camaudit.errors import UsageError
from camaudit.model import Verdict
from camaudit.report.change_sentences import notice
from camaudit.report.changes import Compared, render, shown
from camaudit.store import Store


class Shown(StrEnum):
    """How the comparison is shown."""

    TERMINAL = "terminal"
    JSON = "json"


Runs = Annotated[
    list[str] | None,
    typer.Argument(metavar="RUN", help="Two of `camaudit runs`, or one (then and now); else the last two."),
]
Days = Annotated[
    list[datetime] | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Judge the later side as of this day; twice: both sides."),
]
Format = Annotated[Shown, typer.Option("--format", help="What to print.")]
_COUNTED = {
    FailOn.NEVER: frozenset[str](),
    FailOn.VIOLATION: frozenset({Verdict.VIOLATION.value}),
    FailOn.REVIEW: frozenset({Verdict.VIOLATION.value, Verdict.REVIEW.value}),
}


def diff(
    runs: Runs = None,
    as_of: Days = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    store: options.StoreUrl = None,
    format_: Format = Shown.TERMINAL,
    fail_on: options.Fail = FailOn.VIOLATION,
    quiet: options.Quiet = False,
) -> None:
    """Show devices that are new, gone, moved or changed, and verdicts that changed, and why.

    --site, --policy and --waivers are of the later side. The exit code is 1 where a finding is at or above
    --fail-on that was not so before.
    """
    days = tuple(each.date() for each in as_of or ())
    if len(runs or ()) > 2 or len(days) > 2:
        raise UsageError("give at most two runs, and --as-of at most twice")
    asked = Asked(
        days=days,
        site=options.site(site) if site is not None else None,
        waivers=options.waivers(waivers) if waivers is not None else None,
        policies=tuple(policy or ()),
    )
    compared = _compared(Store(store), runs or (), asked, load_catalogue(signatures, policies))
    if format_ is Shown.JSON:
        typer.echo(render(compared), nl=False)
    elif not quiet:
        Console(highlight=False).print(shown(compared))
    raise typer.Exit(1 if any(worsened(compared.difference, _COUNTED[fail_on])) else 0)


def _compared(store: Store, runs: Sequence[str], asked: Asked, catalogue: Catalogue) -> Compared:
    before, after = looks(store, runs, asked, date.today())
    said = notices(before, after, asked, store, catalogue)
    return Compared(
        before=(before.stored.run, before.setting),
        after=(after.stored.run, after.setting),
        difference=difference(before, after, catalogue),
        names={**catalogue.names, **catalogue.policies.titles},
        notices=tuple(notice(key, told) for key, told in said),
    )


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(diff)
