"""The README is of this program: it names every command, no other, and every flag that it shows is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from camaudit.cli.main import command

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
PROGRAM = command([])
_SHOWN = re.compile(r"camaudit ((?:[a-z]+(?:-[a-z]+)*)(?: [a-z]+)?)((?: [^`\n#|&;]*)?)")


def found(words: str) -> Any:
    """The command that these words call; ``None`` where there is none."""
    node: Any = PROGRAM
    for word in words.split():
        below = getattr(node, "commands", {})
        if not below:
            break
        node = below.get(word)
        if node is None:
            return None
    return node


def shown(text: str) -> list[tuple[str, str]]:
    """Commands with what follows them, as code shows them in a page."""
    parts = re.split(r"^ *```(\w*)\n", text, flags=re.MULTILINE)
    blocks = [block for language, block in zip(parts[1::2], parts[2::2], strict=True) if language == "sh"]
    prose = "\n".join(parts[::4])
    code = [*re.findall(r"`([^`\n]+)`", prose), *(line for block in blocks for line in block.splitlines())]
    return [match for part in code for match in _SHOWN.findall(part)]


def test_the_table_names_every_command() -> None:
    table = "\n".join(line for line in README.splitlines() if line.startswith("| `camaudit"))
    assert not [name for name in PROGRAM.commands if not re.search(rf"`camaudit {name}\b", table)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_and_flag_that_a_page_shows_is_there(page: Path) -> None:
    wrong = []
    for words, rest in shown(page.read_text("utf-8")):
        name = words.split()[0]
        node = found(words) or found(name)
        flags = set(re.findall(r"(?<![\w-])(--[a-z][a-z-]*)", rest))
        known = {flag for part in getattr(node, "params", ()) for flag in part.opts} | {"--help", "--version"}
        known |= {
            flag for child in getattr(node, "commands", {}).values() for p in child.params for flag in p.opts
        }
        if found(name) is None or flags - known:
            wrong.append(f"camaudit {words}{rest}")
    assert not wrong


def test_exit_codes_are_those_of_the_errors() -> None:
    from camaudit import errors

    codes = {
        each.exit_code
        for each in vars(errors).values()
        if isinstance(each, type) and issubclass(each, errors.CamauditError)
    }
    table = {int(code) for code in re.findall(r"^\| (\d) \|", README, re.MULTILINE)}
    assert codes <= table
    assert table == {0, 1, 2, 3, 4}
