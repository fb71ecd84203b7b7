"""The command ``notify``, and telling the receivers at the end of ``audit`` and ``check``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from camaudit.catalogue import Catalogue, load_catalogue
from camaudit.cli import options
from camaudit.cli.delivering import Wanted, judged, keep, receivers
from camaudit.cli.options import FailOn
from camaudit.errors import StoreError, UsageError
from camaudit.model import Report, Site
from camaudit.report.safe import visible
from camaudit.store import Store, StoredRun

if TYPE_CHECKING:
    from camaudit.telling import Outcome, Receiver
    from camaudit.telling.preparing import Judged

_FILE = Path("notify.yaml")
File = Annotated[Path, typer.Option("--notify", help="The file that names the receivers.")]
EverySite = Annotated[bool, typer.Option("--every-site", help="Tell of the newest complete run of each site.")]
From = Annotated[
    str | None,
    typer.Option("--since", metavar="RUN|DATE|last", help="Where to begin with who was told nothing yet."),
]
_SAID = {
    "nothing_new": "nothing new, so nothing was sent",
    "knows_later": "was told of a later run already, so nothing was sent",
    "written": "written",
}


def notify(
    run: options.RunName = None,
    file: File = _FILE,
    every_site: EverySite = False,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    store: options.StoreUrl = None,
    since: From = None,
    again: Annotated[bool, typer.Option("--again", help="Forget what was told, and begin anew.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print what would be sent; send nothing.")] = False,
    trial: Annotated[bool, typer.Option("--trial", help="Send a trial that says nothing of any camera.")] = False,
    language: options.Language = None,
    quiet: options.Quiet = False,
) -> None:
    """Tell the receivers of a file what changed since they were told last: webhook, mail, SIEM, Prometheus.

    Needs no scan: it judges a stored run. The exit code is 3 where a receiver could not be told.
    """
    from camaudit.telling import try_out

    spoken = options.language(language)
    found = receivers(file, None)
    if trial:
        options.speak(spoken, options.site(site))
        raise typer.Exit(3 if said(try_out(found, options.site(site).name), quiet=quiet) else 0)
    if every_site and (run or site or show):
        raise UsageError("--every-site takes the newest run of each site; leave RUN, --site and --show out")
    catalogue, kept = load_catalogue(signatures, policies), Store(store)
    given = _Given(site, policy, waivers, spoken, since)
    names = _newest(kept) if every_site else (run,)
    judging = (_judged_anew(kept, name, catalogue, given, keeping=not show) for name in names)
    if show:
        _show(next(judging), found, again=again)
        return
    failed = said(_told(judging, found, again=again), quiet=quiet, sites=every_site)
    raise typer.Exit(3 if failed else 0)


@dataclass(frozen=True, slots=True)
class _Given:
    """What ``notify`` was given to judge by."""

    site: Path | None
    policy: list[str] | None
    waivers: Path | None
    language: str | None
    since: str | None


def _newest(store: Store) -> tuple[str, ...]:
    """Return the newest complete run of each site, in the order of their names."""
    sites = store.sites()
    newest = {sites[run.id]: run.id for run in reversed(store.runs()) if run.finished is not None}
    return tuple(newest[site] for site in sorted(newest))


def _judged_anew(store: Store, name: str | None, catalogue: Catalogue, given: _Given, *, keeping: bool) -> Judged:
    """Judge a stored run by today's law, and keep what was said, so that the next message is compared with it."""
    stored = store.run(name)
    where, wanted = _as_reported(store, stored, given.site, given.policy, given.waivers)
    wanted = replace(wanted, language=given.language, since=options.since(given.since, store, stored))
    report = judged(stored, catalogue, where, wanted)
    if keeping:
        keep(store, report, catalogue, wanted)
    return _as_told(store, stored, report, catalogue, wanted)


