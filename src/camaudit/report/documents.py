"""The documents appendix: in go cited instruments, out comes what each project document says of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from camaudit.report.summary import Cited


@dataclass(frozen=True, slots=True)
class Said:
    """One statement of a document, what is imprecise in it, and the instruments that it is about."""

    states: str
    correction: str
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """One project document with what it states of the instruments that a report cites."""

    id: str
    title: str
    rows: tuple[Said, ...]


def documents(cited: Iterable[Cited]) -> tuple[Document, ...]:
    """Return the documents that state something of a cited instrument, by their id."""
    titles: dict[str, str] = {}
    said: dict[str, dict[tuple[str, str], list[str]]] = {}
    for each in cited:
        for note in each.citation.documents:
            titles.setdefault(note.document, note.title)
            rows = said.setdefault(note.document, {})
            rows.setdefault((note.states, note.correction), []).append(each.citation.instrument)
    return tuple(
        Document(name, titles[name], tuple(Said(*texts, tuple(about)) for texts, about in said[name].items()))
        for name in sorted(said)
    )
