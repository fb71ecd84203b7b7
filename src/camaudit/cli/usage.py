"""Wrong usage in one line: in goes what typer found wrong with a command line, out comes what to do about it."""

from __future__ import annotations

import re
from typing import Any

import typer

WRONG: type[Any] = typer.BadParameter.__mro__[1]
"""What typer raises for an unknown command or option, and for a value that does not fit; it has no public name."""

_PLAINER = (
    (re.compile(r"^Invalid value for '([^']+)': "), r"\1: "),
    (re.compile(r"\bValue error, "), ""),
    (re.compile(r"\bInput should be\b"), "it must be"),
    (re.compile(r", unable to parse string as an? \w+"), ""),
)


def in_a_line(error: Any) -> str:
    """Return the line that says what is wrong, and where help is."""
    said = error.format_message()
    for pattern, plainer in _PLAINER:
        said = pattern.sub(plainer, said)
    path = error.ctx.command_path if error.ctx is not None else "camaudit"
    line = " ".join(said.split()).rstrip(".")
    return f"{line}{'' if line.endswith('?') else ';'} see `{path} --help`"