def tickets(
    run: options.RunName = None,
    known: Annotated[
        Path | None,
        typer.Option("--known", help="An export of Jira (CSV), so that issues are updated and not made twice."),
    ] = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    store: options.StoreUrl = None,
    since: options.Since = None,
    output: options.Output = options.OUTPUT,
    language: options.Language = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the plan as tickets to import into Jira or ServiceNow, a ticket for each step.

    With --since, what the earlier plan asked and is done is closed.
    """
    from camaudit.following import compared
    from camaudit.report.ticket_files import jira, keys_of, servicenow
    from camaudit.report.write import write_files

    spoken, keys = options.language(language), keys_of(known) if known is not None else {}
    catalogue, kept = load_catalogue(signatures, policies), Store(store)
    stored = kept.run(run)
    where, wanted = _as_reported(kept, stored, site, policy, waivers)
    wanted = replace(wanted, language=spoken)
    report = judged(stored, catalogue, where, wanted)
    earlier = options.since(since, kept, stored)
    if earlier is not None:
        report = compared(judged(earlier, catalogue, where, wanted), report)
    files = {"tickets-jira.csv": jira(report, keys), "tickets-servicenow.csv": servicenow(report)}
    written = write_files(output, files)
    if not quiet:
        typer.echo(f"{len(report.plan)} tickets: {', '.join(str(file) for file in written)}")


def _as_reported(
    store: Store, stored: StoredRun, site: Path | None, policy: list[str] | None, waivers: Path | None
) -> tuple[Site | None, Wanted]:
    """Return what the run was judged by when it was last reported, less what is given by hand."""
    said = store.judgements(stored.run.id)
    last = said[-1] if said else None
    where = options.site(site) if site is not None else last.site if last else None
    granted = options.waivers(waivers) if waivers is not None or last is None else last.waivers
    chosen = tuple(policy or (last.chosen if last else ()))
    return where, Wanted(options.day(None), chosen, granted, (), options.OUTPUT, FailOn.NEVER, quiet=False)


def told_all(store: Store, stored: StoredRun, report: Report, catalogue: Catalogue, wanted: Wanted) -> bool:
    """Tell every receiver and print what came of it; return whether one could not be told."""
    told = _as_told(store, stored, report, catalogue, wanted)
    return said(_told((told,), wanted.notify, again=False), quiet=wanted.quiet)


def _told(judging: Iterable[Judged], found: tuple[Receiver, ...], *, again: bool) -> tuple[Outcome, ...]:
    from camaudit.telling import Outcome, tell

    try:
        return tell(judging, found, again=again)
    except StoreError as error:
        # The audit itself is done and written; only what was told could not be looked up or remembered.
        return (Outcome("receivers", "failed", problem=str(error)),)


def _as_told(store: Store, stored: StoredRun, report: Report, catalogue: Catalogue, wanted: Wanted) -> Judged:
    from camaudit.changes import Setting
    from camaudit.telling.preparing import Judged

    setting = Setting(report.judged_as_of, report.site, wanted.waivers, wanted.policies)
    return Judged(store, stored, report, setting, catalogue, wanted.since)


def said(outcomes: tuple[Outcome, ...], *, quiet: bool, sites: bool = False) -> bool:
    """Print what came of each receiver, failures to standard error; return whether there was one."""
    for each in outcomes:
        where = f"{each.where}: {visible(each.site, 60)}" if sites and each.site else each.where
        if each.state == "failed":
            typer.echo(f"camaudit: {where}: not told: {each.problem}{_next(each)}", err=True)
        elif not quiet:
            typer.echo(f"{where}: {_SAID.get(each.state) or _sent(each)}")
    return any(each.state == "failed" for each in outcomes)


def _next(each: Outcome) -> str:
    if each.waiting is None:
        return ""
    tries, first = each.waiting.tries, each.waiting.first
    times = f" (tried {tries} times since {first:%Y-%m-%d})" if tries > 1 else ""
    return f"{times}; it is told next time, or by `camaudit notify`"


def _sent(each: Outcome) -> str:
    if each.occasion == "trial":
        return "trial sent"
    if each.occasion == "start":
        return "told how it stands; from now on it is told what changes"
    return f"told of {each.number} change{'s' if each.number != 1 else ''}"


def _show(told: Judged, found: tuple[Receiver, ...], *, again: bool) -> None:
    from camaudit.telling.delivery import preview

    for where, text in preview(told, found, again=again):
        typer.echo(f"{where}:\n\n{text}" if text else f"{where}: nothing new, so nothing would be sent")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(notify)
    app.command()(tickets)
