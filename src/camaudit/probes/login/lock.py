"""Whether an answer says that logins are locked, or nearly: an answer in, a sentence or nothing out."""

from __future__ import annotations

import re

from camaudit.probes.markup import read_markup
from camaudit.probes.message import Message

FEWEST_TRIES = 3
"""With fewer tries left than this none of ours is sent: the last ones belong to the people who run the device."""

_TEXT_LIMIT = 2048
# Dahua's CGI says it in words or with the number that its own client knows for a locked account.
_SAID = re.compile(r"(?i)\b(?:account|user|ip|login)[ _-]{0,2}(?:is[ _-])?(?:locked|blocked)\b|\b268632081\b")


def lock_of(message: Message) -> str:
    """Return what an answer says of a lock; empty where it says nothing of the kind."""
    if message.status == 200:
        return ""
    markup = None if message.is_packed else read_markup(message.body)
    if markup is not None and markup.root.lower() in ("usercheck", "responsestatus"):
        return _of_user_check(
            markup.first("lockStatus"), markup.first("unlockTime"), markup.first("retryLoginTime")
        )
    if message.status in (401, 403) and _SAID.search(message.text(_TEXT_LIMIT)):
        return "its logins are locked"
    return ""


def _of_user_check(status: str, unlock_s: str, tries: str) -> str:
    """Read Hikvision's ``userCheck``: lockStatus, unlockTime in seconds, retryLoginTime as tries that are left."""
    if status.lower() == "lock":
        return "its logins are locked" + (f" for {unlock_s} s more" if _is_number(unlock_s) else "")
    if _is_number(tries) and int(tries) < FEWEST_TRIES:
        return f"its logins would lock after {int(tries)} more wrong ones"
    return ""


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 6
