"""RTSP before a login: in goes a port, out come ``rtsp.*`` fields from OPTIONS and DESCRIBE of the root.

A 200 to DESCRIBE says nothing of the path: rtsp-rs gives it for any, GStreamer gives 404 before 401.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from camaudit.model import Observation
from camaudit.net.wire import Host, Stopped
from camaudit.probes.message import Message, realms
from camaudit.probes.record import Fields, Now, Record, joined
from camaudit.probes.session import AGENT, Session
from camaudit.probes.text import VALUE_LIMIT

_PATH_LIMIT = 200
_CONTROL = re.compile(r"(?im)^a=control:(rtsp://[^\s]{1,400})")
_LOGIN = re.compile(r"(?i)(user|usr|pass|pwd|auth|token|key|login)[a-z]{0,12}[=:]")
_TOLD_APART = re.compile(r"(?i)(?:www-authenticate|content-base|content-location|location|session|set-cookie)\s*:")
"""Headers that stand in fields of their own, or hold what is somebody's alone."""

_CHANNEL = re.compile(r"(?i)((?:channel|stream|subtype)=\d{1,3}(?:\.sdp)?)")


async def stream(host: Host, port: int, now: Now) -> tuple[Observation, ...]:
    """Ask what the server can and what it says of its root stream, on one connection where it stays open."""
    record = Record(host, port, "rtsp", now)
    try:
        async with Session(host, port, protocol="RTSP") as session:
            options = await session.ask(request("OPTIONS", session.authority, 1))
            fields, note = options_fields(options), ""
            try:
                described = await session.ask(request("DESCRIBE", session.authority, 2))
                fields = joined(fields, describe_fields(described))
                note = _elsewhere(described, session)
            except Stopped as stopped:
                note = f"DESCRIBE: {stopped.note}"
    except Stopped as stopped:
        return (record.stopped(stopped),)
    return (record.answered(fields, note),)


def request(method: str, authority: str, sequence: int) -> bytes:
    """Return an OPTIONS or DESCRIBE request for the root of ``authority`` (address:port)."""
    accept = "Accept: application/sdp\r\n" if method == "DESCRIBE" else ""
    return (
        f"{method} rtsp://{authority}/ RTSP/1.0\r\nCSeq: {sequence}\r\n{accept}User-Agent: {AGENT}\r\n\r\n"
    ).encode("ascii")


def options_fields(message: Message) -> Fields:
    """Return what OPTIONS gave away; some servers ask for a login here already."""
    challenges = message.values("WWW-Authenticate")
    return {
        "rtsp.realm": realms(challenges),
        "rtsp.auth": challenges,
        "rtsp.server": message.values("Server"),
        # One server writes "OPTIONS:" where "Public:" belongs.
        "rtsp.public": message.values("Public") or message.values("OPTIONS"),
        "rtsp.headers": ("\n".join(message.lines),),
    }


def describe_fields(message: Message) -> Fields:
    """Return what DESCRIBE gave away."""
    challenges = message.values("WWW-Authenticate")
    text = message.text(VALUE_LIMIT)
    is_sdp = "sdp" in message.first("Content-Type").lower() or text.lstrip().startswith("v=")
    return {
        "rtsp.server": message.values("Server"),
        "rtsp.status": (str(message.status),),
        "rtsp.realm": realms(challenges),
        "rtsp.auth": challenges,
        "rtsp.sdp": (text,) if message.status == 200 and is_sdp else (),
        "rtsp.described": ("\n".join(line for line in message.lines if _TOLD_APART.match(line) is None),),
        "rtsp.path": tuple(_paths(message, text if is_sdp else "")),
    }


def _paths(message: Message, sdp: str) -> Iterator[str]:
    """Yield where the unit itself says its stream is; the root, which was asked for, says nothing."""
    told = (message.first(name) for name in ("Content-Base", "Content-Location"))
    for place in (*told, *_CONTROL.findall(sdp)[:1]):
        # Not by urlsplit: some units write addresses that are none, and what is wanted is behind them.
        path = re.sub(r"^rtsps?://[^/?]*", "", place.strip())
        if len(path.strip("/")) > 0:
            yield _without_login(path[:_PATH_LIMIT])


def _without_login(path: str) -> str:
    """Keep only the names of what a path holds where it holds a login: some firmware writes the password there."""
    names = [f"{name.lower()}=x" for name in _LOGIN.findall(path)]
    if not names:
        return path
    place = path.partition("?")[0]
    return ("/" if _LOGIN.search(place) else f"{place}?") + "&".join((*names, *_CHANNEL.findall(path)))


def _elsewhere(message: Message, session: Session) -> str:
    """Return a note where the answer names another place; such places are never followed."""
    for name in ("Location", "Content-Base"):
        try:
            there = urlsplit(message.first(name))
            if there.hostname and (there.hostname, there.port or 554) != (session.address, session.port):
                return f"{name} names another place, which was not asked"
        except ValueError:
            return f"{name} is not an address"
    return ""
