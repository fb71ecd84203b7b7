"""The icon of a web interface: in goes a front page, out come hashes as ``http.favicon_*`` fields from one GET.

Rebadged units keep the maker's icon, and lists of hashes contradict each other: whatever matches may only support.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit

from camaudit.model import Observation, Outcome
from camaudit.net.wire import REPLY_LIMIT, Host, Stopped
from camaudit.probes.http import stays
from camaudit.probes.message import Message
from camaudit.probes.page import is_html
from camaudit.probes.paths import is_harmless
from camaudit.probes.record import Fields, Now, Record
from camaudit.probes.session import Session
from camaudit.probes.text import VALUE_LIMIT

USUAL = "/favicon.ico"

_LINK = re.compile(r"<link\b[^<>]{0,500}>", re.IGNORECASE)
_ICON = re.compile(r"\brel\s{0,9}=\s{0,9}['\"]?[a-z ]{0,20}\bicon\b", re.IGNORECASE)
_HREF = re.compile(r"\bhref\s{0,9}=\s{0,9}(?:\"([^\"<>]{1,500})\"|'([^'<>]{1,500})')", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,9}\Z")


async def icon(
    host: Host, port: int, *, tls: bool, now: Now, pages: Iterable[str] = ()
) -> tuple[Observation, ...]:
    """GET the icon that one of ``pages`` (the front page's text) names, else the usual one."""
    record = Record(host, port, "favicon", now)
    session = Session(host, port, tls=tls)
    path = next(filter(None, (linked(page, session) for page in pages)), USUAL)
    try:
        async with session:
            message = await session.get(path)
    except Stopped as stopped:
        return (record.stopped(stopped),)
    fields = icon_fields(message)
    if fields:
        return (record.answered(fields),)
    return (record.of(Outcome.REFUSED, {}, f"{message.status}: no icon"),)


def linked(page: str, session: Session) -> str:
    """Return the path of the icon that a page links on this very host and port; empty where there is none."""
    for tag in _LINK.findall(page):
        found = _HREF.search(tag) if _ICON.search(tag) else None
        if found is None:
            continue
        try:
            there = urlsplit(urljoin(f"{session.scheme}://{session.authority}/", found[1] or found[2]))
            at_home = stays(session, there)
        except ValueError:
            continue
        path = (there.path or "/") + (f"?{there.query}" if there.query else "")
        if at_home and is_harmless(path):
            return path
    return ""


def icon_fields(message: Message) -> Fields:
    """Return MD5 and the MurmurHash3 that search engines use; nothing where no whole image came."""
    data = message.body
    stated = _LENGTH.match(message.first("Content-Length"))
    is_cut = len(data) != int(stated[0]) if stated else len(data) >= REPLY_LIMIT // 2
    if message.status != 200 or message.is_packed or not data or is_cut or is_html(message.text(VALUE_LIMIT)):
        return {}
    # Read on first use: no scan should wait for it before its first packet.
    import mmh3

    return {
        "http.favicon_md5": (hashlib.md5(data, usedforsecurity=False).hexdigest(),),
        "http.favicon_mmh3": (str(mmh3.hash(base64.encodebytes(data))),),
    }
