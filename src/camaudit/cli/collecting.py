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
from camaudit.errors import UsageError
from camaudit.model import Site
from camaudit.proof import catalogue_at_leisure
from camaudit.scan import Engine, ScanOptions, Scope, check_engine, parse_ports, parse_scope
from camaudit.store import Store

if TYPE_CHECKING:
    from camaudit.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Plan:
    """What is about to be scanned, checked whole before the first packet."""

    scope: Scope
    site: Site
    scanning: ScanOptions


def audit(
    targets: options.Targets = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    exclude: options.Exclude = None,
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
    interface: options.Interface = None,
    snmp_community: options.Community = None,
    engine: options.Finder = Engine.AUTO,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    store: options.StoreUrl = None,
    format_: options.Formats = options.FORMAT,
    output: options.Output = options.OUTPUT,
    audience: options.Audience = "",
    as_of: options.AsOf = None,
    fail_on: options.Fail = options.FailOn.VIOLATION,
    since: options.Since = None,
    allow_public: options.AllowPublic = False,
    yes: options.Yes = False,
    background: options.Background = False,
    quiet: options.Quiet = False,
) -> None:
    """Scan, identify, check and report: the main job."""
    how = scanning(rate, ports, interface, engine, snmp_community)
    plan = prepare(targets, site, exclude, how, allow_public=allow_public)
    chosen = tuple(policy or plan.site.policies)
    catalogue = catalogue_at_leisure(signatures, policies, now=bool(chosen), ready=get_ready)
    wanted = wish(as_of, policy, waivers, format_, output, fail_on, audience, quiet=quiet, background=background)
    check_choice(plan.site, catalogue, chosen)
    options.writable(output)
    confirm(plan.scope, yes=yes)
    kept = _opened(store, since)
    raise typer.Exit(_scanned_and_told(kept, plan, wanted, catalogue, since))


def _scanned_and_told(
    kept: Store, plan: Plan, wanted: Wanted, catalogue: Callable[[], Catalogue], since: str | None
) -> int:
    stored = kept.run(collect(kept, plan, quiet=wanted.quiet))
    wanted = replace(wanted, since=options.since(since, kept, stored))
    return deliver(stored, catalogue(), plan.site, wanted, kept)


def _opened(store: str | None, since: str | None) -> Store:
    """Open the store; that a run to compare with is not there is said before anything is sent."""
    kept = Store(store)
    if since is not None and since != "last":
        kept.run(since)
    return kept


def check_choice(site: Site, catalogue: Callable[[], Catalogue], chosen: tuple[str, ...]) -> None:
    """Raise UsageError where a chosen policy does not exist."""
    if chosen:
        from camaudit.policy.choose import applicable_packs

        applicable_packs(site, catalogue().policies.packs, chosen)


def scan(
    targets: options.Targets = None,
    site: options.SiteFile = None,
    exclude: options.Exclude = None,
    rate: options.Rate = 1000.0,
    ports: options.Ports = None,
    interface: options.Interface = None,
    snmp_community: options.Community = None,
    engine: options.Finder = Engine.AUTO,
    store: options.StoreUrl = None,
    allow_public: options.AllowPublic = False,
    yes: options.Yes = False,
    resume: options.Resume = False,
    quiet: options.Quiet = False,
) -> None:
    """Collect observations into the store, and nothing else."""
    how = scanning(rate, ports, interface, engine, snmp_community)
    if resume:
        if targets:
            raise UsageError("--resume goes on with the scope of the scan that was ended; leave the targets out")
        kept = Store(store)
        run = go_on(kept, how, quiet=quiet)
    else:
        plan = prepare(targets, site, exclude, how, allow_public=allow_public)
        confirm(plan.scope, yes=yes)
        kept = Store(store)
        run = collect(kept, plan, quiet=quiet)
    reached = use_cases.coverage(kept.run(run))
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
    return Plan(scope, site, how)


def scanning(
    rate: float,
    ports: str | None,
    interfaces: list[str] | None,
    engine: Engine,
    communities: list[str] | None = None,
) -> ScanOptions:
    """Read how to scan; raises NetworkUnavailable where nmap is asked for and not here."""
    check_engine(engine)
    if not all(communities or ()):
        raise UsageError("--snmp-community: the community is empty; give its name, or leave the flag out")
    chosen = ScanOptions(
        rate=rate,
        interfaces=tuple(interfaces or ()),
        engine=engine,
        communities=tuple(dict.fromkeys(communities or ())),
    )
    return chosen if ports is None else replace(chosen, ports=parse_ports(ports))


def confirm(scope: Scope, *, yes: bool) -> None:
    """Ask before more than one host is scanned."""
    size = scope.size()
    if (size <= 1 and not scope.met) or yes:
        return
    whom = f"{size} addresses" + (" and every IPv6 neighbour it meets" if scope.met else "")
    typer.echo(f"camaudit will ask {whom} ({', '.join(scope.written)[:200]}) who they are. It only reads.")
    try:
        agreed = typer.confirm("Are you authorised to scan them?")
    except typer.Abort:
        raise UsageError("not confirmed, so nothing was sent; add --yes where nobody can answer") from None
    if not agreed:
        raise UsageError("not confirmed, so nothing was sent")


def collect(store: Store, plan: Plan, *, quiet: bool) -> str:
    """Scan into the store, with a bar."""
    with watching(quiet=quiet) as bar:
        return use_cases.collect(store, plan.scope, plan.site, plan.scanning, bar)


def go_on(store: Store, how: ScanOptions, *, quiet: bool) -> str:
    """Go on with the newest scan that was ended early."""
    ended = next((run for run in store.runs() if run.finished is None), None)
    if ended is None:
        raise UsageError("no scan was ended early, so there is nothing to resume; see `camaudit runs`")
    with watching(quiet=quiet) as bar:
        return use_cases.resume(store, store.run(ended.id), how, bar)


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.command()(audit)
    app.command()(scan)
