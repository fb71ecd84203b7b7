"""What an answer of ISAPI is by its form, whatever was asked: in go the request's path and the answer.

Camaudit asks few of these documents; captures and recorders' peers show many more. Names and namespaces are kept,
and the unit's own hardware address; documents hold users, plates and faces, so nothing else of them is.
"""

from __future__ import annotations

import json
import re

from camaudit.probes.markup import read_markup
from camaudit.probes.message import Message, realms
from camaudit.probes.page import is_html
from camaudit.probes.record import Fields

_READ = 16 * 1024
_MOST_NAMES = 8
_PATH = re.compile(r"/(ISAPI|PSIA|SDK|pramaAPI)/([A-Za-z]{2,32})(?:/([A-Za-z]{2,32}))?(?=[/?]|\Z)")
_PART = re.compile(r"--[^\n]{1,80}\n(?:[A-Za-z-]{2,40}:[^\n]{0,200}\n){0,8}\n?")
_NAME = re.compile(r"[A-Za-z]\w{1,40}\Z")
_HOST = re.compile(r"https?://([a-z0-9.-]{3,60})(?:[/:]|\Z)")


def answer_fields(path: str, message: Message) -> Fields:
    """Return ``isapi.answer`` (path, sort of document, its names, its namespace) and what tells the unit."""
    asked = _PATH.match(path)
    text = message.text(_READ).replace("\r", "").strip() if asked and not message.is_packed else ""
    part = _PART.match(text)
    if part:
        text = text[part.end() :].partition("\n--")[0].strip()
    if asked is None or not text or is_html(text):
        return {}
    place = "/" + "/".join(filter(None, asked.groups()))
    fields = _json(place, text) if text.startswith("{") else _xml(place, text)
    challenges = message.values("WWW-Authenticate") if message.status == 401 and fields else ()
    if challenges:
        fields |= {"isapi.auth": challenges, "isapi.realm": realms(challenges)}
    return fields


def _json(place: str, text: str) -> Fields:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    names = [name for name in document if _NAME.match(name)] if isinstance(document, dict) else []
    if not names:
        return {}
    own = document.get("macAddress")
    said = {"isapi.mac": (own,)} if isinstance(own, str) else {}
    return {"isapi.answer": (f"{place}: json {' '.join(names[:_MOST_NAMES])}",), **said}


def _xml(place: str, text: str) -> Fields:
    markup = read_markup(text.encode())
    if markup is None or _NAME.match(markup.root) is None:
        return {}
    said = next(iter(markup.namespaces), "")
    host = _HOST.match(said)
    space = host[1] if host else said[:60]
    return {
        "isapi.answer": (f"{place}: xml {markup.root} {space}".rstrip(),),
        "isapi.namespace": markup.namespaces,
        "isapi.mac": markup.values("macAddress")[:1],
    }
