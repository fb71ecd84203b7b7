"""The command ``import``: files of other tools and people become a run; nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from camaudit.cli import options
from camaudit.errors import UsageError
from camaudit.store import Store


def import_(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Files to import, together one run.")],
    kind: Annotated[str, typer.Option("--kind", help="What the files are, where it is not seen by itself.")] = "",
    column: Annotated[
        list[str] | None,
        typer.Option("--column", help="address='Camera IP': the heading of a meaning (repeatable)."),
    ] = None,
    with_: Annotated[str, typer.Option("--with", help="Join them with this run of `camaudit runs`.")] = "",
    site: options.SiteFile = None,
    notes: options.NotesFile = None,
    store: options.StoreUrl = None,
    quiet: options.Quiet = False,
) -> None:
    """Make a run of files (captures, scanners' results, leases, registers), or read our filled workbook."""
    from camaudit.cli.taking_back import Keeping, take_back
    from camaudit.importing import import_files, units_of
    from camaudit.imports import KINDS, chosen_columns, read_file

    if kind and kind not in KINDS:
        raise UsageError(f"--kind {kind}: no such kind; there are {', '.join(KINDS)}")
    chosen = chosen_columns(column or ())
    files = files if kind else take_back(files, Keeping(notes, site, store), quiet=quiet)
    if not files:
        return
    kept = Store(store)
    base = kept.run(with_) if with_ else None
    where = options.site(site) if site is not None or base is None else base.site
    read = [read_file(file, kind, chosen, units_of(where)) for file in files]
    made = import_files(kept, read, where, base)
    if not quiet:
        for file in read:
            typer.echo(f"{file.name}: {KINDS[file.kind]}, {len(file.entries)} entries")
            for note in file.notes:
                typer.echo(f"  {note.removeprefix(file.name + ': ')}")
        typer.echo(f"run {made.run}: {made.addresses} units named; nothing was sent")
    for problem in made.problems:
        typer.echo(f"camaudit: {problem}", err=True)
    # A bad line is a bad input file, though what could be read is kept: a script must not take it for whole.
    raise typer.Exit(2 if made.problems else 0)


def add_to(app: typer.Typer) -> None:
    """Add this command to the program."""
    app.command("import")(import_)
