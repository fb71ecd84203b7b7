"""Check the credentials of a request against a device's account.

In: a request and the device's ``Login``. Out: did the peer bring credentials, and are they right?
RFC 7616 (Digest, MD5 and SHA-256), RFC 7617 (Basic), WS-Security UsernameToken Profile 1.0.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from datetime import UTC, datetime, timedelta

from camaudit.simulator.device import DeviceSpec, Login
from camaudit.simulator.message import Request

_PAIR = re.compile(r'\b(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))')
_FRESH = timedelta(minutes=5)
"""How old a UsernameToken may be by the device's own clock."""

_ELEMENT = r"<(?:[\w-]+:)?{name}(?:\s[^>]*)?>([^<]*)</"


def brings_credentials(request: Request) -> bool:
    """Say whether the request carries an Authorization header or a UsernameToken."""
    return "authorization" in request.headers or b"UsernameToken" in request.body


def is_let_in(request: Request, spec: DeviceSpec) -> bool:
    """Say whether the request's credentials are those of the device."""
    login = spec.login
    if login is None:
        return False
    scheme, _, rest = request.headers.get("authorization", "").partition(" ")
    match scheme.lower():
        case "digest":
            return _digest_is_right(request, rest, login)
        case "basic":
            return rest.strip() == _basic(login)
        case _:
            offset_s = spec.onvif.clock_offset_s if spec.onvif else 0.0
            clock = datetime.now(UTC) + timedelta(seconds=offset_s)
            return b"UsernameToken" in request.body and _token_is_right(request.body, login, clock)


def _basic(login: Login) -> str:
    return base64.b64encode(f"{login.username}:{login.password}".encode()).decode()


def _hash(algorithm: str, text: str) -> str:
    name = "sha256" if algorithm == "SHA-256" else "md5"
    return hashlib.new(name, text.encode(), usedforsecurity=False).hexdigest()


def _digest_is_right(request: Request, said: str, login: Login) -> bool:
    part = {found[0].lower(): found[1] or found[2] for found in _PAIR.findall(said)}
    if part.get("username") != login.username or part.get("uri") != request.target:
        return False
    if (part.get("algorithm") or "MD5").upper() != login.algorithm:
        return False
    secret = _hash(login.algorithm, f"{login.username}:{part.get('realm', '')}:{login.password}")
    asked = _hash(login.algorithm, f"{request.method}:{part.get('uri', '')}")
    middle = part.get("nonce", "")
    if "qop" in part:
        middle = ":".join((middle, part.get("nc", ""), part.get("cnonce", ""), part["qop"]))
    return part.get("response") == _hash(login.algorithm, f"{secret}:{middle}:{asked}")


def _token_is_right(body: bytes, login: Login, clock: datetime) -> bool:
    text = body.decode("utf-8", "replace")
    if _token_part(text, "Username") != login.username:
        return False
    password = _token_part(text, "Password")
    if "PasswordDigest" not in text:
        return password == login.password
    try:
        nonce = base64.b64decode(_token_part(text, "Nonce"), validate=True)
        created = datetime.fromisoformat(_token_part(text, "Created"))
    except (binascii.Error, ValueError):
        return False
    if created.tzinfo is None or abs(created - clock) > _FRESH:
        return False
    signed = nonce + _token_part(text, "Created").encode() + login.password.encode()
    return password == base64.b64encode(hashlib.sha1(signed, usedforsecurity=False).digest()).decode()


def _token_part(text: str, name: str) -> str:
    found = re.search(_ELEMENT.format(name=name), text)
    return found.group(1).strip() if found else ""
