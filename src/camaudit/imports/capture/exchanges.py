"""One request and its answer, overheard: which probe's reader it goes to, and what of it may be kept.

In go what a client asked and a device answered, out come the fields that a scan would have stored. A request that
carried a login shows what a scan without one never sees: nothing that says "open to anybody" is taken from its
answer, and no session, cookie or token of anybody is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from camaudit.model import Outcome
from camaudit.probes import dahua, http, isapi, isapi_answers, lapi, onvif, rtsp, upnp
from camaudit.probes.dahua_answers import answer_fields, plain_target
from camaudit.probes.message import Message
from camaudit.probes.record import Fields
from camaudit.probes.text import VALUE_LIMIT

METHODS = (b"GET ", b"POST", b"HEAD", b"PUT ", b"OPTI", b"DESC", b"SETU", b"PLAY", b"TEAR", b"GET_", b"SET_")
"""The first four bytes of requests; PUT is named so that its answer is not taken for another's."""

_REQUEST = re.compile(rb"([A-Z_]{3,16}) (\S{1,2048}) (?:HTTP|RTSP)/\d\.\d\r?\n")
_LOGIN_HEADER = re.compile(rb"(?im)^(?:authorization|cookie|x-(?=[\w-]*(?:auth|token|session))[\w-]+)[ \t]*:")
_LOGIN_QUERY = re.compile(
    rb"(?i)[?&;](?:auth|user|usr|username|loginuse|pass|password|pwd|loginpas|token|session\w*)="
)
_LOGIN_BODY = re.compile(rb"(?i)<(?:[\w-]{1,32}:)?(?:usernametoken|security)\b")
_OPERATION = re.compile(rb"<(?:[\w.-]{1,32}:)?Body\b[^<>]{0,400}>\s{0,80}<(?:[\w.-]{1,32}:)?(\w{1,64})")
_LENGTH = re.compile(rb"(?im)^content-length[ \t]*:[ \t]*(\d{1,7})[ \t]*\r?$")
_COOKIE = re.compile(r"(?i)(set-cookie2?\s{0,9}:\s{0,9}[^=;]{0,100}).*")
_OPERATIONS = frozenset({onvif.FIRST, *onvif.WHOLE})
_WITHOUT_LOGIN_ONLY = frozenset(
    {"http.status", "http.body", "http.location", "isapi.status", "isapi.body", "isapi.login_page", "dahua.status",
     "dahua.body", "rtsp.status", "rtsp.sdp", "rtsp.path", "rtsp.described", "onvif.answered", "onvif.scope"}
)  # fmt: skip
"""Fields that say what anybody may see: an answer to somebody who logged in says nothing of that."""

_MOVED = frozenset({301, 302, 303, 307, 308})
_OF_THE_WAY = ("http.server", "http.location")
"""What is kept of a page that leads to another, as in a scan."""

_INFORMING = frozenset({
    "/GetDeviceInfo", "/GetDeviceDetail", "/NetSDK/System/deviceInfo", "/cgi-bin/gw.cgi", "/bha-api/info.cgi",
    "/stw-cgi/system.cgi", "/command/inquiry.cgi", "/cgi-bin/getinfo", "/-wvhttp-01-/info.cgi", "/common/info.cgi",
    "/api/system/info", "/rcp.xml", "/get_status.cgi", "/cgi-bin/cmd/system", "/cgi-bin/operator/operator.cgi",
})  # fmt: skip
"""Where interfaces of other makers describe the unit; anybody's login is no part of these answers."""

_OF_INFORMATION = frozenset({"http.server", "http.realm", "http.auth", "http.body"})

Told = tuple[str, str, Fields]
"""Probe, topic (answers of one topic are alike and few of them are kept), fields."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the method, the path without its query, the SOAP operation, whether a login came with it."""

    method: str
    path: str
    operation: str = ""
    login: bool = False


