"""The clear part of a TLS handshake: in go first bytes of a side, out come server name, version, certificate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from camaudit.net.wire import Tls

_HANDSHAKE, _ALERT = 22, 21
_CLIENT_HELLO, _SERVER_HELLO, _CERTIFICATE, _DONE = 1, 2, 11, 14
_SERVER_NAME, _SUPPORTED_VERSIONS = 0, 43
_MAX_RECORD = 16384 + 2048
_VERSIONS = {0x0300: "SSLv3", 0x0301: "TLSv1", 0x0302: "TLSv1.1", 0x0303: "TLSv1.2", 0x0304: "TLSv1.3"}
_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?\Z")


def is_tls(start: bytes) -> bool:
    """Say whether a stream that begins so is TLS."""
    return len(start) >= 3 and start[0] == _HANDSHAKE and start[1] == 3 and start[2] <= 4


def as_host_name(text: str) -> str:
    """Return a host name in small letters; empty where it is none."""
    plain = text.rstrip(".").lower()
    return plain if _HOST_NAME.match(plain) and "." in plain else ""


def asked_name(data: bytes) -> tuple[bool, str]:
    """Return whether the hello of a client is whole, and the server name it asks for (SNI)."""
    messages, ended = _messages(data)
    for kind, body in messages:
        if kind == _CLIENT_HELLO:
            return True, as_host_name(_server_name(body))
    return ended, ""


def server_part(data: bytes) -> tuple[bool, Tls | None]:
    """Return whether the clear part of a server is whole, and what it showed.

    TLS 1.3 sends its certificate encrypted: then only the version is known.
    """
    messages, ended = _messages(data)
    version, certificate, done = "", b"", ended
    for kind, body in messages:
        if kind == _SERVER_HELLO:
            version = _version(body)
            done = done or version == "TLSv1.3"
        elif kind == _CERTIFICATE:
            size = int.from_bytes(body[3:6], "big")
            certificate, done = body[6 : 6 + size], True
        elif kind == _DONE:
            done = True
    return done, Tls(version, certificate) if version else None


def _messages(data: bytes) -> tuple[list[tuple[int, bytes]], bool]:
    """Return the whole handshake messages so far, and whether no more can come in clear."""
    stream, at, ended = bytearray(), 0, False
    while at + 5 <= len(data):
        kind, size = data[at], int.from_bytes(data[at + 3 : at + 5], "big")
        if kind != _HANDSHAKE or data[at + 1] != 3 or size > _MAX_RECORD:
            ended = True
            break
        stream += data[at + 5 : at + 5 + size]
        at += 5 + size
    found, at = [], 0
    while at + 4 <= len(stream):
        size = int.from_bytes(stream[at + 1 : at + 4], "big")
        if at + 4 + size > len(stream):
            break
        found.append((stream[at], bytes(stream[at + 4 : at + 4 + size])))
        at += 4 + size
    return found, ended


def _server_name(hello: bytes) -> str:
    at = 34
    for width in (1, 2, 1):  # session id, cipher suites, compression methods
        at += width + int.from_bytes(hello[at : at + width], "big")
    for kind, body in _extensions(hello[at:]):
        if kind == _SERVER_NAME and body[2:3] == b"\0":
            size = int.from_bytes(body[3:5], "big")
            return body[5 : 5 + size].decode("ascii", "replace")
    return ""


def _version(hello: bytes) -> str:
    said = int.from_bytes(hello[:2], "big")
    at = 34 + 1 + (hello[34] if len(hello) > 34 else 0) + 3
    for kind, body in _extensions(hello[at:]):
        if kind == _SUPPORTED_VERSIONS and len(body) == 2:
            said = int.from_bytes(body, "big")
    return _VERSIONS.get(said, "")


def _extensions(data: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 2, 2 + int.from_bytes(data[:2], "big")
    while at + 4 <= min(end, len(data)):
        kind, size = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        yield kind, data[at + 4 : at + 4 + size]
        at += 4 + size
