"""How much of each reader the inputs reach: ``python -m fuzz.reach [TARGET...]`` notes the share of its lines.

What talks to devices is written as coroutines, which no input reaches, so their lines are not counted.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import coverage

WORK = Path(".fuzz")


def main() -> None:
    """Feed every input that the runs kept again, the lines counted apart for each target."""
    counter = coverage.Coverage(data_file=None, source_pkgs=["camaudit"], config_file=False)
    counter.start()
    from fuzz import record
    from fuzz.targets import TARGETS

    names = [name for name in sys.argv[1:] or TARGETS if name in record.read()]
    for name in names:
        counter.switch_context(name)
        inputs = sorted((WORK / name / "inputs").glob("*"))
        for data in (*TARGETS[name].seeds(), *(file.read_bytes() for file in inputs)):
            TARGETS[name].feed(data)
    counter.stop()
    known = counter.get_data()
    for name in names:
        lines = run = 0
        # What was run before the first target, on import, is every target's.
        known.set_query_contexts([f"^{name}$", "^$"])
        for place in TARGETS[name].modules:
            module, _, wanted = place.partition(":")
            spec = importlib.util.find_spec(module)
            assert spec is not None
            assert spec.origin is not None
            _, written, _, _, _ = counter.analysis2(spec.origin)
            here = set(written) & counted(spec.origin, wanted.split())
            lines, run = lines + len(here), run + len(here & set(known.lines(spec.origin) or ()))
        record.note(name, lines=round(100 * run / lines, 1))


def counted(file: str, wanted: list[str]) -> set[int]:
    """Return the lines of a module that count: all, or those of what is ``wanted``; no coroutine's."""
    tree = ast.parse(Path(file).read_text("utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    missing = set(wanted) - {node.name for node in tree.body if isinstance(node, kinds)}
    assert not missing, f"{file} has no {missing}"
    parts = [node for node in tree.body if isinstance(node, kinds) and node.name in wanted] if wanted else [tree]
    lines = {number for part in parts for number in _lines(part)}
    talks = (node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef))
    return lines - {number for node in talks for number in range(node.lineno + 1, (node.end_lineno or 0) + 1)}


def _lines(part: ast.AST) -> Iterator[int]:
    for node in ast.walk(part):
        if isinstance(node, ast.stmt):
            yield from range(node.lineno, (node.end_lineno or node.lineno) + 1)


if __name__ == "__main__":
    main()
