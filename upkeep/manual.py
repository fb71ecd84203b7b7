"""The manual page, made of the program's own help: ``python -m upkeep.manual`` writes ``man/camaudit.1``.

``--check`` writes nothing and ends with 1 where the page is not that of the program. The wheel carries the page.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer
from jinja2 import Environment, StrictUndefined

from camaudit.cli.main import command

PAGE = Path("man/camaudit.1")
TEMPLATE = Path("man/camaudit.1.j2")


def page(template: str) -> str:
    """Return the manual page in the language of man(7)."""
    environment = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)  # noqa: S701 - no HTML
    environment.filters["roff"] = roff
    return environment.from_string(template).render(commands=list(commands(command([]), ()))) + "\n"


def commands(node: Any, path: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield each command that does something: its words, what it does, and a pair for each thing it takes."""
    below = getattr(node, "commands", {})
    if path and (not below or getattr(node, "invoke_without_command", False)):
        context = typer.Context(node)
        records = [record for part in node.params if (record := part.get_help_record(context))]
        usage = " ".join(node.collect_usage_pieces(context))
        yield {"words": " ".join(path), "usage": usage, "does": node.help or "", "takes": records}
    for name, child in below.items():
        yield from commands(child, (*path, name))


def roff(text: str) -> str:
    """Return one line of text as man(7) prints it literally: no escape, no request, hyphens that can be copied."""
    line = " ".join(text.split()).replace("\\", r"\e").replace("-", r"\-")
    return f"\\&{line}" if line.startswith((".", "'")) else line


def main() -> int:
    """Write the page, or say whether it is current."""
    parser = argparse.ArgumentParser(prog="python -m upkeep.manual", description=__doc__)
    parser.add_argument("--check", action="store_true")
    made = page(TEMPLATE.read_text("utf-8"))
    if parser.parse_args().check:
        current = PAGE.is_file() and PAGE.read_text("utf-8") == made
        print(f"{PAGE} is {'current' if current else 'not that of the program: python -m upkeep.manual'}")
        return 0 if current else 1
    PAGE.write_text(made, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
