"""The command ``switches``: where each unit is plugged in, from the switches themselves, read only."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from camaudit.cli import options
from camaudit.cli.collecting import Plan, confirm
from camaudit.errors import NetworkUnavailable, UsageError
from camaudit.scan import ScanOptions, parse_scope
from camaudit.store import Store

_SNMP_PORT = 161


def switches(
    targets: Annotated[list[str], typer.Argument(metavar="SWITCH", help="Addresses of the switches.")],
    with_: Annotated[str, typer.Option("--with", help="Join them with this run of `camaudit runs`.")] = "",
    snmp_logins: Annotated[
        Path | None, typer.Option("--snmp-logins", help="A file that says where each switch's login is.")
    ] = None,
    snmp_community: Annotated[
        str, typer.Option("--snmp-community", help="The read-only community of SNMPv2c; none by default.")
    ] = "",
    snmp_port: Annotated[int, typer.Option("--snmp-port", min=1, max=65535, help="UDP port.")] = _SNMP_PORT,
    rate: options.Rate = 1000.0,
    site: options.SiteFile = None,
    store: options.StoreUrl = None,
    allow_public: options.AllowPublic = False,
    yes: options.Yes = False,
    quiet: options.Quiet = False,
) -> None:
    """Ask switches by SNMP at which port each MAC address is; only reads are sent."""
    from camaudit.switching import ask_switches, logins

    scope = parse_scope(tuple(targets), allow_public=allow_public)
    login_of = logins(snmp_logins, snmp_community)
    kept = Store(store)
    base = kept.run(with_) if with_ else None
    where = options.site(site) if site is not None or base is None else base.site
    confirm(Plan(scope, where, ScanOptions(rate=rate)), yes=yes)
    try:
        made = ask_switches(kept, scope, login_of, where, base, rate, snmp_port)
    except UsageError as error:
        # Their silence is no wrong usage: it could not be done, and nothing was collected.
        raise NetworkUnavailable(str(error)) from None
    if not quiet:
        typer.echo(f"run {made.run}: {made.addresses} units placed by their switches")
    for problem in made.problems:
        typer.echo(f"camaudit: {problem}", err=True)
    raise typer.Exit(3 if made.problems else 0)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(switches)
