"""What is wrong with a file of receivers beside its form: in goes the form, out come problems by place."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from camaudit.model import Secret
from camaudit.telling.receivers import is_loopback

if TYPE_CHECKING:
    from camaudit.telling.form import NotifyFile

Where = tuple[str | int, ...]
Problem = tuple[Where, str]

LEAST_KEY = 24
"""Bytes of a webhook's key: what the specification of Standard Webhooks asks at least."""
_PREFIX = "whsec_"
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MOST_NAME = 60
_HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?|\[?[0-9A-Fa-f:.]+(?:%[\w.-]+)?\]?")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")
_PROXY = re.compile(r"http://[A-Za-z0-9_.-]+:\d{1,5}/?")
_MOST_TO = 50


def problems(form: NotifyFile) -> Iterator[Problem]:
    """Yield every problem."""
    seen: set[str] = set()
    for where, each in form.entries():
        if not _NAME.fullmatch(each.name) or len(each.name) > _MOST_NAME:
            yield (*where, "name"), f"write small letters, digits and hyphens, at most {_MOST_NAME}"
        elif each.name in seen:
            yield (*where, "name"), "given twice; give each receiver its own, it is remembered by it"
        seen.add(each.name)
        yield from _server(where, each)
        match where[0]:
            case "webhooks":
                yield from _webhook(where, each)
            case "mail":
                yield from _mail(where, each)
            case "logs" | "metrics":
                yield from _file(where, each)
    if not seen:
        yield (), "names no receiver; add one, or leave --notify out"


def _file(where: Where, each: Any) -> Iterator[Problem]:
    if not each.file.strip():
        yield (*where, "file"), "must not be empty"
    elif where[0] == "metrics" and not each.file.endswith(".prom"):
        yield (*where, "file"), "must end in .prom, or the collector does not read it"


def _server(where: Where, each: Any) -> Iterator[Problem]:
    server = getattr(each, "server", None)
    if server is not None and not _HOST.fullmatch(server):
        yield (*where, "server"), "is no host name or address; write smtp.example.org, without a port"
    port = getattr(each, "port", None)
    if port is not None and not 1 <= port <= 65535:
        yield (*where, "port"), "is no port; write 1 to 65535"


def _webhook(where: Where, each: Any) -> Iterator[Problem]:
    yield from _one_secret(where, each.secret_env, each.secret_file, "secret_env or secret_file")
    wrong = url_problem(each.url)
    if wrong:
        yield (*where, "url"), wrong
    if each.proxy is not None and not _PROXY.fullmatch(each.proxy):
        yield (*where, "proxy"), "is no proxy that can be used here; write http://proxy.example.org:3128"
    if each.proxy is not None and not each.url.startswith("https:"):
        yield (*where, "proxy"), "goes with https:// only: a proxy must not read what is sent"


def url_problem(url: str) -> str:
    """Return what is wrong with the address of a webhook, nothing where it may be used; quotes none of it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "is no web address; write https://hooks.example.org/camaudit"
    if not url.isascii() or not url.isprintable() or " " in url or not _HOST.fullmatch(host) or port == 0:
        return "is no web address; write https://hooks.example.org/camaudit"
    if parts.username is not None or parts.password is not None:
        return "holds a name or a password; take it out, messages are signed instead"
    if parts.fragment:
        return "has a part after #, which is never sent; take it out"
    if parts.scheme == "http" and not is_loopback(host):
        return "must begin with https://; http:// is for this machine only (127.0.0.1, ::1, localhost)"
    return "" if parts.scheme in ("http", "https") else "must begin with https://"


def _mail(where: Where, each: Any) -> Iterator[Problem]:
    for key, addresses in (("sender", (each.sender,)), ("to", each.to)):
        if not all(_MAIL.fullmatch(address) for address in addresses):
            yield (*where, key), "holds something that is no mail address; write it@example.org"
    if not 1 <= len(each.to) <= _MOST_TO:
        yield (*where, "to"), f"names {len(each.to)} addresses; write 1 to {_MOST_TO}"
    if each.security == "none" and not is_loopback(each.server):
        yield (
            (*where, "security"),
            "none is for a server on this machine only; write starttls or tls",
        )
    given = each.password_env is not None or each.password_file is not None
    if each.username is not None:
        yield from _one_secret(where, each.password_env, each.password_file, "password_env or password_file")
        if each.security == "none":
            yield (
                (*where, "username"),
                "a password is not sent without encryption; write security: starttls or tls",
            )
    elif given:
        yield where, "names a password but no username; add it, or take the password out"


def _one_secret(where: Where, variable: str | None, file: str | None, names: str) -> Iterator[Problem]:
    if (variable is None) == (file is None):
        yield where, f"give one of {names}"


def webhook_key(text: str) -> Secret:
    """Return the key that a secret stands for: what follows ``whsec_`` in base64, else the text's own bytes.

    The key is kept in Latin-1, a byte a character. Raises ``ValueError`` where it is none or is too short.
    """
    raw = text.encode()
    if text.startswith(_PREFIX):
        try:
            raw = base64.b64decode(text.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            raise ValueError("its secret begins with whsec_, but no base64 follows; make a new one") from None
    if len(raw) < LEAST_KEY:
        raise ValueError(
            f"its secret is too short to sign with; at least {LEAST_KEY} bytes, by a random generator"
        )
    return Secret(raw.decode("latin-1"))
