"""A message as JSON (``camaudit/notice@1``): in goes ``News``, out comes the document that a webhook sends."""

from __future__ import annotations

import json
from typing import Any

from camaudit.changes.compare import WAIVED
from camaudit.report.safe import visible
from camaudit.report.summary import name_of
from camaudit.telling.news import MAX_CHANGES, Change, Kind, News, Occasion

SCHEMA = "camaudit/notice@1"
Json = dict[str, Any]
_MAX = 1000


def render(news: News) -> bytes:
    """Return the message in ASCII; the same news give the same bytes."""
    return json.dumps(document(news), separators=(",", ":")).encode("ascii")


def document(news: News) -> Json:
    """Return the message as a value that JSON knows."""
    return {
        "schema": SCHEMA,
        "id": news.id,
        "type": f"camaudit.{news.occasion}",
        "site": visible(news.site, _MAX),
        "run": {"id": news.run, "at": news.at.isoformat(timespec="seconds").replace("+00:00", "Z")},
        "since": news.since or None,
        "judged_as_of": news.judged_as_of.isoformat(),
        "tool_version": news.tool_version,
        "standing": dict(news.counts),
        "number": news.number,
        "changes": [_change(each, news) for each in news.changes[:MAX_CHANGES]],
    }


def _change(each: Change, news: News) -> Json:
    return {
        "id": each.id,
        "change": str(each.kind),
        "device": each.device or None,
        "address": each.address or None,
        "name": visible(each.label, _MAX) or None,
        "policy": each.policy or None,
        "policy_name": name_of(news.names or {}, each.policy) or None,
        "rule": each.rule or None,
        "title": visible(each.title, _MAX) or None,
        "before": _state(each.before),
        "after": _state(each.after),
        "severity": each.severity,
        "due": each.due.isoformat() if each.due else None,
        "why": visible(each.why, _MAX),
    }


def _state(state: str) -> Json | None:
    return {"state": state.removesuffix(WAIVED), "waived": state.endswith(WAIVED)} if state else None


def schema() -> Json:
    """Return the JSON Schema of the message."""
    text, maybe = {"type": "string"}, {"type": ["string", "null"]}
    state = {
        "type": ["object", "null"],
        "required": ["state", "waived"],
        "properties": {"state": text, "waived": {"type": "boolean"}},
        "additionalProperties": False,
    }
    change = {
        **dict.fromkeys(("device", "address", "name", "policy", "policy_name", "rule", "title"), maybe),
        "id": text,
        "change": {"enum": [str(kind) for kind in Kind]},
        "before": state,
        "after": state,
        "severity": {"enum": ["critical", "high", "medium", "low", "info"]},
        "due": {"type": ["string", "null"], "format": "date"},
        "why": text,
    }
    run = {"id": text, "at": {"type": "string", "format": "date-time"}}
    whole = {
        "schema": {"const": SCHEMA},
        "id": {"type": "string", "description": "The same whenever the same is sent again: take it once."},
        "type": {"enum": [f"camaudit.{occasion}" for occasion in Occasion]},
        "site": text,
        "run": _object(run),
        "since": {**maybe, "description": "The run that this is compared with."},
        "judged_as_of": {"type": "string", "format": "date"},
        "tool_version": text,
        "standing": {"type": "object", "additionalProperties": {"type": "integer"}},
        "number": {"type": "integer", "description": f"Changes in all; at most {MAX_CHANGES} are listed."},
        "changes": {"type": "array", "maxItems": MAX_CHANGES, "items": _object(change)},
    }
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A message about changes"}
    return {**head, **_object(whole)}


def _object(properties: Json) -> Json:
    # Readers must bear keys that are added later; a change of meaning gets another schema.
    return {"type": "object", "required": sorted(properties), "properties": properties}
