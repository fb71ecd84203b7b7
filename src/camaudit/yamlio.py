"""Strict YAML: in goes a file and a type, out comes a value of that type or every problem with its line.

Unknown and duplicate keys, wrong types and YAML's own surprises (``on``, ``NO``, ``1.10``, ``44:19:06``) are
errors at their line. The types are plain frozen dataclasses; pydantic is used here and nowhere else.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from camaudit.errors import DataFileError
from camaudit.resources import shown_path

T = TypeVar("T")
Path = tuple[str | int, ...]

STRICT = ConfigDict(extra="forbid")
"""Set as ``__pydantic_config__`` on each dataclass that a file is read into."""

_MAX_BYTES = 8 * 1024 * 1024
_adapters: dict[Any, TypeAdapter[Any]] = {}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        node = _compose(text, name)
        problems = tuple(f"{name}:{line}: {problem}" for line, problem in _duplicates(node))
        if problems:
            raise DataFileError(problems)
        data = _construct(node, name)
    except DataFileError as error:
        raise DataFileError(_places_only(error.problems, name) if secretive else error.problems) from None
    try:
        value: T = adapter(kind).validate_python(data)
    except ValidationError as error:
        lines = dict(_walk(node, ()))
        say = _silent_problem if secretive else _problem
        found = tuple(say(item, lines, name, kind) for item in error.errors())
        raise DataFileError(found) from None
    return value


def lines_of(file: Traversable) -> dict[Path, int]:
    """Return the line of each key path of a file, for checks that come after loading."""
    return dict(_walk(_compose(_text_of(file), shown_path(file)), ()))


def json_schema(kind: Any) -> dict[str, Any]:
    """Return the JSON Schema of a file type, for editors and ``camaudit schema``."""
    return adapter(kind).json_schema()


def _text_of(file: Traversable) -> str:
    name = shown_path(file)
    try:
        raw = file.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataFileError((f"{name}:1: cannot be read: {reason}; check the path and its permissions",)) from None
    if len(raw) > _MAX_BYTES:
        raise DataFileError((f"{name}:1: larger than {_MAX_BYTES} bytes; is this the right file?",))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DataFileError((f"{name}:{line}: not UTF-8 text; save the file as UTF-8",)) from None


def _compose(text: str, name: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        problem = error.problem or error.context or "broken YAML"
        raise DataFileError((f"{name}:{line}: not valid YAML: {problem}; check indentation and quotes",)) from None
    except (yaml.YAMLError, RecursionError) as error:
        first = (str(error).splitlines() or ["broken YAML"])[0]
        raise DataFileError((f"{name}:1: not valid YAML: {first}",)) from None


def _construct(node: yaml.Node | None, name: str) -> object:
    if node is None:
        return None
    try:
        return _Loader("").construct_document(node)
    except ValueError:
        pass
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DataFileError(
            (f"{name}:{line}: not plain YAML: {error.problem}; use text, numbers and lists",)
        ) from None
    # 2026-02-30 has the form of a date and is none; YAML's own error does not say where.
    wrong = tuple(f"{name}:{line}: {text!r} is no date that exists; correct it" for line, text in _no_dates(node))
    raise DataFileError(wrong or (f"{name}:1: a value has the form of a date or number and is none; correct it",))


def _no_dates(node: yaml.Node) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.ScalarNode):
        try:
            _Loader("").construct_object(node)
        except ValueError:
            yield node.start_mark.line + 1, str(node.value)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _no_dates(key)
            yield from _no_dates(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _no_dates(item)


def _walk(node: yaml.Node | None, path: Path) -> Iterator[tuple[Path, int]]:
    if node is None:
        return
    yield path, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(key.value)
            for inner, line in _walk(value, (*path, name)):
                # A key's own line, not its value's: a block value starts on the next line.
                yield inner, key.start_mark.line + 1 if inner == (*path, name) else line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index))


def _duplicates(node: yaml.Node | None) -> Iterator[tuple[int, str]]:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            name = str(key.value)
            if name in seen:
                yield line, f"{name}: given twice (first on line {seen[name]}); keep one"
            seen.setdefault(name, line)
            yield from _duplicates(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _duplicates(item)


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


def _keys_of(kind: Any) -> list[str]:
    schema = json_schema(kind)
    parts = [schema, *schema.get("$defs", {}).values()]
    return sorted({key for part in parts for key in part.get("properties", {})})
