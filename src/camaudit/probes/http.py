"""The front page of a web server: in goes a port, out come ``http.*`` and, over TLS, ``tls.*`` fields."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes.certificate import certificate_fields
from camaudit.probes.message import Message, Spoken, complete, looks_like, realms
from camaudit.probes.page import sent_on_to, title
from camaudit.probes.paths import is_harmless
from camaudit.probes.record import Fields, Now, Record, joined
from camaudit.probes.session import KEPT, Session
from camaudit.probes.text import VALUE_LIMIT

__all__ = ["Now", "Session", "Spoken", "complete", "front_page", "looks_like", "page_fields"]

REDIRECTS = 2
"""Redirects that are followed, and only on the same address, port and scheme."""


async def front_page(host: Host, port: int, *, tls: bool, now: Now) -> tuple[Observation, ...]:
    """GET the front page without a login; over TLS a second observation, ``tls``, comes with it.

    Where something came that is of no protocol known here, how it began is one more, ``sdk``.
    """
    record = Record(host, port, "http", now)
    session = Session(host, port, tls=tls)
    unknown: tuple[Observation, ...] = ()
    try:
        async with session:
            page = record.answered(*await _follow(session))
    except Stopped as stopped:
        page = record.stopped(stopped)
        if len(stopped.came) == KEPT and looks_like(stopped.came) == "unknown":
            # A maker's own protocol may be told by how it answers whoever does not speak it.
            unknown = (Record(host, port, "sdk", now).answered({"sdk.reply": (stopped.came.hex(),)}),)
    return (page, *([_certificate(session, Record(host, port, "tls", now), page)] if tls else []), *unknown)


def page_fields(message: Message) -> Fields:
    """Return the ``http.*`` fields of one answer."""
    text = message.text(VALUE_LIMIT)
    challenges = message.values("WWW-Authenticate")
    return {
        "http.status": (str(message.status),),
        "http.server": message.values("Server"),
        "http.realm": realms(challenges),
        "http.auth": challenges,
        "http.title": (title(text),),
        "http.body": (text,),
        "http.location": message.values("Location") + sent_on_to(text),
        "http.headers": ("\n".join(message.lines),),
    }


async def _follow(session: Session) -> tuple[Fields, str]:
    path: str | None = "/"
    pages: list[Message] = []
    note = ""
    while path is not None and len(pages) <= REDIRECTS:
        try:
            pages.append(await session.get(path))
        except Stopped as stopped:
            if not pages:
                raise
            note = f"a redirect was followed and gave nothing: {stopped.note}"
            break
        path = _next_path(session, path, pages[-1])
    last = pages[-1]
    if last.is_packed:
        note = "the page came compressed although that was not asked for; it was left unread"
    # Only what names the server is kept of the pages passed through; the rest is the last page's.
    passed = [
        {name: values for name, values in page_fields(page).items() if name in ("http.server", "http.location")}
        for page in pages[:-1]
    ]
    return joined(page_fields(last), *passed), note


def _next_path(session: Session, path: str, message: Message) -> str | None:
    """Return the path of a redirect that stays on this address, port and scheme."""
    location = message.first("Location")
    if message.status not in (301, 302, 303, 307, 308) or not location:
        return None
    try:
        there = urlsplit(urljoin(f"{session.scheme}://{session.authority}{path}", location))
        at_home = stays(session, there)
    except ValueError:
        return None
    target = (there.path or "/") + (f"?{there.query}" if there.query else "")
    wanted = at_home and target != path and is_harmless(target)
    return target if wanted else None


def stays(session: Session, there: SplitResult) -> bool:
    """Return whether an address is at the session's own host, port and scheme, without a login in it."""
    default_port = 443 if there.scheme == "https" else 80
    return (
        there.scheme == session.scheme
        and there.hostname == session.address.lower()
        and (there.port or default_port) == session.port
        and there.username is None
    )


def _certificate(session: Session, record: Record, page: Observation) -> Observation:
    if session.tls_seen is None:
        outcome = page.outcome if page.outcome is not Outcome.ANSWERED else Outcome.SILENT
        return record.of(outcome, {}, page.note)
    return record.answered(*certificate_fields(session.tls_seen))
