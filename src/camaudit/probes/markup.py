"""XML of a device in, its tags and their texts in document order out. No DTD, no entities, no deep nesting.

Tags are told by their local names: devices put elements in wrong namespaces (ipycam's EndpointReference). What is
not well formed is read tag by tag with a regular expression, so that one bad byte does not hide a camera.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, XMLParser

from camaudit.net.wire import REPLY_LIMIT
from camaudit.probes.text import decode

MAX_DEPTH = 100
_ALIKE = 4096
"""Bytes up to which an answer is worth remembering."""

_OPENING = re.compile(r"<(?:[\w.-]{1,64}:)?([\w.-]{1,64})(?:\s[^<>]*)?>([^<]*)")
_DECLARED = re.compile(r"\bxmlns(?::[\w.-]{1,64})?\s{0,9}=\s{0,9}(?:\"([^\"<>]{0,300})\"|'([^'<>]{0,300})')")
_DANGEROUS = re.compile(r"<!(?:doctype|entity)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Markup:
    """A document as (local name, text) of each element in order; a container stands there with the text it has."""

    root: str
    namespaces: tuple[str, ...]
    tags: tuple[tuple[str, str], ...]
    is_well_formed: bool = True

    def values(self, name: str) -> tuple[str, ...]:
        """Return the text of every element of that local name, in whatever case it is written."""
        wanted = name.lower()
        return tuple(text for tag, text in self.tags if text and tag.lower() == wanted)

    def first(self, name: str) -> str:
        """Return the text of the first such element that has any, or an empty text."""
        return next(iter(self.values(name)), "")

    def has(self, name: str) -> bool:
        """Say whether there is an element of that local name."""
        wanted = name.lower()
        return any(tag.lower() == wanted for tag, _ in self.tags)

    def after(self, name: str) -> tuple[Markup, ...]:
        """Cut the document at each element of that name; each part runs up to the next one."""
        starts = [at for at, (tag, _) in enumerate(self.tags) if tag.lower() == name.lower()]
        ends = [*starts[1:], len(self.tags)]
        parts = (self.tags[start:end] for start, end in zip(starts, ends, strict=False))
        return tuple(Markup(name, self.namespaces, part, self.is_well_formed) for part in parts)


def read_markup(data: bytes, *, limit: int = REPLY_LIMIT) -> Markup | None:
    """Read up to 64 KiB; ``None`` where it is no markup, has a DTD or entities, or nests too deep."""
    if len(data) > limit:
        return None
    return _read_again(data) if len(data) <= _ALIKE else _read(data)


def _read(data: bytes) -> Markup | None:
    trimmed = data.strip(b"\0 \t\r\n")
    text = decode(trimmed, len(trimmed)).lstrip("\ufeff")
    if "<" not in text or _DANGEROUS.search(text):
        return None
    namespaces = tuple(dict.fromkeys(one or other for one, other in _DECLARED.findall(text) if one or other))
    reader = _TagReader()
    try:
        parser = XMLParser(target=reader, forbid_dtd=True, forbid_entities=True, forbid_external=True)
        parser.feed(trimmed)
        parser.close()
    except (DefusedXmlException, _TooDeep):
        return None
    except (ParseError, ValueError, LookupError):
        return _by_tags(text, namespaces)
    tags = reader.close()
    return Markup(tags[0][0], namespaces, tags)


# Units of one firmware refuse in the same bytes: most of a fleet's answers were read before.
_read_again = lru_cache(maxsize=256)(_read)


def _by_tags(text: str, namespaces: tuple[str, ...]) -> Markup | None:
    tags = tuple((name, html.unescape(value).strip()) for name, value in _OPENING.findall(text))
    return Markup(tags[0][0], namespaces, tags, is_well_formed=False) if tags else None


class _TooDeep(Exception):
    """Tags nest deeper than any device's answer does."""


class _TagReader:
    """Takes the parser's events and keeps each element's name and the text right after its opening tag."""

    def __init__(self) -> None:
        self._tags: list[tuple[str, list[str]]] = []
        self._depth = 0
        self._is_opening = False

    def start(self, tag: str, attributes: object) -> None:
        """Take an opening tag."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise _TooDeep
        self._tags.append((tag.rpartition("}")[2], []))
        self._is_opening = True

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if self._is_opening:
            self._tags[-1][1].append(text)

    def end(self, tag: str) -> None:
        """Take a closing tag."""
        self._depth -= 1
        self._is_opening = False

    def close(self) -> tuple[tuple[str, str], ...]:
        """Return what was read."""
        return tuple((name, "".join(parts).strip()) for name, parts in self._tags)
