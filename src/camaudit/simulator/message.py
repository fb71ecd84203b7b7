"""Cut text requests out of a stream and read them. In: bytes. Out: a ``Request`` (HTTP or RTSP)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

MAX_REQUEST_BYTES = 65536
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a text protocol."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes

    @property
    def path(self) -> str:
        """The path without the query; of an absolute URL its path."""
        return self.path_and_query.split("?", 1)[0]

    @property
    def path_and_query(self) -> str:
        """The target without scheme and host."""
        found = re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?]*(.*)", self.target, re.DOTALL)
        rest = found.group(1) if found else self.target
        return rest if rest.startswith("/") or rest == "*" else "/" + rest


def split_message(buffer: bytes) -> tuple[bytes, bytes] | None:
    """Give the first complete request and what follows it, or None while bytes are missing."""
    head, found, rest = buffer.partition(b"\r\n\r\n")
    if not found:
        return None
    said = _LENGTH.search(b"\r\n" + head)
    length = min(int(said.group(1)), MAX_REQUEST_BYTES) if said else 0
    if len(rest) < length:
        return None
    return buffer[: len(head) + 4 + length], rest[length:]


def read_request(payload: bytes) -> Request | None:
    """Read one request, or None where its first line is no request line."""
    head, _, body = payload.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if len(words) != 3 or not re.fullmatch(r"[A-Z_-]{3,20}", words[0]) or "/" not in words[2]:
        return None
    headers = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            headers[name.strip().lower()] = value.strip()
    return Request(words[0], words[1], words[2], headers, body)
