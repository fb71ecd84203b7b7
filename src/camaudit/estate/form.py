"""``estate.yaml``: the sites of an organisation and, where this machine cannot reach them, the broker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from camaudit.errors import DataFileError, UsageError
from camaudit.model import Site
from camaudit.resources import shown_path
from camaudit.site import load_site
from camaudit.yamlio import STRICT, lines_of, load

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_ID = 40


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """One site: its id, its site file (relative to the estate file) and the area it is counted under."""

    __pydantic_config__ = STRICT
    id: str
    site: str
    area: str = ""


@dataclass(frozen=True, slots=True)
class BrokerForm:
    """Where RabbitMQ is, and the files by which the hub and the broker know each other (relative to the file)."""

    __pydantic_config__ = STRICT
    url: str
    pki: str = "pki"
    server_hostname: str = ""


@dataclass(frozen=True, slots=True)
class EstateFile:
    """The form of the estate file; ``examples/estate/estate.yaml`` shows it."""

    __pydantic_config__ = STRICT
    schema: Literal["camaudit/estate@1"]
    name: str
    sites: tuple[SiteEntry, ...]
    chunk: int = 256
    broker: BrokerForm | None = None


@dataclass(frozen=True, slots=True)
class Estate:
    """The estate as it is worked with: ``sites`` and ``areas`` by the site's id, ``files`` their site files."""

    name: str
    sites: Mapping[str, Site]
    areas: Mapping[str, str]
    files: Mapping[str, Path]
    chunk: int
    broker: BrokerForm | None
    folder: Path


def load_estate(file: Path) -> Estate:
    """Read an estate file and the site files it names; raise ``DataFileError`` with every problem at its line."""
    form = load(file, EstateFile)
    lines = lines_of(file)
    problems = [f"{shown_path(file)}:{lines.get(where, 1)}: {text}" for where, text in _problems(form)]
    sites: dict[str, Site] = {}
    for number, entry in enumerate(form.sites):
        line = lines.get(("sites", number, "site"), 1)
        try:
            sites[entry.id] = load_site(file.parent / entry.site)
        except DataFileError as error:
            problems += error.problems
            continue
        if not sites[entry.id].scope:
            problems.append(
                f"{shown_path(file)}:{line}: {entry.site}: no scope in it, so there is nothing to scan"
            )
    if problems:
        raise DataFileError(tuple(problems))
    return Estate(
        form.name,
        sites,
        {entry.id: entry.area for entry in form.sites},
        {entry.id: file.parent / entry.site for entry in form.sites},
        form.chunk,
        form.broker,
        file.parent,
    )


def site_of(estate: Estate, name: str) -> Site:
    """Return one site by its id; raise ``UsageError`` where there is none."""
    if name not in estate.sites:
        raise UsageError(f"{name}: no such site in this estate; there are {', '.join(estate.sites)[:300]}")
    return estate.sites[name]


def _problems(form: EstateFile) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if not form.name.strip():
        yield ("name",), "name: must not be empty"
    if not form.sites:
        yield ("sites",), "sites: none; add one with its id and its site file"
    if not 1 <= form.chunk <= 65536:
        yield ("chunk",), "chunk: addresses of one job; write 1 to 65536 (256 is usual)"
    seen: set[str] = set()
    for number, entry in enumerate(form.sites):
        where = ("sites", number, "id")
        if not _ID.fullmatch(entry.id) or len(entry.id) > _MOST_ID:
            yield (
                where,
                f"id: {entry.id[:60]!r} is no id; write small letters, digits and hyphens, at most {_MOST_ID}",
            )
        elif entry.id in seen:
            yield where, f"id: {entry.id!r} is given twice; give each site its own"
        seen.add(entry.id)
    if form.broker and not re.match(r"amqps?://", form.broker.url):
        yield (
            ("broker", "url"),
            "broker.url: no address of a RabbitMQ; write amqps://hub.example.org:5671/camaudit",
        )
