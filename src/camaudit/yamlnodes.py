"""YAML text to nodes that know their line, and to plain values: what is broken, endless or not plain is refused.

In goes text, out come nodes and values, or a ``DataFileError`` at a line; nothing else is raised on any text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from camaudit.errors import DataFileError

Path = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {"timestamp": "date", "int": "number", "float": "number"}
_DEEPEST = 60
_MOST_NODES = 500_000
_LONGEST_NUMBER = 40
# Tags may be written by hand (``!!bool x``), and PyYAML's constructors take it for granted that they fit.
_MISFITS = (ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError)


def compose(text: str, name: str) -> yaml.Node | None:
    """Return the nodes of a text; ``name`` is what the problems call it."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = error.problem or error.context or "broken YAML"
        raise DataFileError((f"{name}:{line}: not valid YAML: {problem}; check indentation and quotes",)) from None
    except (yaml.YAMLError, RecursionError) as error:
        first = (str(error).splitlines() or ["broken YAML"])[0]
        raise DataFileError((f"{name}:1: not valid YAML: {first}",)) from None
    if node is not None:
        _check_size(node, name)
    return node


def _check_size(root: yaml.Node, name: str) -> None:
    """Refuse what aliases make endless or huge: a node that holds itself, few lines with a billion values."""
    sizes: dict[int, int] = {}
    above: set[int] = set()

    def size(node: yaml.Node, depth: int) -> int:
        line = node.start_mark.line + 1
        if id(node) in above or depth > _DEEPEST:
            how = (
                "holds itself by an alias (*)" if id(node) in above else f"is nested deeper than {_DEEPEST} levels"
            )
            raise DataFileError((f"{name}:{line}: not valid YAML: {how}; write it out plainly",))
        if isinstance(node, yaml.ScalarNode) and node.tag.endswith(":int") and len(node.value) > _LONGEST_NUMBER:
            # Python reads 1:1:1:… as a number that it cannot write out again.
            raise DataFileError((f"{name}:{line}: {node.value[:60]!r} is no number that exists; correct it",))
        if id(node) not in sizes:
            above.add(id(node))
            sizes[id(node)] = 1 + sum(size(inner, depth + 1) for inner in _inner(node))
            above.discard(id(node))
        if sizes[id(node)] > _MOST_NODES:
            raise DataFileError((f"{name}:{line}: has more than {_MOST_NODES} values; is this the right file?",))
        return sizes[id(node)]

    size(root, 0)


def _inner(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from pair
    elif isinstance(node, yaml.SequenceNode):
        yield from node.value


def construct(node: yaml.Node | None, name: str) -> object:
    """Return the plain values of a node."""
    if node is None:
        return None
    try:
        return _Loader("").construct_document(node)
    except _MISFITS:
        pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFileError(
            (f"{name}:{line}: not plain YAML: {error.problem}; use text, numbers and lists",)
        ) from None
    # 2026-02-30 has the form of a date and is none; YAML's own error does not say where.
    wrong = tuple(
        f"{name}:{line}: {text!r} is no {what} that exists; correct it" for line, text, what in _misfits(node)
    )
    raise DataFileError(wrong or (f"{name}:1: a value has the form of a date or number and is none; correct it",))


def _misfits(node: yaml.Node) -> Iterator[tuple[int, str, str]]:
    if isinstance(node, yaml.ScalarNode):
        try:
            _Loader("").construct_object(node)
        except (*_MISFITS, yaml.YAMLError):
            what = _KINDS.get(node.tag.rpartition(":")[2], "value")
            yield node.start_mark.line + 1, str(node.value)[:60], what
    for inner in _inner(node):
        yield from _misfits(inner)


def walk(node: yaml.Node | None, path: Path = ()) -> Iterator[tuple[Path, int]]:
    """Yield the line of each key path below a node."""
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(key.value)
            for inner, line in walk(value, (*path, name)):
                # A key's own line, not its value's: a block value starts on the next line.
                yield inner, key.start_mark.line + 1 if inner == (*path, name) else line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from walk(item, (*path, index))


def duplicates(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """Yield each key that stands twice in one mapping, with its line."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value)
            if name in seen:
                yield line, f"{name}: given twice (first on line {seen[name]}); keep one"
            seen.setdefault(name, line)
            yield from duplicates(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from duplicates(item)
