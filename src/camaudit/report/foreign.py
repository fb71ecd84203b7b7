"""What is still English on a page of another language: in go pieces of HTML with marks, out comes ``lang="en"``.

Inside a tag, and inside an element that holds text only (a title, an option, a script), the marks are taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from camaudit.language import BEGIN, END, ENGLISH, english, language
from camaudit.phrases import Phrases
from camaudit.report.safe import MAX_TEXT, visible
from camaudit.resources import data_folder
from camaudit.yamlio import load

_TEXT_ONLY = ("title", "desc", "text", "option", "style", "script")
_POINTS = re.compile(rf"<(?P<name>/?[a-zA-Z0-9]+)?|>|{BEGIN}|{END}")
_MARKS = re.compile(f"([{BEGIN}{END}])")


def with_languages(pieces: Iterable[str]) -> Iterator[str]:
    """Yield the pieces with each marked text in an element that says that it is English."""
    reader = _Reader()
    for piece in pieces:
        yield reader.read(piece)


class _Reader:
    """Knows from piece to piece whether it stands in a tag, in an element of text, and in a marked text."""

    def __init__(self) -> None:
        self._in_tag = False
        self._within = ""
        self._open = False

    def read(self, piece: str) -> str:
        """Return one piece, rewritten."""
        out: list[str] = []
        last = 0
        for point in _POINTS.finditer(piece):
            out.append(piece[last : point.start()])
            out.append(self._at(point))
            last = point.end()
        out.append(piece[last:])
        return "".join(out)

    def _at(self, point: re.Match[str]) -> str:
        text = point.group()
        if text in (BEGIN, END):
            return self._mark(text)
        if self._within and not (text.startswith("<") and point["name"] == f"/{self._within}"):
            # A script's own signs are none of ours; only its end counts.
            self._in_tag = self._in_tag and text != ">"
            return text
        if text == ">":
            self._in_tag = False
        else:
            self._in_tag = True
            name = (point["name"] or "").lower()
            self._within = name if name in _TEXT_ONLY else ""
        return text

    def _mark(self, text: str) -> str:
        if self._in_tag or self._within:
            return ""
        # A mark that a device wrote could stand alone: one opens only where none is open, and the other way round.
        if text == BEGIN and not self._open:
            self._open = True
            return '<span lang="en">'
        if text == END and self._open:
            self._open = False
            return "</span>"
        return ""


def shown_with_marks(text: str, limit: int = MAX_TEXT) -> str:
    """Make a text visible, but for the marks around what is still English; in English there are none."""
    if (BEGIN not in text and END not in text) or language() == ENGLISH:
        return visible(text, limit)
    return "".join(part if part in (BEGIN, END) else _edged(part, limit) for part in _MARKS.split(text))


def _edged(part: str, limit: int) -> str:
    """Make a part of a text visible and keep the white space at its ends."""
    shown = visible(part, limit)
    before = " " if part[:1].isspace() else ""
    after = " " if part[-1:].isspace() and shown else ""
    return f"{before}{shown}{after}"


def in_english(text: str) -> str:
    """Return a question, wrapped where the language that is spoken has no words for it yet."""
    return english(text) if text in _english_questions() else text


@cache
def _english_questions() -> frozenset[str]:
    said = load(data_folder("reports") / "phrases.yaml", Phrases)
    return frozenset(text for fact in said.facts.values() for text in (fact.question, fact.why))
