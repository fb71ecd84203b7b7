"""Hikvision's web interface before a login: in goes a web port, out come ``isapi.*`` fields.

At most six GETs on one connection. deviceInfo is asked first and once, since some firmware counts it as a failed
login; what follows is asked only where an answer before it gave reason to.
"""

from __future__ import annotations

import re

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes.isapi_answers import answer_fields
from camaudit.probes.markup import Markup, read_markup
from camaudit.probes.message import Message, realms
from camaudit.probes.page import is_html, title
from camaudit.probes.record import Fields, Now, Record, joined
from camaudit.probes.session import Session
from camaudit.probes.text import VALUE_LIMIT

DEVICE_INFO = "/ISAPI/System/deviceInfo"
ACTIVATE_STATUS = "/SDK/activateStatus"
LOGIN_PAGE = "/doc/page/login.asp"
WEB_CONFIG = "/doc/script/lib/seajs/config/sea-config.js"
RENAMED_DEVICE_INFO = "/pramaAPI/System/deviceInfo"

_BODY_LIMIT = 4 * 1024
_ROOTS = ("deviceinfo", "usercheck", "responsestatus", "activatestatus")
_REFUSAL = re.compile(r": json (?:requestURL )?statusCode statusString subStatusCode\b")
_WEB_VERSION = re.compile(r"web_version[\"']?\s{0,9}[=:]\s{0,9}[\"']([^\"'<>\s]{1,60})[\"']")


async def edges(host: Host, port: int, *, tls: bool, now: Now, told: bool = False) -> tuple[Observation, ...]:
    """Ask the edges of ISAPI that answer without a login.

    ``told`` says that the unit's own discovery has named it already: one request then is enough.
    """
    record = Record(host, port, "isapi", now)
    try:
        async with Session(host, port, tls=tls) as session:
            return (await (_confirm if told else _ask)(session, record),)
    except Stopped as stopped:
        return (record.stopped(stopped),)


async def _confirm(session: Session, record: Record) -> Observation:
    info = await session.get(DEVICE_INFO)
    fields = info_fields(info, "ISAPI")
    if info.status == 404:
        fields = await _renamed(session, fields)
    outcome, note = verdict(info, fields)
    return record.of(outcome, fields, note)


async def _ask(session: Session, record: Record) -> Observation:
    info = await session.get(DEVICE_INFO)
    activation = await session.get_or_none(ACTIVATE_STATUS)
    fields = joined(info_fields(info, "ISAPI"), activation_fields(activation))
    heard = [message for message in (info, activation) if message is not None]
    if info.status == 401 or _speaks(fields):
        pages, heard_more = await _login_page(session)
        fields, heard = joined(fields, pages), heard + heard_more
    if info.status == 404 and (_speaks(fields) or any(b"/pramaAPI" in message.body for message in heard)):
        fields = await _renamed(session, fields)
    outcome, note = verdict(info, fields)
    return record.of(outcome, fields, note)


async def _renamed(session: Session, fields: Fields) -> Fields:
    """Ask by the name that Prama's builds give the API: all else of Hikvision's server is there, ISAPI is not."""
    renamed = await session.get_or_none(RENAMED_DEVICE_INFO)
    if renamed is None or renamed.status == 404:
        return fields
    # A refusal without a document tells the name as well: under the usual one nothing was found.
    told: Fields = {"isapi.prefix": ("pramaAPI",)} if renamed.status == 401 else {}
    return joined({**fields, "isapi.status": ()}, info_fields(renamed, "pramaAPI") | told)


def info_fields(message: Message, prefix: str) -> Fields:
    """Return what an answer to deviceInfo says, open or refused; ``prefix`` is the first part of its path."""
    challenges = message.values("WWW-Authenticate")
    # The server's name is the web server's, whatever it was asked: one channel with that of the front page.
    fields: Fields = {"isapi.status": (str(message.status),), "http.server": message.values("Server")}
    if message.status == 401:
        fields |= {"isapi.auth": challenges, "isapi.realm": realms(challenges)}
    markup = _markup(message)
    if markup is None:
        return answer_fields(f"/{prefix}/System/deviceInfo", message) | fields
    firmware = " ".join(filter(None, (markup.first("firmwareVersion"), markup.first("firmwareReleasedDate"))))
    fields |= {
        "isapi.root": (markup.root,),
        "isapi.namespace": markup.namespaces,
        "isapi.body": (message.text(_BODY_LIMIT),),
        "isapi.lock_status": markup.values("lockStatus"),
        "isapi.prefix": (prefix,),
    }
    if markup.root.lower() == "deviceinfo":
        fields |= {
            "isapi.manufacturer": markup.values("manufacturer"),
            "isapi.model": markup.values("model"),
            "isapi.firmware": (firmware,),
            "isapi.serial": markup.values("serialNumber"),
            "isapi.device_type": markup.values("deviceType"),
        }
    return fields


def activation_fields(message: Message | None) -> Fields:
    """Return what ``/SDK/activateStatus`` says; nothing where the answer is not that document."""
    markup = _markup(message) if message is not None and message.status == 200 else None
    if markup is None or markup.root.lower() != "activatestatus":
        return {}
    return {
        "isapi.activated": markup.values("Activated"),
        "isapi.activate_namespace": markup.namespaces,
        "isapi.root": (markup.root,),
    }


def web_version(script: str) -> str:
    """Return the version that sea-config.js gives the web interface, such as ``V4.0.1build171121``."""
    found = _WEB_VERSION.search(script)
    return found[1] if found else ""


def login_page_fields(message: Message) -> Fields:
    """Return what the page at ``LOGIN_PAGE`` says; its title names the label where the front page has none.

    A page that says that there is none (404 and the like) is no sign of anybody.
    """
    if message.status >= 400:
        return {}
    text = message.text(VALUE_LIMIT)
    return {"isapi.login_page": (text,), "http.title": (title(text),)}


async def _login_page(session: Session) -> tuple[Fields, list[Message]]:
    page = await session.get_or_none(LOGIN_PAGE)
    text = page.text(VALUE_LIMIT) if page is not None and page.status == 200 else ""
    if page is None or not text:
        return {}, []
    front = await session.get_or_none("/")
    if front is not None and front.text(VALUE_LIMIT) == text:
        # A server that gives its one page for every path has no login page of its own here.
        return {}, [page]
    config = await session.get_or_none(WEB_CONFIG)
    script = config.text(VALUE_LIMIT) if config is not None and config.status == 200 else ""
    return login_page_fields(page) | {"isapi.web_version": (web_version(script),)}, [page]


def _markup(message: Message) -> Markup | None:
    if message.is_packed or is_html(message.text(VALUE_LIMIT)):
        return None
    markup = read_markup(message.body)
    return markup if markup is not None and markup.root.lower() in _ROOTS else None


def _speaks(fields: Fields) -> bool:
    return "isapi.root" in fields


def verdict(info: Message, fields: Fields) -> tuple[Outcome, str]:
    if _speaks(fields):
        return Outcome.ANSWERED, ""
    if any(map(_REFUSAL.search, fields.get("isapi.answer", ()))):
        return Outcome.ANSWERED, "it refuses in the words of ISAPI"
    if info.status == 401:
        return Outcome.ANSWERED, "a 401 without an ISAPI body, as any server behind a login gives"
    if info.status == 404:
        return Outcome.REFUSED, "404: no ISAPI"
    if info.status == 200:
        return Outcome.MALFORMED, "some page came where ISAPI was asked"
    return Outcome.REFUSED, f"{info.status}: no ISAPI"
