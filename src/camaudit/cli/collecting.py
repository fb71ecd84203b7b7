"""The commands that touch the network: ``audit`` and ``scan``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from camaudit import audit as use_cases
from camaudit.cli import options
from camaudit.cli.delivering import Wanted, deliver, get_ready, wish
from camaudit.cli.progress import watching
from camaudit.cli.restraint import scanning
from camaudit.errors import EndedEarly, UsageError
from camaudit.model import Site
from camaudit.proof import catalogue_at_leisure
from camaudit.reached import coverage
from camaudit.scan import Accounts, Engine, ScanOptions, Scope, heeding, parse_scope
from camaudit.store import Store

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to be scanned, checked whole before the first packet."""

    scope: Scope
    site: Site
    scanning: ScanOptions
    login_again: bool = False


def audit(
    targets: options.Targets = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    exclude: options.Exclude = None,
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
    credentials: options.Credentials = None,
    login_again: options.LoginAgain = False,
    interface: options.Interface = None,
    snmp_community: options.Community = None,
    engine: options.Finder = Engine.AUTO,
    gentle: options.Gentle = False,
    quiet_hours: options.QuietHours = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    notes: options.NotesFile = None,
    store: options.StoreUrl = None,
    format_: options.Formats = options.FORMAT,
    output: options.Output = options.OUTPUT,
    audience: options.Audience = "",
    as_of: options.AsOf = None,
    fail_on: options.Fail = options.FailOn.VIOLATION,
    since: options.Since = None,
    notify: options.Notify = None,
    trend: options.Trend = None,
    allow_public: options.AllowPublic = False,
    yes: options.Yes = False,
    background: options.Background = False,
    language: options.Language = None,
    quiet: options.Quiet = False,
) -> None:
    """Scan, identify, check and report: the main job."""
    how = scanning(rate, ports, interface, engine, snmp_community, quiet_hours, gentle=gentle)
    plan = prepare(targets, site, exclude, how, allow_public=allow_public)
    asked = as_of, policy, waivers, format_, output, fail_on, audience, notify, trend
    wanted = wish(*asked, quiet=quiet, background=background, notes=notes, language=language)
    plan, catalogue = _agreed(plan, policy, signatures, policies, credentials, again=login_again, yes=yes)
    raise typer.Exit(_scanned_and_told(options.opened(store, since), plan, wanted, catalogue, since))


def _agreed(
    plan: Plan,
    policy: list[str] | None,
    signatures: Path | None,
    policies: Path | None,
    credentials: Path | None,
    *,
    again: bool,
    yes: bool,
) -> tuple[Plan, Callable[[], Catalogue]]:
    """Return what is about to be done and by what it is judged, once all of it exists and the operator agrees."""
    catalogue = _catalogue(tuple(policy or plan.site.policies), plan.site, signatures, policies)
    return confirm(with_accounts(plan, credentials, catalogue, again=again), yes=yes), catalogue


def _scanned_and_told(
    kept: Store, plan: Plan, wanted: Wanted, catalogue: Callable[[], Catalogue], since: str | None
) -> int:
    options.writable(wanted.folder)
    early: EndedEarly | None = None
    try:
        run = collect(kept, plan, quiet=wanted.quiet)
    except EndedEarly as ended:
        run, early = ended.run, ended
    stored = kept.run(run)
    wanted = replace(wanted, since=options.since(since, kept, stored))
    code = deliver(stored, catalogue(), plan.site, wanted, kept)
    if early is not None:
        raise early
    return code


def with_accounts(
    plan: Plan, credentials: Path | None, catalogue: Callable[[], Catalogue], *, again: bool
) -> Plan:
    """Add the accounts of a credentials file to what is about to be scanned."""
    if credentials is None:
        if again:
            raise UsageError("--login-again is about the accounts of a credentials file: give --credentials")
        return plan
    chosen = replace(plan.scanning, accounts=accounts(credentials, plan.site, catalogue()))
    return replace(plan, scanning=chosen, login_again=again)


def accounts(credentials: Path, site: Site, catalogue: Catalogue) -> Accounts:
    """Read a credentials file; raises DataFileError with every problem at its line."""
    from camaudit.credentials import load_credentials
    from camaudit.hosts import maker_of
    from camaudit.signatures.schema import EntityType

    knowledge, oui = catalogue.knowledge, catalogue.oui
    makers = {entity.id for entity in knowledge.entities.values() if entity.type is EntityType.MAKER}
    found = load_credentials(credentials, makers=makers, groups=site.groups)
    return Accounts(found, lambda seen: maker_of(seen, knowledge, oui))


