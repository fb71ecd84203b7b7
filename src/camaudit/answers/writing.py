"""The site file with answers in it: edited in place, read back, and only then written, beside a copy of the old.

``answer_site_file`` is what ``camaudit answer`` and ``camaudit import`` call.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from camaudit.answers.editing import add_items, add_texts, set_in, set_value
from camaudit.answers.given import Given
from camaudit.answers.settling import Asked, settle
from camaudit.errors import DataFileError, RenderError
from camaudit.model import Site
from camaudit.phrases import phrases
from camaudit.records import decision_lines, quoted, sighting_lines
from camaudit.site import SiteFile, load_site, site_of
from camaudit.yamlio import parse


@dataclass(frozen=True, slots=True)
class Written:
    """The site as the file now says, what was settled, what stays open, and where the old file lies."""

    site: Site
    settled: tuple[str, ...]
    open: tuple[str, ...]
    backup: Path | None


def answer_site_file(file: Path, answers: Iterable[Given], asked: Asked, today: date) -> Written:
    """Write answers into a site file; its comments and everything else stay as they are.

    Raises DataFileError with a line for each answer that is wrong, and then writes nothing; RenderError where the
    file cannot be written. Nothing is written either where no answer settles anything.
    """
    before = load_site(file)
    done = settle(before, answers, asked, today)
    if done.site == before:
        return Written(before, done.settled, done.open, None)
    old = file.read_bytes().decode("utf-8-sig")
    try:
        new = edited(old.replace("\r\n", "\n"), before, done.site)
    except yaml.YAMLError:
        # A tab between words: the reader of files takes it, and the one that keeps their comments does not.
        raise DataFileError((phrases().answering["not_edited"].format(file=file),)) from None
    if "\r\n" in old:
        new = new.replace("\n", "\r\n")
    if site_of(parse(new, SiteFile, file.name), file) != done.site:
        # Our own doing, or a layout that we do not understand: better no edit than a wrong one.
        raise DataFileError((phrases().answering["not_edited"].format(file=file),))
    return Written(done.site, done.settled, done.open, _replace(file, old, new))


def edited(text: str, before: Site, after: Site) -> str:
    """Return the text of a site file, brought from one state of the site to another."""
    for key in ("jurisdiction", "kind"):
        if getattr(after, key) != getattr(before, key):
            text = set_value(text, key, quoted(getattr(after, key)))
    for name, value in after.facts.items():
        if before.facts.get(name) != value:
            text = set_in(text, "facts", name, str(value).lower())
    new = after.core_networks[len(before.core_networks) :]
    if new:
        text = add_texts(text, "core_networks", [quoted(each) for each in new])
    seen = after.sightings[len(before.sightings) :]
    if seen:
        text = add_items(text, "sightings", [sighting_lines(each) for each in seen])
    taken = after.decisions[len(before.decisions) :]
    if taken:
        text = add_items(text, "decisions", [decision_lines(each) for each in taken])
    return text


def _replace(file: Path, old: str, new: str) -> Path:
    """Keep the old file beside the new one, which is moved into place whole."""
    backup = file.with_name(f"{file.name}.bak")
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        backup.write_bytes(old.encode())
        part.write_bytes(new.encode())
        part.chmod(file.stat().st_mode & 0o7777)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise RenderError(f"{file}: {error.strerror}; the answers were not written") from None
    return backup
