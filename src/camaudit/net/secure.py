"""TLS over a non-blocking socket: in go bytes, out come bytes, and no call takes in more than 16 KiB.

An ``SSLSocket`` reads on by itself past whatever means nothing (hello requests, tickets, key updates, empty
records). One that is sent these faster than it drops them never returns, and with it stands the whole scan.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

_Came = TypeVar("_Came")

HELPING = 16 * 1024
_HANDSHAKE_BYTES = 256 * 1024
"""More than any handshake has: OpenSSL refuses chains of certificates from 100 KB on."""


@lru_cache(maxsize=1)
def permissive_context() -> ssl.SSLContext:
    """Return the one TLS context: it reads old devices and verifies nothing, since it sends no secret.

    TLS 1.0, weak keys and legacy renegotiation are common on cameras; refusing them would lose the certificate.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")
    # A server may ask for a new handshake as often as it likes, and each costs us more than it costs the server.
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4) | ssl.OP_NO_RENEGOTIATION
    return context


class SecureSocket:
    """A socket with TLS; calls raise SSLWantReadError and SSLWantWriteError, after which they are made again."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = permissive_context().wrap_bio(self._incoming, self._outgoing)
        self._unsent = b""
        self._is_written = False
        self._taken = 0

    def do_handshake(self) -> None:
        """Go on with the handshake; raises ValueError where it has no end."""
        if self._taken > _HANDSHAKE_BYTES:
            raise ValueError("it had no end")
        self._with_a_helping(self._tls.do_handshake)
        self._flush()

    def recv(self, size: int) -> bytes:
        """Return what came, up to ``size`` bytes; other ends than a whole one raise SSLError."""
        return self._with_a_helping(lambda: self._tls.read(size))

    def send(self, data: bytes) -> int:
        """Send all of ``data``, at one call or at several with the same; return its length."""
        if not self._is_written:
            self._with_a_helping(lambda: self._tls.write(data))
            self._is_written = True
        self._flush()
        self._is_written = False
        return len(data)

    def version(self) -> str:
        """Return the protocol's version."""
        return self._tls.version() or "unknown"

    def certificate(self) -> bytes:
        """Return the other side's certificate as DER, or nothing where it sent none."""
        return self._tls.getpeercert(binary_form=True) or b""

    def _with_a_helping(self, go_on: Callable[[], _Came]) -> _Came:
        """Do something, once more after one helping where bytes were missing."""
        self._flush()
        try:
            return go_on()
        except ssl.SSLWantReadError:
            self._flush()
            self._take_in()
        try:
            return go_on()
        finally:
            with contextlib.suppress(ssl.SSLWantWriteError):
                self._flush()

    def _take_in(self) -> None:
        try:
            data = self._sock.recv(HELPING)
        except BlockingIOError:
            raise ssl.SSLWantReadError from None
        self._taken += len(data)
        if data:
            self._incoming.write(data)
        else:
            self._incoming.write_eof()

    def _flush(self) -> None:
        self._unsent += self._outgoing.read()
        while self._unsent:
            try:
                self._unsent = self._unsent[self._sock.send(self._unsent) :]
            except BlockingIOError:
                raise ssl.SSLWantWriteError from None