def shipped() -> Catalogue:
    """Return what camaudit knows as it comes."""
    from camaudit.catalogue import load_catalogue

    return load_catalogue()


def _catalogue(
    chosen: tuple[str, ...], site: Site, signatures: Path | None, policies: Path | None
) -> Callable[[], Catalogue]:
    """Return what camaudit knows; raise UsageError where a chosen policy does not exist."""
    catalogue = catalogue_at_leisure(signatures, policies, now=bool(chosen), ready=get_ready)
    if chosen:
        from camaudit.policy.choose import applicable_packs

        applicable_packs(site, catalogue().policies.packs, chosen)
    return catalogue


def scan(
    targets: options.Targets = None,
    site: options.SiteFile = None,
    exclude: options.Exclude = None,
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
    credentials: options.Credentials = None,
    login_again: options.LoginAgain = False,
    interface: options.Interface = None,
    snmp_community: options.Community = None,
    engine: options.Finder = Engine.AUTO,
    gentle: options.Gentle = False,
    quiet_hours: options.QuietHours = None,
    store: options.StoreUrl = None,
    allow_public: options.AllowPublic = False,
    yes: options.Yes = False,
    resume: options.Resume = False,
    quiet: options.Quiet = False,
) -> None:
    """Collect observations into the store, and nothing else."""
    how = scanning(rate, ports, interface, engine, snmp_community, quiet_hours, gentle=gentle)
    if resume:
        if targets:
            raise UsageError("--resume goes on with the scope of the scan that was ended; leave the targets out")
        kept = Store(store)
        run = go_on(kept, how, credentials, again=login_again, quiet=quiet)
    else:
        plan = prepare(targets, site, exclude, how, allow_public=allow_public)
        plan = confirm(with_accounts(plan, credentials, shipped, again=login_again), yes=yes)
        kept = Store(store)
        run = collect(kept, plan, quiet=quiet)
    reached = coverage(kept.run(run))
    if not quiet:
        typer.echo(f"run {run}: {reached.answered} of {reached.addresses} addresses answered")
    raise typer.Exit(0 if reached.answered else 4)


def prepare(
    targets: list[str] | None,
    site_file: Path | None,
    exclude: list[str] | None,
    how: ScanOptions,
    *,
    allow_public: bool,
) -> Plan:
    """Check everything that says what will be scanned."""
    site = options.site(site_file)
    wanted = tuple(targets or site.scope)
    if not wanted:
        raise UsageError("nothing to scan: give a target (camaudit audit 192.0.2.0/24), or a scope in site.yaml")
    scope = parse_scope(wanted, (*(exclude or ()), *site.exclude), allow_public=allow_public)
    return Plan(scope, site, heeding(how, site.quiet_hours))


def confirm(plan: Plan, *, yes: bool) -> Plan:
    """Ask before more than one host is scanned; raise UsageError where nobody agrees."""
    scope = plan.scope
    size = scope.size()
    if (size <= 1 and not scope.met) or yes:
        return plan
    whom = f"{size} addresses" + (" and every IPv6 neighbour it meets" if scope.met else "")
    typer.echo(f"camaudit will ask {whom} ({', '.join(scope.written)[:200]}) who they are. It only reads.")
    if plan.scanning.accounts is not None:
        typer.echo("At each device that an account of the credentials file is meant for, it logs in once.")
    try:
        agreed = typer.confirm("Are you authorised to scan them?")
    except typer.Abort:
        raise UsageError("not confirmed, so nothing was sent; add --yes where nobody can answer") from None
    if not agreed:
        raise UsageError("not confirmed, so nothing was sent")
    return plan


def collect(store: Store, plan: Plan, *, quiet: bool) -> str:
    """Scan into the store, with a bar."""
    with watching(quiet=quiet) as bar:
        return use_cases.collect(store, plan.scope, plan.site, plan.scanning, bar, login_again=plan.login_again)


def go_on(store: Store, how: ScanOptions, credentials: Path | None, *, again: bool, quiet: bool) -> str:
    """Go on with the newest scan that was ended early."""
    stored = use_cases.ended_early(store)
    if credentials is not None:
        how = replace(how, accounts=accounts(credentials, stored.site, shipped()))
    with watching(quiet=quiet) as bar:
        return use_cases.resume(store, stored, how, bar, login_again=again)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(audit)
    app.command()(scan)
