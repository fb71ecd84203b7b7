"""The command ``worker``: at a site, for an estate, it scans what the site's own file allows."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from camaudit.cli import options
from camaudit.scan import Accounts, Engine
from camaudit.store import Store

if TYPE_CHECKING:
    from camaudit.estate.agent import Agent
    from camaudit.estate.jobs import Job
    from camaudit.estate.work import Logins, Result
    from camaudit.model import Site


def worker(
    agent: Annotated[
        Path, typer.Option("--agent", metavar="FILE", help="The file that `camaudit estate enroll` made.")
    ] = Path("agent.yaml"),
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
    login_again: options.LoginAgain = False,
) -> None:
    """Scan this site for the estate: connect outward to its broker, scan what this site's own file allows."""
    from camaudit.cli.restraint import scanning
    from camaudit.estate import broker
    from camaudit.estate.agent import load_agent
    from camaudit.estate.here import Nobody
    from camaudit.estate.work import do
    from camaudit.site import load_site

    told, how = load_agent(agent), scanning(rate, ports, None, Engine.AUTO)
    logins = _logins(told, again=login_again)
    site = load_site(told.site_file)
    if logins is not None:
        logins.accounts(site)

    def work(job: Job) -> Result:
        # Read anew each time: whoever narrows the file need not think of the worker.
        return do(job, told.site, load_site(told.site_file), how, Nobody(), logins)

    app = broker.connect(told.link)
    typer.echo(f"waiting for the jobs of {told.site}; stop with Ctrl-C")
    broker.serve(app, told.site, work)


def _logins(told: Agent, *, again: bool) -> Logins | None:
    """Return what the worker logs in with: nothing unless the site's own file names a file of accounts."""
    from camaudit.cli.collecting import accounts, shipped
    from camaudit.estate.work import Logins

    file = told.credentials
    if file is None or told.logins is None:
        return None
    knowledge = cache(shipped)

    def read(site: Site) -> Accounts:
        return accounts(file, site, knowledge())

    return Logins(read, Store(f"sqlite:///{told.logins.resolve()}"), again)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command()(worker)
