"""The program ``camaudit``: its commands, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import logging
import os
import sys

import typer
from rich.console import Console
from rich.markup import escape

from camaudit import __version__
from camaudit.cli import collecting, demonstrating, examining, knowing, setting_up
from camaudit.errors import CamauditError

app = typer.Typer(
    name="camaudit",
    help="Which installed cameras were made by a maker that some rule restricts, which rule, and what to do.",
    no_args_is_help=False,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_FIRST_STEPS = """camaudit {version}

  camaudit demo                          try it on a simulated fleet, no camera needed
  camaudit init                          answer a few questions, writes site.yaml
  camaudit audit 192.0.2.0/24 --yes      audit your own network (you must be allowed to scan it)

camaudit --help lists every command."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"camaudit {__version__}")
        raise typer.Exit


@app.callback()
def start(
    context: typer.Context,
    verbose: bool = typer.Option(False, "--verbose", help="Log what is done, to standard error."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Set up logging; without a command, show the three that matter."""
    logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL, format="%(name)s: %(message)s")
    if context.invoked_subcommand is None:
        typer.echo(_FIRST_STEPS.format(version=__version__))


for commands in (setting_up, collecting, examining, demonstrating, knowing):
    commands.add_to(app)


def main() -> None:
    """Run ``camaudit``; every foreseen error is one line on standard error and an exit code of the contract."""
    try:
        app()
    except CamauditError as error:
        for line in str(error).splitlines() or ["failed"]:
            Console(stderr=True, highlight=False, soft_wrap=True).print(escape(f"camaudit: {line}"))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        typer.echo(
            "camaudit: stopped; what was collected is kept: `camaudit scan --resume` goes on with it",
            err=True,
        )
        sys.exit(3)
    except BrokenPipeError:
        # The reader of our output has gone (a pager, head); that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
