"""The commands of an estate: ``estate run``, ``status``, ``report``, ``changes`` and ``enroll``."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from camaudit.audit import now
from camaudit.cli import options
from camaudit.errors import UsageError
from camaudit.scan import Engine, ScanOptions
from camaudit.store import Store

if TYPE_CHECKING:
    from camaudit.estate.broker import Link
    from camaudit.estate.form import Estate
    from camaudit.estate.jobs import Job
    from camaudit.estate.lines import Lines

EstateFileOption = Annotated[Path, typer.Option("--estate", help="The file that lists the sites.")]
_FILE = Path("estate.yaml")

estate = typer.Typer(help="Many sites: plan, run, see how far it is, report over all, enroll a site's worker.")


@estate.command("run")
def run(
    sites: Annotated[list[str] | None, typer.Argument(metavar="SITE", help="Only these (default: all).")] = None,
    file: EstateFileOption = _FILE,
    store: options.StoreUrl = None,
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
    side_by_side: Annotated[int, typer.Option("--side-by-side", min=1, max=64, help="Jobs at once, here.")] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the newest pass; plan no new one.")] = False,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Wait for the workers' results.")] = True,
    yes: options.Yes = False,
) -> None:
    """Scan the sites: here, one job after another, or by their workers where the estate file names a broker."""
    from camaudit.estate import gather
    from camaudit.estate.form import load_estate, site_of

    found, kept = load_estate(file), Store(store)
    for name in sites or ():
        site_of(found, name)
    if resume:
        jobs = gather.waiting(kept)
    else:
        if not yes and not typer.confirm(f"Are you authorised to scan {len(sites or found.sites)} sites?"):
            raise UsageError("not confirmed, so nothing was sent")
        plans = gather.begin(kept, found, now(), tuple(sites or ()))
        jobs = tuple(job for plan in plans for job in plan.jobs)
    if not jobs:
        typer.echo("no job is waiting")
        return
    try:
        if found.broker is None:
            _run_here(kept, found, jobs, _scanning(rate, ports), side_by_side)
        else:
            _run_by_workers(kept, found, jobs, resume=resume, wait=wait)
    except KeyboardInterrupt:
        typer.echo("stopped; what was found is kept: `camaudit estate run --resume` goes on with it", err=True)
        raise typer.Exit(3) from None
    status(store)


def _run_here(kept: Store, found: Estate, jobs: tuple[Job, ...], scanning: ScanOptions, side_by_side: int) -> None:
    from camaudit.estate import gather
    from camaudit.estate.here import results

    lines = _lines(kept, found)
    for job, result in results(kept, found, jobs, scanning, side_by_side=side_by_side):
        gather.take(kept, result, job.site, now())
        lines().after(job)


def _lines(kept: Store, found: Estate) -> Callable[[], Lines]:
    """Return what gives the lines of the report, loaded when the first result is there."""
    from camaudit.catalogue import load_catalogue
    from camaudit.estate.lines import Lines

    return cache(lambda: Lines(kept, found, load_catalogue(), date.today()))


def _run_by_workers(kept: Store, found: Estate, jobs: tuple[Job, ...], *, resume: bool, wait: bool) -> None:
    from camaudit.estate import broker, gather
    from camaudit.estate.work import Result
    from camaudit.store.jobs import any_waits

    app = broker.connect(_hub_link(found))
    broker.prepare(app, found.sites)
    if not resume:
        broker.send(app, jobs)
    if not wait:
        typer.echo(f"{len(jobs)} jobs are with the broker; `camaudit estate run --resume` gathers their results")
        return

    lines, by_id = _lines(kept, found), {job.id: job for job in jobs}

    def take(result: Result, site: str) -> None:
        if gather.take(kept, result, site, now()) and result.job in by_id:
            lines().after(by_id[result.job])

    broker.receive(app, take, until=lambda: not any_waits(kept, jobs[0].batch))


def _hub_link(found: Estate) -> Link:
    from camaudit.estate.broker import Link
    from camaudit.estate.pki import HUB

    if found.broker is None:
        raise UsageError("this estate names no broker; add broker: with its url to the estate file")
    pki = found.folder / found.broker.pki
    return Link(
        found.broker.url, pki / "ca.pem", pki / f"{HUB}.pem", pki / f"{HUB}-key.pem", found.broker.server_hostname
    )


def _scanning(rate: float, ports: str | None) -> ScanOptions:
    from camaudit.cli.restraint import scanning

    return scanning(rate, ports, None, Engine.AUTO)


@estate.command("status")
def status(
    store: options.StoreUrl = None,
    watch: Annotated[bool, typer.Option("--watch", help="Draw it anew every second until all is done.")] = False,
) -> None:
    """Show how far the newest pass is, site by site; a site that is offline keeps waiting."""
    from camaudit.cli.standing import show

    show(Store(store), watch=watch)


@estate.command("report")
def report(
    file: EstateFileOption = _FILE,
    store: options.StoreUrl = None,
    output: options.Output = options.OUTPUT,
    as_of: options.AsOf = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    sites: Annotated[bool, typer.Option("--sites", help="Write each site's own reports too.")] = False,
    format_: options.Formats = options.FORMAT,
    late_after: Annotated[
        int, typer.Option("--late-after", min=1, metavar="DAYS", help="A scan older than this is late.")
    ] = 150,
    quiet: options.Quiet = False,
) -> None:
    """Write one report over all sites: who has most to do, what it comes to, and who was not reached."""
    from camaudit.catalogue import load_catalogue
    from camaudit.cli.standing import show_overview
    from camaudit.estate.form import load_estate
    from camaudit.estate.overview import overview, site_pages, write

    found, kept, day = load_estate(file), Store(store), options.day(as_of)
    catalogue = load_catalogue(signatures, policies)
    whole = overview(kept, found, catalogue, day, late_after=late_after)
    formats = options.formats(format_) if sites else ()
    pages = dict(site_pages(kept, found, catalogue, day, formats, output)) if sites else {}
    written = write(whole, output, pages)
    if not quiet:
        show_overview(whole, written)


@estate.command("changes")
def changes(
    file: EstateFileOption = _FILE,
    store: options.StoreUrl = None,
    as_of: options.AsOf = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    json_: Annotated[bool, typer.Option("--json", help="Print a line of JSON for each site.")] = False,
) -> None:
    """Show what changed at each site between its last two scans; `camaudit diff` tells it unit by unit."""
    from camaudit.catalogue import load_catalogue
    from camaudit.cli.standing import show_changes
    from camaudit.estate import since
    from camaudit.estate.form import load_estate

    found, catalogue = load_estate(file), load_catalogue(signatures, policies)
    show_changes(since.changes(Store(store), found, catalogue, options.day(as_of)), as_json=json_)


@estate.command("enroll")
def enroll(
    site: Annotated[str, typer.Argument(help="The id of the site in the estate file.")],
    file: EstateFileOption = _FILE,
    output: Annotated[Path | None, typer.Option("--output", help="A folder for the site's files.")] = None,
) -> None:
    """Make a site's certificate and configuration, and say what to run there and at the broker."""
    from urllib.parse import urlsplit

    from camaudit.estate import pki, rabbit
    from camaudit.estate.agent import agent_text
    from camaudit.estate.form import load_estate, site_of

    found = load_estate(file)
    site_of(found, site)
    if found.broker is None:
        raise UsageError("this estate names no broker; add broker: with its url to the estate file")
    url, name = found.broker.url, found.broker.server_hostname
    authority, folder = found.folder / found.broker.pki, output or found.folder / "enrolled" / site
    pki.make_authority(authority, found.name, name or urlsplit(url).hostname or "")
    pki.enroll(authority, folder, site)
    shutil.copyfile(found.files[site], folder / "site.yaml")
    (folder / "agent.yaml").write_text(agent_text(site, url, name), "utf-8")
    # Every site of the estate file: who has no certificate yet cannot come in anyway.
    (authority / "definitions.json").write_text(rabbit.definitions(url, found.sites), "utf-8")
    (authority / "rabbitmq.conf").write_text(rabbit.configuration(url, "/etc/rabbitmq/camaudit"), "utf-8")
    typer.echo(f"{folder}: bring this folder to the site, by a way nobody else reads, and run in it there:\n")
    typer.echo("  pip install 'camaudit[estate]'\n  camaudit worker --agent agent.yaml\n")
    typer.echo(
        f"{authority}: what the broker needs: rabbitmq.conf, definitions.json, ca.pem, broker.pem, broker-key.pem."
    )
    typer.echo("If it runs already, tell it of new sites: rabbitmqctl import_definitions definitions.json")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(estate, name="estate")
