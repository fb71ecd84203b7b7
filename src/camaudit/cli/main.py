"""The program ``camaudit``: its commands, and the one place where errors become a line and an exit code."""

from __future__ import annotations

import contextlib
import errno
import importlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import typer

from camaudit import __version__
from camaudit.cli import ending, usage
from camaudit.cli.placeholders import named
from camaudit.errors import CamauditError, UsageError

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
    "trending": ("trends",),
    "telling": ("notify", "tickets"),
    "keeping": ("runs",),
    "bundling": ("bundle", "verify"),
    "overseeing": ("estate",),
    "working": ("worker",),
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
    # What is written is for its owner alone, whatever the system's habit: it maps the cameras of a site.
    os.umask(0o077)
    ending.end_in_order()
    ending.fill_up()
    out = sys.stdout
    try:
        code = command(sys.argv[1:])(prog_name="camaudit", standalone_mode=False)
        if code == ending.TYPER_STOPPED:
            _stopped()
        sys.exit(code if isinstance(code, int) else 0)
    except CamauditError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except usage.WRONG as error:
        _say(usage.in_a_line(error))
        sys.exit(UsageError.exit_code)
    except typer.Abort:
        _say("nobody answered, so nothing was done")
        sys.exit(UsageError.exit_code)
    except KeyboardInterrupt:
        _stopped()
    except SystemExit:
        if sys.stdout is not out:
            _without_a_reader()
        raise
    except BrokenPipeError:
        _without_a_reader()
    except OSError as error:
        _no_more(error)


def _without_a_reader() -> NoReturn:
    """End well: the reader of our output has gone (a pager, head), which typer would make a finding of."""
    ending.say_no_more()
    sys.exit(0)


def _no_more(error: OSError) -> NoReturn:
    if error.errno == errno.EIO:
        # The terminal is gone, and nobody is left to be told.
        os._exit(ending.EXIT_CODE)
    said = ending.WANTING.get(error.errno or 0)
    if said is None:
        raise error
    ending.say_no_more()
    with contextlib.suppress(OSError):
        _say(said)
    sys.exit(ending.EXIT_CODE)


def _stopped() -> NoReturn:
    with contextlib.suppress(OSError):
        _say(ending.STOPPED)
    sys.exit(ending.EXIT_CODE)


def _say(text: str) -> None:
    from rich.console import Console
    from rich.markup import escape

    for line in text.splitlines() or ["failed"]:
        Console(stderr=True, highlight=False, soft_wrap=True).print(escape(f"camaudit: {line}"))
