"""HTTP and RTSP answers: raw bytes in, status, headers as sent and body out. Nothing here raises on any bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from camaudit.net.wire import REPLY_LIMIT
from camaudit.probes.framing import BLANK_LINE, CHUNK, LENGTH, MOST_INTERIM, NO_BODY, START, complete, is_chunked
from camaudit.probes.text import decode

__all__ = ["Headers", "Message", "Spoken", "complete", "looks_like", "named", "read", "realms"]

Headers = Mapping[str, tuple[str, ...]]
Spoken = Literal["http", "rtsp", "tls", "ssh", "unknown"]

_REALM = re.compile(r'realm\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))', re.IGNORECASE)
_MAX_LINES = 100


@dataclass(frozen=True, slots=True)
class Message:
    """One answer. ``lines`` are the header lines in the order and spelling sent."""

    protocol: str
    """``HTTP`` or ``RTSP``."""
    version: str
    status: int
    lines: tuple[str, ...]
    body: bytes
    reusable: bool
    """Whether the connection can carry another request: the answer was whole and nothing followed it."""
    headers: Headers
    """Every value of each header, by its name in lower case."""

    def values(self, name: str) -> tuple[str, ...]:
        """Return every value of a header, whatever the case in which its name was sent."""
        return self.headers.get(name.lower(), ())

    def first(self, name: str) -> str:
        """Return the first value of a header, or an empty text."""
        return next(iter(self.values(name)), "")

    @property
    def is_packed(self) -> bool:
        """Whether the body is compressed although ``identity`` was asked for; it is left unread."""
        return self.first("Content-Encoding").lower() not in ("", "identity")

    def text(self, limit: int) -> str:
        """Return the start of the body as text; empty where it is packed."""
        return "" if self.is_packed else decode(self.body, limit)


def looks_like(data: bytes) -> Spoken:
    """Name the protocol that the first bytes of an answer belong to."""
    start = data[:16].lstrip(b"\r\n")
    if start[:5].upper() == b"HTTP/":
        return "http"
    if start[:5].upper() == b"RTSP/":
        return "rtsp"
    if start[:1] in (b"\x15", b"\x16") and start[1:2] == b"\x03":
        return "tls"
    return "ssh" if start[:4] == b"SSH-" else "unknown"


def named(data: bytes) -> str:
    """Say in words what an answer looks like, for a note."""
    spoken = looks_like(data)
    return "something unknown" if spoken == "unknown" else spoken.upper()


def read(data: bytes, *, limit: int = REPLY_LIMIT) -> Message | None:
    """Read one answer, whole or cut short; ``None`` where it is neither HTTP nor RTSP."""
    rest = data[:limit]
    for _ in range(MOST_INTERIM):
        rest = rest.lstrip(b"\r\n")
        start = START.match(rest)
        if start is None:
            return None
        protocol, version, status = (part.decode("ascii").upper() for part in start.groups())
        blank = BLANK_LINE.search(rest)
        head, after = (rest[: blank.start()], rest[blank.end() :]) if blank else (rest, b"")
        if not status.startswith("1") or status == "101" or blank is None:
            break
        rest = after
    lines = _lines(head)
    headers = _headers(lines)
    body, end = _body(protocol, int(status), headers, after)
    whole = blank is not None and end is not None and not after[end:].strip(b"\r\n")
    reusable = whole and _keeps_open(protocol, version, headers)
    return Message(protocol, version, int(status), lines, body, reusable, headers)


def realms(challenges: tuple[str, ...]) -> tuple[str, ...]:
    """Return the realm of each challenge in WWW-Authenticate headers, quoted or not."""
    found = (match for challenge in challenges for match in _REALM.finditer(challenge))
    return tuple(
        re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2].strip('"') for match in found
    )


def _lines(head: bytes) -> tuple[str, ...]:
    lines: list[str] = []
    for raw in head.split(b"\n")[1 : _MAX_LINES + 1]:
        line = decode(raw.rstrip(b"\r"))
        if line[:1] in (" ", "\t") and lines:
            lines[-1] = f"{lines[-1]} {line.strip()}"
        elif line.strip():
            lines.append(line)
    return tuple(lines)


def _headers(lines: tuple[str, ...]) -> Headers:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            key = name.strip().lower()
            found[key] = (*found.get(key, ()), value.strip())
    return found


def _keeps_open(protocol: str, version: str, headers: Headers) -> bool:
    said = " ".join(headers.get("connection", ())).lower()
    if "close" in said:
        return False
    return protocol == "RTSP" or version != "1.0" or "keep-alive" in said


def _body(protocol: str, status: int, headers: Headers, after: bytes) -> tuple[bytes, int | None]:
    """Return the body and where it ends in ``after``; ``None`` where its end has not come."""
    if status in NO_BODY:
        return b"", 0
    if is_chunked(headers.get("transfer-encoding", ())):
        return _dechunked(after)
    stated = LENGTH.match(next(iter(headers.get("content-length", ())), ""))
    if stated is not None:
        length = int(stated[0])
        return after[:length], length if len(after) >= length else None
    # RFC 2326 section 12.14: without a length an RTSP answer has no body; HTTP goes on until the close.
    return after, 0 if protocol == "RTSP" else None


def _dechunked(after: bytes) -> tuple[bytes, int | None]:
    parts: list[bytes] = []
    at = 0
    while True:
        size = CHUNK.match(after, at)
        if size is None:
            return b"".join(parts), None
        length = int(size.group(1), 16)
        if length == 0:
            return b"".join(parts), size.end()
        parts.append(after[size.end() : size.end() + length])
        at = size.end() + length
        if at > len(after):
            return b"".join(parts), None
