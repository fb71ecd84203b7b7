"""The commands that judge and show what is stored: ``check``, ``report`` and ``explain``; nothing is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console

from camaudit.catalogue import load_catalogue
from camaudit.cli import options
from camaudit.cli.delivering import Wanted, deliver, judged, wish
from camaudit.errors import UsageError
from camaudit.model import Device, Report
from camaudit.report.terminal import explain as explained
from camaudit.store import Store


def check(
    run: options.RunName = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    waivers: options.Waivers = None,
    store: options.StoreUrl = None,
    as_of: options.AsOf = None,
    fail_on: options.Fail = options.FailOn.VIOLATION,
    since: options.Since = None,
    notify: options.Notify = None,
    audience: options.Audience = "",
    background: options.Background = False,
    language: options.Language = None,
    quiet: options.Quiet = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which open question would change which verdict, and how.")
    ] = False,
) -> None:
    """Judge a stored run again by today's signatures, policies and waivers."""
    catalogue, kept = load_catalogue(signatures, policies), Store(store)
    stored = kept.run(run)
    judging = as_of, policy, waivers, None, options.OUTPUT, fail_on, audience
    wanted = replace(
        wish(*judging, quiet=quiet, background=background, language=language, notify=notify),
        explain=explain,
        since=options.since(since, kept, stored),
    )
    asked = options.site(site) if site is not None else None
    raise typer.Exit(deliver(stored, catalogue, asked, wanted, kept))


def report(
    run: options.RunName = None,
    site: options.SiteFile = None,
    policy: options.Policy = None,
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
    background: options.Background = False,
    language: options.Language = None,
    quiet: options.Quiet = False,
) -> None:
    """Render a stored run."""
    catalogue, kept = load_catalogue(signatures, policies), Store(store)
    stored = kept.run(run)
    judging = as_of, policy, waivers, format_ or None, output, fail_on, audience
    wanted = wish(*judging, quiet=quiet, background=background, notes=notes, language=language)
    wanted = replace(wanted, since=options.since(since, kept, stored))
    asked = options.site(site) if site is not None else None
    raise typer.Exit(deliver(stored, catalogue, asked, wanted, kept))


def explain(
    device: str = typer.Argument(help="An address, or a device's id in the report."),
    run: str | None = typer.Option(None, "--run", help="A run of `camaudit runs` (default: newest)."),
    site: options.SiteFile = None,
    signatures: options.Signatures = None,
    policies: options.Policies = None,
    store: options.StoreUrl = None,
    language: options.Language = None,
) -> None:
    """Show the evidence ledger of one device: what was read, by what signature, how it counted."""
    catalogue = load_catalogue(signatures, policies)
    spoken = options.language(language)
    wanted = Wanted(options.day(None), (), (), (), options.OUTPUT, options.FailOn.NEVER, False, language=spoken)
    asked = options.site(site) if site is not None else None
    found = judged(Store(store).run(run), catalogue, asked, wanted)
    unit = _device(found, device)
    findings = tuple(finding for finding in found.findings if finding.device == unit.id)
    Console(highlight=False).print(explained(unit, findings, found.names))


def _device(report: Report, name: str) -> Device:
    for device in report.devices:
        if name in (device.address, device.id, *device.also_at):
            return device
    raise UsageError(f"{name}: no such device in run {report.run.id}; give an address that answered, or its id")


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    for command in (check, report, explain):
        app.command()(command)
