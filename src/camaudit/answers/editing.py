"""Edits of a YAML file that leave its comments where they are: text in, text out.

A key that stands there as a comment (``# name: true or false``) is freed in its place, under the question that
explains it; else the new line goes to the end of its block. Pure; whoever writes the result reads it back first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

from camaudit.records import as_item

_Mapping = yaml.MappingNode


def set_value(text: str, key: str, value: str) -> str:
    """Return the text with ``key: value`` at the top level; ``value`` is written as it is."""
    node = _value_of(_root(text), key)
    if node is not None:
        return _replaced(text, node, value)
    lines = text.splitlines()
    at = _commented(lines, key, 0, len(lines))
    return _with_line(lines, at, f"{key}: {value}")


def set_in(text: str, block: str, key: str, value: str) -> str:
    """Return the text with ``key: value`` in the mapping ``block``, which is made where it is missing."""
    node = _value_of(_root(text), block)
    if isinstance(node, _Mapping):
        own = _value_of(node, key)
        if own is not None:
            return _replaced(text, own, value)
        return _added_flow(text, node, f"{key}: {value}") if node.flow_style else _freed(text, node, key, value)
    lines = text.splitlines()
    at = _commented(lines, block, 0, len(lines))
    text = _with_line(lines, at, f"{block}:", f"  {key}: {value}")
    return _moved_to_its_comment(text, block, key, value)


def add_items(text: str, key: str, items: Sequence[Sequence[str]]) -> str:
    """Return the text with items at the end of the list ``key``; each item is the lines of a mapping."""
    root = _root(text)
    node = _value_of(root, key)
    lines = text.splitlines()
    if isinstance(node, yaml.SequenceNode) and node.value:
        if node.flow_style:
            flow = ", ".join("{" + ", ".join(item) + "}" for item in items)
            return _added_flow(text, node, flow)
        indent = " " * (node.value[0].start_mark.column - 2)
        new = [line for item in items for line in as_item(item, indent)]
        end = _last_line(node) + 1
        return _joined([*lines[:end], *new, *lines[end:]])
    new = [line for item in items for line in as_item(item)]
    if node is not None:
        # "decisions: []", or with nothing behind it
        line = _line_of(root, key)
        return _joined([*lines[:line], f"{key}:", *new, *lines[_last_line(node) + 1 :]])
    return _with_line(lines, _commented(lines, key, 0, len(lines)), f"{key}:", *new)


def add_texts(text: str, key: str, values: Sequence[str]) -> str:
    """Return the text with values at the end of a list of texts; each is written as it is."""
    node = _value_of(_root(text), key)
    lines = text.splitlines()
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        indent = " " * (node.value[0].start_mark.column - 2)
        end = _last_line(node) + 1
        return _joined([*lines[:end], *(f"{indent}- {value}" for value in values), *lines[end:]])
    if isinstance(node, yaml.SequenceNode):
        return _added_flow(text, node, ", ".join(values))
    return set_value(text, key, f"[{', '.join(values)}]")


def _root(text: str) -> _Mapping:
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    return node if isinstance(node, _Mapping) else _Mapping("tag:yaml.org,2002:map", [])


def _value_of(node: _Mapping, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _line_of(node: _Mapping, key: str) -> int:
    return next(int(name.start_mark.line) for name, _ in node.value if name.value == key)


def _replaced(text: str, node: yaml.Node, value: str) -> str:
    return text[: node.start_mark.index] + value + text[node.end_mark.index :]


def _added_flow(text: str, node: yaml.CollectionNode, part: str) -> str:
    end = node.end_mark.index - 1
    before = text[:end].rstrip()
    comma = "" if not node.value or before.endswith(",") else ","
    space = " " if node.value else ""
    return f"{before}{comma}{space}{part}{text[end:]}"


def _freed(text: str, node: _Mapping, key: str, value: str) -> str:
    """Put a line into a block: where it stands as a comment, else behind the last line of the block."""
    lines = text.splitlines()
    indent = " " * node.start_mark.column
    first, last = node.start_mark.line, _last_line(node)
    end = _end_of_comments(lines, last + 1)
    at = _commented(lines, key, first, end)
    line = f"{indent}{key}: {value}"
    if at is not None:
        return _joined([*lines[:at], line, *lines[at + 1 :]])
    return _joined([*lines[: last + 1], line, *lines[last + 1 :]])


def _moved_to_its_comment(text: str, block: str, key: str, value: str) -> str:
    """Where a freed block is followed by the comment of its key, take the comment's place instead."""
    lines = text.splitlines()
    start = next(number for number, line in enumerate(lines) if line == f"{block}:") + 1
    at = _commented(lines, key, start + 1, _end_of_comments(lines, start + 1))
    if at is None:
        return text
    return _joined([*lines[:start], *lines[start + 1 : at], f"  {key}: {value}", *lines[at + 1 :]])


def _commented(lines: Sequence[str], key: str, first: int, end: int) -> int | None:
    form = re.compile(rf"\s*#\s*{re.escape(key)}:(\s|$)")
    return next((number for number in range(first, end) if form.match(lines[number])), None)


def _end_of_comments(lines: Sequence[str], start: int) -> int:
    for number in range(start, len(lines)):
        stripped = lines[number].strip()
        if stripped and not stripped.startswith("#"):
            return number
    return len(lines)


def _last_line(node: yaml.Node) -> int:
    """Return the last line that belongs to a node; the end mark of a block stands on the next token."""
    if isinstance(node, _Mapping) and node.value and not node.flow_style:
        return _last_line(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _last_line(node.value[-1])
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        return int(node.end_mark.line) - 1
    return int(node.end_mark.line)


def _with_line(lines: Sequence[str], at: int | None, *new: str) -> str:
    """Put lines in the place of a comment, else at the end."""
    if at is None:
        return _joined([*lines, *new])
    return _joined([*lines[:at], *new, *lines[at + 1 :]])


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(lines) + "\n"
