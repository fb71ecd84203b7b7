"""What a fuzz target is: bytes in, a call of the real reader, and what may come of it."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from camaudit.errors import UsageError
from camaudit.probes.text import bounded
from camaudit.signatures.fields import FIELDS

Run = Callable[[bytes], object]

FOUND = Path(__file__).resolve().parent / "found"
"""Inputs that once broke a reader, a folder for each target: they are fed again by the tests."""


@dataclass(frozen=True, slots=True)
class Target:
    """One reader under fire.

    ``run`` may raise what ``allowed`` names alone; ``modules`` are those whose lines it should reach, of a
    module that holds more those functions and classes: ``package.module:read _line``.
    ``words`` are pieces worth putting in; ``limit`` is the size in bytes up to which inputs are made.
    """

    name: str
    run: Run
    seeds: Callable[[], Iterable[bytes]]
    modules: tuple[str, ...]
    allowed: tuple[type[Exception], ...] = ()
    words: tuple[bytes, ...] = ()
    limit: int = 4096

    def feed(self, data: bytes) -> None:
        """Call the reader; what it raises beyond ``allowed`` is a bug and goes through."""
        with suppress(*self.allowed):
            self.run(data)

    def found(self) -> tuple[Path, ...]:
        """Return the inputs that once broke it."""
        folder = FOUND / self.name
        return tuple(sorted(folder.iterdir())) if folder.is_dir() else ()


REFUSED = (UsageError,)
"""What a reader of a file may raise: one line for the person who gave it."""


def kept(fields: Mapping[str, Iterable[str]] | None) -> None:
    """Check what a probe's reader gives: fields that signatures know, storable once they are bounded."""
    if fields is None:
        return
    for name, values in bounded(fields).items():
        assert name in FIELDS, f"{name} is no field"
        for value in values:
            value.encode("utf-8")
            assert "\0" not in value, f"{name} holds a NUL"


def memory() -> str | None:
    """Return a folder in memory, where there is one: on a disk, opening a file takes longer than reading it."""
    place = "/dev/shm"  # noqa: S108 - a folder with a random name is made in it
    return place if os.path.isdir(place) else None


@contextmanager
def nothing_looked_up() -> Iterator[None]:
    """Let no name be looked up: what others hand over must not make us ask anybody."""

    def refuse(*asked: object, **_: object) -> Any:
        raise AssertionError(f"{asked[:1]} was looked up")

    known, socket.getaddrinfo = socket.getaddrinfo, refuse
    try:
        yield
    finally:
        socket.getaddrinfo = known


@cache
def folder() -> Path:
    """Return a folder of this process for readers that take a path."""
    # The driver gives a folder in memory and removes it: libFuzzer ends its process without a word to anybody.
    place = None if "TMPDIR" in os.environ else memory()
    made = Path(tempfile.mkdtemp(prefix="camaudit-fuzz-", dir=place))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


def file_of(data: bytes, name: str) -> Path:
    """Return a file that holds ``data``; the next call with that name writes over it."""
    path = folder() / name
    path.write_bytes(data)
    return path
