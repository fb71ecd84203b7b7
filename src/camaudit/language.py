"""The language that camaudit speaks: catalogues of words, and a folder of files for each other one.

In go the name of a catalogue and its type, out comes the catalogue. What a language does not say yet is said in
English; where a renderer can say so, such a text is wrapped in two marks that it turns into ``lang="en"``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from importlib.resources.abc import Traversable
from typing import Any, TypeVar

from camaudit.errors import UsageError
from camaudit.resources import data_folder
from camaudit.yamlio import load

T = TypeVar("T")

ENGLISH = "en"
BEGIN, END = "\ue000", "\ue001"
"""Around what is still English; private characters, which no text of a device is shown with."""

_spoken: ContextVar[str] = ContextVar("language", default=ENGLISH)


def language() -> str:
    """Return the code of the language that is spoken."""
    return _spoken.get()


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there is a catalogue of."""
    folder = data_folder("reports")
    others = (each.name for each in folder.iterdir() if each.is_dir() and (each / "words.yaml").is_file())
    return (ENGLISH, *sorted(others))


def speak(code: str) -> None:
    """Speak another language from here on; raise UsageError where there is no catalogue of it."""
    wanted = code.strip().lower()
    if wanted not in languages():
        raise UsageError(f"language {code[:20]}: no such catalogue; there are {', '.join(languages())}")
    _spoken.set(wanted)


@contextmanager
def spoken(code: str) -> Iterator[None]:
    """Speak a language within the block, and then again what was spoken before; an unknown one changes nothing."""
    before = language()
    try:
        if code in languages():
            speak(code)
        yield
    finally:
        speak(before)


def catalogue(name: str, kind: type[T], *, marked: bool = False) -> T:
    """Return ``reports/<name>.yaml`` in the language that is spoken; ``marked`` wraps what is still English."""
    form: Any = kind
    found: T = _catalogue(name, form, language(), marked)
    return found


def english(text: str) -> str:
    """Return a text that is English whatever is spoken, such as a law's, wrapped where another one is spoken."""
    if language() == ENGLISH or not text:
        return text
    # What is wrapped already must not be wrapped within.
    return f"{BEGIN}{text.replace(BEGIN, '').replace(END, '')}{END}"


@cache
def _catalogue(name: str, kind: Any, code: str, marked: bool) -> Any:
    folder = data_folder("reports")
    whole = load(folder / f"{name}.yaml", kind)
    if code == ENGLISH:
        return whole
    return _merged(whole, translation(folder, code, name), marked)


def translation(folder: Traversable, code: str, name: str) -> Mapping[str, Any]:
    """Return what one language says of a catalogue, as its file has it; nothing where it has no such file."""
    file = folder / code / f"{name}.yaml"
    return load(file, dict[str, Any]) if file.is_file() else {}


def _merged(value: Any, said: Any, marked: bool) -> Any:
    if isinstance(value, str):
        return said if isinstance(said, str) else _marked(value, marked)
    if isinstance(value, tuple):
        return _merged_list(value, said if isinstance(said, list) else [], marked)
    told = said if isinstance(said, Mapping) else {}
    if isinstance(value, Mapping):
        more = {key: each for key, each in told.items() if key not in value}
        return {**{key: _merged(each, told.get(key), marked) for key, each in value.items()}, **more}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [each.name for each in dataclasses.fields(value) if each.name != "schema"]
        parts = {name: _merged(getattr(value, name), told.get(name), marked) for name in names}
        return dataclasses.replace(value, **parts)
    return value


def _merged_list(values: tuple[Any, ...], said: list[Any], marked: bool) -> tuple[Any, ...]:
    if said and isinstance(said[0], str):
        # Words that may be written are as many as a language has; months are twelve in any.
        return tuple(said)
    return tuple(_merged(each, said[n] if n < len(said) else None, marked) for n, each in enumerate(values))


def _marked(text: str, marked: bool) -> str:
    return f"{BEGIN}{text}{END}" if marked and text else text
