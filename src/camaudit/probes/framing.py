"""Where an HTTP or RTSP answer ends. In go its bytes as they come, out comes whether it is whole.

Each byte is looked at once, however small the pieces are: a device that drips must not cost the square of what it
sends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from camaudit.net.wire import REPLY_LIMIT

START = re.compile(rb"(HTTP|RTSP)/(\d\.\d)[ \t]+(\d{3})(?!\d)", re.IGNORECASE)
BLANK_LINE = re.compile(rb"\r?\n\r?\n")
CHUNK = re.compile(rb"\r?\n?([0-9A-Fa-f]{1,8})[^\n]*\n")
LENGTH = re.compile(r"[0-9]{1,9}\Z")
NO_BODY = (204, 304)
MOST_INTERIM = 4
"""Answers read of those that only announce one (100 to 199); a device may send them without end."""

_PROTOCOLS = (b"HTTP/", b"RTSP/")
_BLANK = b"\r\n"
_LENGTH_LINES = re.compile(rb"(?i)\n((?:content-length|transfer-encoding)[ \t]*:[^\n]*)")
_PAGE_END = re.compile(rb"(?i)</html>\s*\Z")

_Body = Callable[["bytes | bytearray"], bool]


class Framing:
    """Says again and again of one growing answer whether it is whole; ``limit`` bytes always are."""

    def __init__(self, limit: int = REPLY_LIMIT) -> None:
        self._limit = limit
        self._at = 0
        """Where the head that is read begins, later the body or the next chunk."""
        self._looked = 0
        """Up to where the end of it was looked for in vain."""
        self._is_named = False
        self._interim = 0
        self._body: _Body | None = None

    def __call__(self, data: bytes | bytearray) -> bool:
        """Return whether the answer is whole; ``data`` is all of it so far. What is no answer is done at once."""
        if data and len(data) >= self._limit:
            return True
        while self._body is None:
            ended = self._head(data)
            if ended is not None:
                return ended
        return self._body(data)

    def _head(self, data: bytes | bytearray) -> bool | None:
        """Read one head; ``None`` where it is read and something follows it."""
        while self._at < len(data) and data[self._at] in _BLANK:
            self._at += 1
        word = bytes(data[self._at : self._at + 5]).upper()
        if word not in _PROTOCOLS:
            return not any(protocol.startswith(word) for protocol in _PROTOCOLS)
        start = max(self._at, self._looked)
        if not self._is_named:
            if data.find(b"\n", start) < 0:
                self._looked = len(data)
                return False
            if START.match(data, self._at) is None:
                return True
            self._is_named = True
        blank = BLANK_LINE.search(data, max(self._at, start - 3))
        if blank is None:
            self._looked = len(data)
            return False
        return self._read(bytes(data[self._at : blank.start()]), blank.end())

    def _read(self, head: bytes, end: int) -> bool | None:
        found = START.match(head)
        if found is None:
            return True
        status = int(found[3])
        self._at = self._looked = end
        self._is_named = False
        if 100 <= status < 200 and status != 101:
            self._interim += 1
            # Nothing but word that the answer will come: what it is worth has been seen.
            return True if self._interim == MOST_INTERIM else None
        self._body = self._by_length(found[1].upper(), status, head)
        return None

    def _by_length(self, protocol: bytes, status: int, head: bytes) -> _Body:
        lines = [line.decode("latin-1").partition(":") for line in _LENGTH_LINES.findall(head)]
        lengths = [value.strip() for name, _, value in lines if name.strip().lower() == "content-length"]
        if status in NO_BODY:
            return lambda _: True
        if is_chunked(value for name, _, value in lines if name.strip().lower() == "transfer-encoding"):
            return self._chunks
        stated = LENGTH.match(lengths[0]) if lengths else None
        if stated is not None:
            end = self._at + int(stated[0])
            return lambda data: len(data) >= end
        # RFC 2326 section 12.14: without a length an RTSP answer has no body; HTTP goes on until the close.
        if protocol == b"RTSP":
            return lambda _: True
        return (lambda _: False) if lines else self._page

    def _page(self, data: bytes | bytearray) -> bool:
        # Some web servers give no length and do not close either: their page ends where HTML does.
        return _PAGE_END.search(bytes(data[max(self._at, len(data) - 32) :])) is not None

    def _chunks(self, data: bytes | bytearray) -> bool:
        while self._at <= len(data):
            line_end = data.find(b"\n", max(self._at, self._looked))
            if line_end < 0:
                self._looked = len(data)
                return False
            size = CHUNK.match(data, self._at)
            if size is None:
                self._looked = line_end + 1
                continue
            length = int(size[1], 16)
            if length == 0:
                return True
            self._at = size.end() + length
        return False


def complete(data: bytes, *, limit: int = REPLY_LIMIT) -> bool:
    """Say of an answer that is all there whether it is whole (see ``Framing``)."""
    return Framing(limit)(data)


def is_chunked(encodings: Iterable[str]) -> bool:
    """Say whether the values of Transfer-Encoding tell of chunks."""
    return "chunked" in " ".join(encodings).lower()
