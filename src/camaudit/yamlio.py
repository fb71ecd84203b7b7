"""Strict YAML: in goes a file and a type, out comes a value of that type or every problem with its line.

Unknown and duplicate keys, wrong types and YAML's own surprises (``on``, ``NO``, ``1.10``, ``44:19:06``) are
errors at their line. The types are plain frozen dataclasses; pydantic is used here and nowhere else.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from pydantic import ConfigDict, TypeAdapter, ValidationError

from camaudit.errors import DataFileError
from camaudit.resources import shown_path
from camaudit.yamlnodes import Path as Path
from camaudit.yamlnodes import compose, construct, duplicates, walk

T = TypeVar("T")

STRICT = ConfigDict(extra="forbid")
"""Set as ``__pydantic_config__`` on each dataclass that a file is read into."""

_MAX_BYTES = 8 * 1024 * 1024
_adapters: dict[Any, TypeAdapter[Any]] = {}


def adapter(kind: Any) -> TypeAdapter[Any]:
    """Return the validator of a type, built once."""
    if kind not in _adapters:
        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def load(file: Traversable, kind: type[T], *, secretive: bool = False) -> T:
    """Read ``file`` into ``kind``; raise ``DataFileError`` with a line for each problem.

    ``secretive`` is for a file in which somebody may have written a password: no problem quotes what stands there.
    """
    return parse(_text_of(file), kind, shown_path(file), secretive=secretive)


def parse(text: str, kind: type[T], name: str, *, secretive: bool = False) -> T:
    """Read YAML ``text`` into ``kind``; ``name`` is what the problems call the file."""
    try:
        node = compose(text, name)
        problems = tuple(f"{name}:{line}: {problem}" for line, problem in duplicates(node))
        if problems:
            raise DataFileError(problems)
        data = construct(node, name)
    except DataFileError as error:
        raise DataFileError(_places_only(error.problems, name) if secretive else error.problems) from None
    try:
        value: T = adapter(kind).validate_python(data)
    except ValidationError as error:
        lines = dict(walk(node, ()))
        say = _silent_problem if secretive else _problem
        found = tuple(say(item, lines, name, kind) for item in error.errors())
        raise DataFileError(found) from None
    return value


def lines_of(file: Traversable) -> dict[Path, int]:
    """Return the line of each key path of a file, for checks that come after loading."""
    return dict(walk(compose(_text_of(file), shown_path(file)), ()))


def json_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a file type, for editors and ``camaudit schema``."""
    return adapter(kind).json_schema()


def _text_of(file: Traversable) -> str:
    name = shown_path(file)
    try:
        with file.open("rb") as stream:
            # No more than that: it may be a device file, which has no end.
            raw = stream.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        # No file has a name with a NUL in it.
        reason = getattr(error, "strerror", None) or str(error)
        raise DataFileError((f"{name}:1: cannot be read: {reason}; check the path and its permissions",)) from None
    if len(raw) > _MAX_BYTES:
        raise DataFileError((f"{name}:1: larger than {_MAX_BYTES} bytes; is this the right file?",))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataFileError((f"{name}:{line}: not UTF-8 text; save the file as UTF-8",)) from None


def _places_only(problems: tuple[str, ...], name: str) -> tuple[str, ...]:
    lines = (problem.removeprefix(f"{name}:").partition(":")[0] for problem in problems)
    return tuple(
        f"{name}:{line}: not valid YAML, or a key given twice; check indentation and quotes" for line in lines
    )


def _silent_problem(item: Any, lines: dict[Path, int], name: str, kind: Any) -> str:
    keys = _keys_of(kind)
    where: Path = tuple(item["loc"])
    path = ".".join(str(part) for part in where if isinstance(part, int) or part in keys) or "file"
    message = "this has not the form that is needed"
    if item["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        message = "a key that is not known stands here; check its spelling, or remove it"
    elif item["type"] in ("missing", "missing_argument"):
        message = "is missing; add it"
    return f"{name}:{_line_of(where, lines)}: {path}: {message}"


def _line_of(where: Path, lines: dict[Path, int]) -> int:
    known = where
    while known and known not in lines:
        known = known[:-1]
    return lines.get(known, 1)


def _problem(item: Any, lines: dict[Path, int], name: str, kind: Any) -> str:
    where: Path = tuple(item["loc"])
    path = ".".join(str(part) for part in where) or "file"
    message = str(item["msg"])
    if item["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        close = difflib.get_close_matches(str(where[-1]), _keys_of(kind), n=1, cutoff=0.75)
        message = "unknown key; " + (f"did you mean {close[0]!r}?" if close else "remove it or check its spelling")
    elif item["type"] in ("missing", "missing_argument"):
        message = "is missing; add it"
    else:
        message = f"{message} (found {str(item.get('input'))[:60]!r})"
    return f"{name}:{_line_of(where, lines)}: {path}: {message}"


@cache
def _keys_of(kind: Any) -> list[str]:
    schema = json_schema(kind)
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for part in parts for key in part.get("properties", {})})
