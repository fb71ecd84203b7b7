"""What a device does about one request: bytes, and how they leave. Pure values, no sockets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from camaudit.simulator.device import Headers, ReplySpec
from camaudit.simulator.placeholders import fill_live


@dataclass(frozen=True, slots=True)
class Reply:
    """Bytes for the peer, and what happens before, between and after them."""

    data: bytes = b""
    close: bool = False
    """Close the connection once the bytes are out."""
    delay_s: float = 0.0
    """Wait before the first byte."""
    drip_s: float = 0.0
    """Seconds between two single bytes; 0 sends them at once."""
    endless: bytes = b""
    """Sent again and again after ``data`` until the peer goes."""
    half_close: bool = False
    """Say no more after ``data``, and leave the connection open."""
    reset: bool = False
    """Break the connection off once ``data`` is out."""
    copies: int = 1
    """How many times a datagram is sent; ``#N#`` in it becomes the number of the copy."""
    own_port: bool = False
    """Send the datagram from an ephemeral port."""


def rendered(
    first_line: str, spec: ReplySpec, known: Mapping[str, str], *, encoding: str, with_body: bool = True
) -> bytes:
    """Write a prepared answer as bytes: first line, headers, body; fills the live names."""
    body = spec.body
    if spec.live:
        body = fill_live(body.decode(encoding), known).encode(encoding)
    data = framed(first_line, spec.headers, body, known, encoding=encoding)
    return data if with_body else data[: len(data) - len(body)]


def framed(first_line: str, headers: Headers, body: bytes, known: Mapping[str, str], *, encoding: str) -> bytes:
    """Write one HTTP or RTSP message; ``{length}`` in a header becomes the length of ``body``."""
    lines = [first_line]
    lines += [f"{name}: {fill_live(value, {**known, 'length': str(len(body))})}" for name, value in headers]
    head = "\r\n".join(lines) + "\r\n\r\n"
    return head.encode(encoding, "replace") + body
