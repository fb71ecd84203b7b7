"""The program ``camaudit``: its commands, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

import typer

from camaudit import __version__
from camaudit.cli.placeholders import named
from camaudit.errors import CamauditError

_FIRST_STEPS = """camaudit {version}

  camaudit demo                          try it on a simulated fleet, no camera needed
  camaudit init                          answer a few questions, writes site.yaml
  camaudit audit 192.0.2.0/24 --yes      audit your own network (you must be allowed to scan it)

camaudit --help lists every command."""

_MODULES: dict[str, tuple[str, ...]] = {
    "setting_up": ("init", "doctor"),
    "collecting": ("audit", "scan"),
    "importing": ("import",),
    "listening": ("listen",),
    "switches": ("switches",),
    "examining": ("check", "report", "explain"),
    "questioning": ("answer",),
    "comparing": ("diff",),
    "telling": ("notify", "tickets"),
    "keeping": ("runs",),
    "bundling": ("bundle", "verify"),
    "overseeing": ("estate", "worker"),
    "demonstrating": ("demo",),
    "knowing": ("signatures", "policies", "schema"),
}
"""The modules of commands, in the order of ``--help``. Only the one that is wanted is loaded."""


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"camaudit {__version__}")
        raise typer.Exit


def start(
    context: typer.Context,
    verbose: bool = typer.Option(False, "--verbose", help="Log what is done, to standard error."),
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """Set up logging; without a command, show the three that matter."""
    logging.basicConfig(level=logging.INFO if verbose else logging.CRITICAL, format="%(name)s: %(message)s")
    if context.invoked_subcommand is None:
        typer.echo(_FIRST_STEPS.format(version=__version__))


def program(arguments: Sequence[str]) -> typer.Typer:
    """Return the program with the commands that ``arguments`` call for: the one named, or all."""
    app = typer.Typer(
        name="camaudit",
        help="Which installed cameras were made by a maker that some rule restricts, which rule, and what to do.",
        no_args_is_help=False,
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(start)
    word = next((argument for argument in arguments if not argument.startswith("-")), "")
    wanted = [name for name, commands in _MODULES.items() if word in commands]
    for name in wanted or _MODULES:
        importlib.import_module(f"camaudit.cli.{name}").add_to(app)
    return app


def command(arguments: Sequence[str]) -> Any:
    """Return the program as the command that runs, with words of the field for what its options take."""
    return named(typer.main.get_command(program(arguments)))


def main() -> None:
    """Run ``camaudit``; every foreseen error is one line on standard error and an exit code of the contract."""
    try:
        command(sys.argv[1:])()
    except CamauditError as error:
        _say(error)
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


def _say(error: CamauditError) -> None:
    from rich.console import Console
    from rich.markup import escape

    for line in str(error).splitlines() or ["failed"]:
        Console(stderr=True, highlight=False, soft_wrap=True).print(escape(f"camaudit: {line}"))