def read_request(data: bytes) -> tuple[Request | None, int]:
    """Return the first request of a client's bytes and where it ends; ``(None, 0)`` where it is not whole yet."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None, 0
    head = data[: end + 2]
    length = _LENGTH.search(head)
    stop = end + 4 + (int(length[1]) if length else 0)
    body = data[end + 4 : stop]
    start = _REQUEST.match(head)
    if start is None or len(data) < stop:
        return None, 0
    target = start[2]
    login = bool(_LOGIN_HEADER.search(head) or _LOGIN_QUERY.search(target) or _LOGIN_BODY.search(body))
    operation = _OPERATION.search(body) if start[1] == b"POST" else None
    # A query may hold a login or a session, so nothing of it is kept but what a reader knows by name.
    whole = target.decode("ascii", "replace")
    path = plain_target(whole) or whole.partition("?")[0]
    named = operation[1].decode("ascii", "replace") if operation else ""
    return Request(start[1].decode("ascii"), path, named, login), stop


def onward(request: Request | None, message: Message) -> str:
    """Return the path to which the front page sends a browser at the same server; empty where it does not."""
    location = message.first("Location")
    if request is None or request.method != "GET" or message.status not in _MOVED or not location:
        return ""
    # Another host or scheme is another page; where the page itself is, its own request will show.
    path = location.partition("?")[0].partition("#")[0]
    return path if path.startswith("/") and not path.startswith("//") else ""


def told_by(request: Request | None, message: Message, front: Collection[str] = ("/",)) -> Iterator[Told]:
    """Yield what an answer says; without its request (half a capture) only what names the server.

    ``front`` are the paths of the front page: the root, and where it was seen to lead.
    """
    asked = request or Request("", "")
    if asked.path in front and asked.method == "GET":
        asked = replace(asked, path="/")
    for probe, topic, fields in _read(asked, without_cookies(message)):
        # A challenge says the same to everybody.
        shut = message.status in (401, 403)
        kept = {n: v for n, v in fields.items() if shut or not asked.login or n not in _WITHOUT_LOGIN_ONLY}
        if any(any(values) for values in kept.values()):
            yield probe, topic, kept


def _read(asked: Request, message: Message) -> Iterator[Told]:
    if message.protocol == "RTSP":
        yield _rtsp(asked, message)
    elif asked.operation:
        # A web server that asks for a login whatever it is asked is no ONVIF service by that.
        if asked.operation in _OPERATIONS and onvif.read_answer(message) is not None:
            fields = onvif.answer_fields(asked.operation, message)
            yield "onvif", asked.operation, fields
    elif asked.method in ("GET", "HEAD"):
        yield from _page(asked, message)
    else:
        yield "http", "server", _server(message)


def _rtsp(asked: Request, message: Message) -> Told:
    if asked.method == "OPTIONS":
        return "rtsp", "OPTIONS", rtsp.options_fields(message)
    if asked.method == "DESCRIBE":
        return "rtsp", f"DESCRIBE {message.status}", rtsp.describe_fields(message)
    challenges = {"rtsp.auth": message.values("WWW-Authenticate"), "rtsp.server": message.values("Server")}
    return "rtsp", "server", challenges


def _page(asked: Request, message: Message) -> Iterator[Told]:
    path = asked.path
    if path in (isapi.DEVICE_INFO, isapi.RENAMED_DEVICE_INFO):
        info = isapi.info_fields(message, path.split("/")[1])
        if isapi.verdict(message, info)[0] is Outcome.ANSWERED:
            yield "isapi", f"info {message.status}", info
        else:
            yield "http", "server", _server(message)
    elif path == isapi.ACTIVATE_STATUS:
        yield "isapi", "activation", isapi.activation_fields(message)
    elif path == isapi.LOGIN_PAGE and message.status == 200:
        yield "isapi", "login page", isapi.login_page_fields(message)
    elif path == isapi.WEB_CONFIG and message.status == 200:
        yield "isapi", "web version", {"isapi.web_version": (isapi.web_version(message.text(VALUE_LIMIT)),)}
    elif path == dahua.SYSTEM_INFO:
        if dahua.verdict(message)[0] is Outcome.ANSWERED:
            yield "dahua", f"info {message.status}", dahua.info_fields(message)
    elif path == "/" and message.status in _MOVED:
        yield "http", "moved", {n: v for n, v in http.page_fields(message).items() if n in _OF_THE_WAY}
    elif path == "/":
        yield "http", f"page {message.status}", http.page_fields(message)
    elif plain_target(path):
        yield "dahua", path.partition("&")[0], answer_fields(path, message)
        yield "http", "server", _server(message)
    elif told := isapi_answers.answer_fields(path, message):
        yield "isapi", told["isapi.answer"][0], told
        yield "http", "server", _server(message)
    else:
        yield from _of_others(path, message)


def _of_others(path: str, message: Message) -> Iterator[Told]:
    if path.startswith("/LAPI/"):
        told = lapi.info_fields(message)
        yield "lapi", f"info {message.status}", told if "lapi.url" in told else {}
    elif path in _INFORMING:
        page = http.page_fields(message)
        yield "http", f"info {message.status}", {n: v for n, v in page.items() if n in _OF_INFORMATION}
    else:
        described = upnp.description_fields(message)
        if described is not None:
            yield "upnp", "description", described
    yield "http", "server", _server(message)


def _server(message: Message) -> Fields:
    challenges = message.values("WWW-Authenticate")
    whole = http.page_fields(message)
    return (
        {name: whole[name] for name in ("http.server", "http.realm", "http.auth")}
        if challenges
        else {"http.server": message.values("Server")}
    )


def without_cookies(message: Message) -> Message:
    """Return a message whose cookies have names and no values: they are somebody's session."""
    if not message.values("Set-Cookie") and not message.values("Set-Cookie2"):
        return message
    lines = tuple(_COOKIE.sub(r"\1=", line) for line in message.lines)
    headers = {name: values for name, values in message.headers.items() if not name.startswith("set-cookie")}
    return replace(message, lines=lines, headers=headers)
