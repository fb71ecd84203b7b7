"""HTTP Digest (RFC 7616): in go the challenges of a 401 and an account, out comes the Authorization header.

MD5 and SHA-256, with ``qop=auth`` or none (RFC 2069, as old cameras ask). Basic is never used: it hands over the
password itself, and who stands at the other end of a camera's TLS is not known.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from camaudit.model import Account

_SCHEME = re.compile(r"[ \t,]*([A-Za-z][A-Za-z0-9-]{1,20})(?=[ \t]|$)(?![ \t]*=)")
_VALUE = r'(?:"((?:[^"\\]|\\.)*)"|([^\s,"]*))'
_PARAMETER = re.compile(rf"[ \t,]*([A-Za-z][A-Za-z0-9*_-]{{0,20}})[ \t]*=[ \t]*{_VALUE}")
_ALGORITHMS = ("SHA-256-SESS", "SHA-256", "MD5-SESS", "MD5")
"""The strongest first."""

_MOST = 2048


@dataclass(frozen=True, slots=True)
class Challenge:
    """One Digest challenge that can be answered."""

    realm: str
    nonce: str
    algorithm: str = "MD5"
    sent_algorithm: str = ""
    """As the server wrote it; sent back so, and not at all where it wrote none."""
    qop: str = ""
    opaque: str | None = None
    stale: bool = False
    userhash: bool = False


def best(challenges: Iterable[str]) -> Challenge | None:
    """Return the strongest challenge of WWW-Authenticate headers that we answer; ``None`` where there is none."""
    found = [challenge for text in challenges for challenge in _digests(text[:_MOST])]
    return min(found, key=lambda one: _ALGORITHMS.index(one.algorithm)) if found else None


def schemes(challenges: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the schemes that are offered, in lower case."""
    return tuple(dict.fromkeys(name for text in challenges for name, _ in _offers(text[:_MOST])))


def answer(challenge: Challenge, account: Account, *, method: str, uri: str, count: int, cnonce: str) -> str:
    """Return the value of the Authorization header for one request; ``count`` is that of this nonce, from 1."""
    of = _hasher(challenge.algorithm)
    username = account.username
    secret = of(f"{username}:{challenge.realm}:{account.password.reveal()}")
    if challenge.algorithm.endswith("-SESS"):
        secret = of(f"{secret}:{challenge.nonce}:{cnonce}")
    middle = f"{challenge.nonce}:{count:08x}:{cnonce}:auth" if challenge.qop else challenge.nonce
    response = of(":".join((secret, middle, of(f"{method}:{uri}"))))
    shown = of(f"{username}:{challenge.realm}") if challenge.userhash else username
    parts = [
        f'username="{_escaped(shown)}"',
        f'realm="{_escaped(challenge.realm)}"',
        f'nonce="{_escaped(challenge.nonce)}"',
        f'uri="{uri}"',
        f'response="{response}"',
    ]
    if challenge.sent_algorithm:
        parts.append(f"algorithm={challenge.sent_algorithm}")
    if challenge.qop:
        parts += ["qop=auth", f"nc={count:08x}", f'cnonce="{cnonce}"']
    if challenge.opaque is not None:
        parts.append(f'opaque="{_escaped(challenge.opaque)}"')
    if challenge.userhash:
        parts.append("userhash=true")
    return "Digest " + ", ".join(parts)


def _hasher(algorithm: str) -> Callable[[str], str]:
    name = "sha256" if algorithm.startswith("SHA-256") else "md5"
    return lambda text: hashlib.new(name, text.encode("utf-8"), usedforsecurity=False).hexdigest()


def _digests(text: str) -> Iterable[Challenge]:
    for scheme, parts in _offers(text):
        sent = parts.get("algorithm", "")
        algorithm = sent.upper() or "MD5"
        qops = [word.strip().lower() for word in parts.get("qop", "").split(",") if word.strip()]
        answerable = algorithm in _ALGORITHMS and (not qops or "auth" in qops) and parts.get("nonce")
        if scheme == "digest" and answerable and _is_sendable(parts) and re.fullmatch(r"[\w-]*", sent):
            yield Challenge(
                realm=parts.get("realm", ""),
                nonce=parts["nonce"],
                algorithm=algorithm,
                sent_algorithm=sent,
                qop="auth" if qops else "",
                opaque=parts.get("opaque"),
                stale=parts.get("stale", "").lower() == "true",
                userhash=parts.get("userhash", "").lower() == "true",
            )


def _is_sendable(parts: dict[str, str]) -> bool:
    # They go back into a header as they are: no line may end in them.
    return all(value.isprintable() for value in parts.values())


def _offers(text: str) -> Iterable[tuple[str, dict[str, str]]]:
    """Yield each scheme of one header with its parameters; several may stand in one line."""
    at = 0
    while (scheme := _SCHEME.match(text, at)) is not None:
        at = scheme.end()
        parts: dict[str, str] = {}
        while (found := _PARAMETER.match(text, at)) is not None:
            at = found.end()
            value = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else found[3]
            parts.setdefault(found[1].lower(), value)
        yield scheme[1].lower(), parts


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
