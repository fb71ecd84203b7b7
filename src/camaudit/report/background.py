"""The background appendix: in goes a ``Report`` that was asked to hold it, out come JSON and terminal text.

An allegation never stands without what is known of it and what the company answers. The page has a template of its
own, ``background.html.j2``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.text import Text

from camaudit.model import Allegation, Report
from camaudit.report.styles import safe
from camaudit.report.summary import name_of
from camaudit.report.words import words

Json = dict[str, Any]
_MAX_SENTENCE = 1200
UNDATED = "undated"


def background_json(allegations: Iterable[Allegation]) -> Json:
    """Return the appendix as values that JSON knows."""
    return {
        "note": words().background["note"],
        "allegations": [
            {
                "id": each.id,
                "topic": each.topic,
                "maker": each.maker,
                "alleged": each.states,
                "known": each.known,
                "reported": each.reported,
                "sources": list(each.sources),
                "document": {
                    "id": each.document,
                    "title": each.title,
                    "publisher": each.publisher,
                    "dated": each.dated,
                    "reliability": each.reliability,
                },
                "replies": [
                    {"says": r.states, "dated": r.dated, "sources": list(r.sources)} for r in each.replies
                ],
            }
            for each in allegations
        ],
    }


def background_schema() -> Json:
    """Return the JSON Schema of the appendix; a report that nobody asked for it has none."""
    text: Json = {"type": "string"}
    texts: Json = {"type": "array", "items": text}
    document = _object({name: text for name in ("id", "title", "publisher", "dated", "reliability")})
    reply = _object({"says": text, "dated": text, "sources": texts})
    named = {name: text for name in ("id", "topic", "maker", "alleged", "known", "reported")}
    replies = {"type": "array", "items": reply, "minItems": 1}
    one = _object({**named, "sources": texts, "document": document, "replies": replies})
    return _object({"note": text, "allegations": {"type": "array", "items": one}})


def _object(properties: Mapping[str, Json]) -> Json:
    return {"type": "object", "required": sorted(properties), "properties": dict(properties)}


def reported(each: Allegation) -> str:
    """Say since when it has been reported."""
    w = words().background
    return w["undated"] if each.reported == UNDATED else w["reported"].format(date=each.reported)


def stated(each: Allegation) -> str:
    """Say where it stands, and how far that can be trusted."""
    return (
        words()
        .background["stated"]
        .format(
            document=each.document,
            title=each.title,
            publisher=each.publisher,
            dated=each.dated,
            reliability=each.reliability.replace("_", " "),
        )
    )


def shown(report: Report) -> RenderableType:
    """Return the appendix for the terminal."""
    w = words().background
    parts: list[RenderableType] = [Text(f"\n{w['title']}", style="bold"), safe(w["note"], _MAX_SENTENCE)]
    for each in report.background or ():
        parts += [safe(line, _MAX_SENTENCE) for line in ("", *_lines(each, name_of(report.names, each.maker)))]
    return Group(*parts, *([] if report.background else [Text(w["none"])]))


def _lines(each: Allegation, maker: str) -> Iterator[str]:
    w = words().background
    yield f"{w['alleged'].format(maker=maker)} ({reported(each)}): {each.states}"
    yield f"  {w['known']}: {each.known}"
    for reply in each.replies:
        yield f"  {w['reply'].format(maker=maker)} ({w['dated'].format(date=reply.dated)}): {reply.states}"
    yield f"  {stated(each)}"
    for source in (*each.sources, *(s for reply in each.replies for s in reply.sources)):
        yield f"  {source}"
