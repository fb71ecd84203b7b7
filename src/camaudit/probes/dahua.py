"""Dahua's CGI before a login: in goes a web port, out come ``dahua.*`` fields from one GET."""

from __future__ import annotations

import re

from camaudit.model import Observation, Outcome
from camaudit.net.wire import Host, Stopped
from camaudit.probes.dahua_answers import answer_fields, form_of
from camaudit.probes.message import Message, realms
from camaudit.probes.page import is_html
from camaudit.probes.record import Fields, Now, Record
from camaudit.probes.session import Session

SYSTEM_INFO = "/cgi-bin/magicBox.cgi?action=getSystemInfo"

_BODY_LIMIT = 2 * 1024
_REFUSALS = tuple(
    f"Error {words}"
    for words in ("Bad Request!", "Not Implemented!", "Invalid Authority!", "User Locked!", "ErrorID")
)
_SETTINGS = re.compile(r"(?im)^(?:deviceType|serialNumber|processor|updateSerial|hardwareVersion)=")


async def edges(host: Host, port: int, *, tls: bool, now: Now) -> tuple[Observation, ...]:
    """Ask for the system information without a login; its challenge is what tells a Dahua."""
    record = Record(host, port, "dahua", now)
    try:
        async with Session(host, port, tls=tls) as session:
            message = await session.get(SYSTEM_INFO)
    except Stopped as stopped:
        return (record.stopped(stopped),)
    outcome, note = verdict(message)
    return (record.of(outcome, info_fields(message), note),)


def info_fields(message: Message, target: str = SYSTEM_INFO) -> Fields:
    """Return the ``dahua.*`` fields of the answer to ``target``, a request to ``magicBox.cgi``."""
    challenges = message.values("WWW-Authenticate")
    return {
        "dahua.status": (str(message.status),),
        "dahua.realm": realms(challenges),
        "dahua.auth": challenges,
        "dahua.body": (message.text(_BODY_LIMIT),),
        **answer_fields(target, message),
    }


def verdict(message: Message) -> tuple[Outcome, str]:
    text = message.text(_BODY_LIMIT)
    if message.status == 401 or (message.status == 200 and _SETTINGS.search(text) and not is_html(text)):
        return Outcome.ANSWERED, ""
    if form_of(text.replace("\r", "").strip()) in _REFUSALS:
        return Outcome.ANSWERED, "it refuses in the words of Dahua's interface"
    if message.status == 200:
        return Outcome.MALFORMED, "some page came where Dahua's system information was asked"
    return Outcome.REFUSED, f"{message.status}: no Dahua CGI"
