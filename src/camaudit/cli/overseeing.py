"""The commands of an estate: ``estate run``, ``status``, ``enroll``, and the ``worker`` of a site."""

from __future__ import annotations

import shutil
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
    if found.broker is None:
        _run_here(kept, found, jobs, _scanning(rate, ports), side_by_side)
    else:
        _run_by_workers(kept, found, jobs, resume=resume, wait=wait)
    status(store)


def _run_here(kept: Store, found: Estate, jobs: tuple[Job, ...], scanning: ScanOptions, side_by_side: int) -> None:
    from camaudit.estate import gather
    from camaudit.estate.here import results

    for job, result in results(found, jobs, scanning, side_by_side=side_by_side):
        gather.take(kept, result, job.site, now())


def _run_by_workers(kept: Store, found: Estate, jobs: tuple[Job, ...], *, resume: bool, wait: bool) -> None:
    from camaudit.estate import broker, gather
    from camaudit.estate.work import Result

    app = broker.connect(_hub_link(found))
    broker.prepare(app, found.sites)
    if not resume:
        broker.send(app, jobs)
    if not wait:
        typer.echo(f"{len(jobs)} jobs are with the broker; `camaudit estate run --resume` gathers their results")
        return

    def take(result: Result, site: str) -> None:
        gather.take(kept, result, site, now())

    broker.receive(app, take, until=lambda: not gather.waiting(kept, jobs[0].batch))


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
    from camaudit.cli.collecting import scanning

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
    quiet: options.Quiet = False,
) -> None:
    """Write one report over all sites: who has most to do, what it comes to, and who was not reached."""
    from camaudit.catalogue import load_catalogue
    from camaudit.cli.standing import show_overview
    from camaudit.estate.form import load_estate
    from camaudit.estate.overview import overview, site_pages, write

    found, kept, day = load_estate(file), Store(store), options.day(as_of)
    catalogue = load_catalogue(signatures, policies)
    whole = overview(kept, found, catalogue, day)
    formats = options.formats(format_) if sites else ()
    pages = dict(site_pages(kept, found, catalogue, day, formats, output)) if sites else {}
    written = write(whole, output, pages)
    if not quiet:
        show_overview(whole, written)


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


def worker(
    agent: Annotated[
        Path, typer.Option("--agent", metavar="FILE", help="The file that `camaudit estate enroll` made.")
    ] = Path("agent.yaml"),
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
) -> None:
    """Scan this site for the estate: connect outward to its broker, scan what this site's own file allows."""
    from camaudit.estate import broker
    from camaudit.estate.agent import load_agent
    from camaudit.estate.here import Nobody
    from camaudit.estate.work import Result, do
    from camaudit.site import load_site

    told, scanning = load_agent(agent), _scanning(rate, ports)
    load_site(told.site_file)

    def work(job: Job) -> Result:
        # Read anew each time: whoever narrows the file need not think of the worker.
        return do(job, told.site, load_site(told.site_file), scanning, Nobody())

    app = broker.connect(told.link)
    typer.echo(f"waiting for the jobs of {told.site}; stop with Ctrl-C")
    broker.serve(app, told.site, work)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(estate, name="estate")
    app.command()(worker)
