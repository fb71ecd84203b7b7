"""The commands about the knowledge base: ``signatures``, ``policies`` and ``schema``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from camaudit import catalogue as base
from camaudit.answers.given import AnswersFile
from camaudit.cli import options
from camaudit.errors import DataFileError, RenderError, UsageError
from camaudit.policy.schema import PackForm
from camaudit.policy.verify import stale
from camaudit.policy.waivers import WaiversFile
from camaudit.report.json import schema as report_schema
from camaudit.report.rulebook import INDEX, pages
from camaudit.resources import data_folder
from camaudit.signatures.schema import SignatureFile
from camaudit.site import SiteFile
from camaudit.telling.document import schema as notice_schema
from camaudit.telling.form import NotifyFile
from camaudit.yamlio import json_schema

signatures = typer.Typer(help="The signature base, its sources, and the proof of its own examples.")
policies = typer.Typer(help="The policy packs, their instruments, and the proof of their own examples.")


@signatures.command("list")
def list_signatures(folder: options.Signatures = None) -> None:
    """List every signature: its maker, what it reads and how strong it is."""
    table = Table("signature", "maker", "reads", "says", "strength", box=None, pad_edge=False)
    for sign in base.load_catalogue(folder).knowledge.signatures:
        s = sign.signature
        table.add_row(s.id, sign.maker, s.reads, str(s.says), str(s.strength))
    Console(highlight=False).print(table)


@signatures.command("show")
def show_signature(name: str, folder: options.Signatures = None) -> None:
    """Show one signature with its sources, examples and counter-examples."""
    for sign in base.load_catalogue(folder).knowledge.signatures:
        if sign.signature.id == name:
            s = sign.signature
            typer.echo(f"{s.id} ({sign.maker}): reads {s.reads}, says {s.says}, {s.strength}, basis {s.basis}")
            typer.echo(f"  pattern   {s.pattern}")
            typer.echo(f"  shares    {s.seen_in} of the maker's devices, {s.seen_in_others} of all others")
            typer.echo(f"  sources   {', '.join(s.source)}")
            for example in s.examples:
                typer.echo(f"  matches   {example.text!r} ({example.source})")
            for reject in s.rejects:
                typer.echo(f"  rejects   {reject.text!r} ({reject.source})")
            if s.note:
                typer.echo(f"  note      {s.note}")
            return
    raise UsageError(f"{name}: no such signature; `camaudit signatures list` shows them")


@signatures.command("verify")
def verify_signatures(folder: options.Signatures = None) -> None:
    """Run every signature's examples and counter-examples."""
    problems = tuple(base.verify(folder))
    if problems:
        raise DataFileError(problems)
    typer.echo("signatures: every example matches, every counter-example does not")


@policies.command("list")
def list_policies(folder: options.Policies = None) -> None:
    """List every policy pack."""
    table = Table("policy", "jurisdiction", "title", "rules", box=None, pad_edge=False)
    for pack in base.load_catalogue(policies=folder).policies.packs:
        table.add_row(pack.id, pack.jurisdiction, escape(pack.title), str(len(pack.rules)))
    Console(highlight=False).print(table)


@policies.command("show")
def show_policy(name: str, folder: options.Policies = None) -> None:
    """Show one pack: its rules and the instruments behind them."""
    found = base.load_catalogue(policies=folder).policies
    for pack in found.packs:
        if pack.id == name:
            typer.echo(f"{pack.id}: {pack.title}")
            for rule in pack.rules:
                typer.echo(f"\n  {rule.form.title} ({rule.form.severity})")
                for cited in (found.register.cite(c) for c in rule.form.cites):
                    typer.echo(f"    {cited.title}\n      {cited.citation}\n      binds: {cited.binds}")
                    typer.echo(f"      asks: {cited.asks}\n      known as of {cited.known_as_of}")
            return
    raise UsageError(f"{name}: no such policy; `camaudit policies list` shows them")


@policies.command("verify")
def verify_policies(
    folder: options.Policies = None,
    strict: bool = typer.Option(False, "--strict", help="Also fail on instruments not checked for a year."),
) -> None:
    """Run every rule's examples."""
    found = base.load_catalogue(policies=folder)
    problems = tuple(base.verify_rules(found))
    if strict:
        own = () if folder is None else (data_folder("policies", folder),)
        problems += stale((data_folder("policies"), *own), date.today())
    if problems:
        raise DataFileError(problems)
    typer.echo("policies: every example gets the verdict it expects")


@policies.command("pages")
def write_pages(
    output: Annotated[Path, typer.Option("--output", help="Folder for the pages.")] = Path("camaudit-rules"),
    folder: options.Policies = None,
) -> None:
    """Write the packs and instruments as pages in plain language (Markdown)."""
    found = base.load_catalogue(policies=folder)
    written = pages(found.policies, found.knowledge.entities)
    try:
        for name, text in written.items():
            file = output / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
    except OSError as error:
        raise RenderError(f"{output}: {error.strerror}; give a folder you may write to with --output") from None
    typer.echo(f"{len(written)} pages in {output}; begin with {output / INDEX}")


_SCHEMAS = {
    "site": SiteFile,
    "answers": AnswersFile,
    "signature": SignatureFile,
    "policy": PackForm,
    "waiver": WaiversFile,
    "notify": NotifyFile,
}
_WRITTEN = {"report": report_schema, "notice": notice_schema}
_NAMES = ", ".join((*_WRITTEN, *_SCHEMAS))


def schema(name: str = typer.Argument(help=_NAMES)) -> None:
    """Print the JSON Schema of what camaudit writes or reads."""
    if name in _WRITTEN:
        found = _WRITTEN[name]()
    elif name in _SCHEMAS:
        found = json_schema(_SCHEMAS[name])
    else:
        raise UsageError(f"{name}: no such schema; there are {_NAMES}")
    typer.echo(json.dumps(found, indent=2))


def add_to(app: typer.Typer) -> None:
    """Add these commands to the program."""
    app.add_typer(signatures, name="signatures")
    app.add_typer(policies, name="policies")
    app.command()(schema)
