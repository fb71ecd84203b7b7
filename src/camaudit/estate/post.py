"""A result as it comes out of the post: in go the bytes of a message, out comes a ``Result`` or what is wrong.

Whoever has a site's certificate can send anything, so what a message may swell to is bounded before it is read.
"""

from __future__ import annotations

import json
import zlib

from camaudit.errors import UsageError
from camaudit.estate.work import Result, result_from

MOST_BYTES = 64 * 1024 * 1024
ZLIB = "application/x-gzip"
"""What the library calls it in a message; what hosts say shrinks to a tenth."""


def opened(body: bytes | memoryview | str) -> Result:
    """Return the result in a message; raise ``UsageError`` where it is none, or too large."""
    text = body.encode() if isinstance(body, str) else bytes(body)
    if len(text) > MOST_BYTES:
        raise UsageError(f"larger than {MOST_BYTES} bytes")
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        raise UsageError("not JSON") from None
    if not isinstance(values, dict):
        raise UsageError("not a JSON object")
    return result_from(values)


def unpacked(body: bytes) -> bytes:
    """Return what was compressed; raise ``UsageError`` where it is not whole, or swells beyond every bound."""
    packed = zlib.decompressobj()
    try:
        text = packed.decompress(bytes(body), MOST_BYTES)
    except zlib.error:
        raise UsageError("is not whole") from None
    if not packed.eof:
        raise UsageError(f"is not whole, or larger than {MOST_BYTES} bytes")
    return text


def guard() -> None:
    """Let the library unpack what it receives by ``unpacked`` only: its own ways have no bound."""
    from kombu.compression import encoders, register

    for kind in encoders():
        register(zlib.compress, unpacked if kind == ZLIB else _refused, kind)


def _refused(body: bytes) -> bytes:
    raise UsageError("packed in a way that no worker uses")
