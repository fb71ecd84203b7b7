"""TLS that never comes to an end, written by hand because no TLS library would do it. Out: records (RFC 5246)."""

from __future__ import annotations

import struct

_HANDSHAKE, _TLS_1_2 = 22, b"\x03\x03"
_SERVER_HELLO, _CERTIFICATE = 2, 11
_RSA_WITH_AES_128_CBC_SHA = b"\x00\x2f"
_MOST_IN_A_RECORD = 1 << 14
USUAL, LARGEST = 4000, 0xFFFFFF
"""Bytes of a certificate list: one that a camera may send, and sixteen megabytes."""


def half_a_handshake(promised: int) -> bytes:
    """Return a ServerHello for TLS 1.2 and the beginning of a certificate list of ``promised`` bytes."""
    hello = _TLS_1_2 + bytes(32) + b"\x00" + _RSA_WITH_AES_128_CBC_SHA + b"\x00"
    begun = bytes([_CERTIFICATE]) + promised.to_bytes(3, "big") + (promised - 3).to_bytes(3, "big")
    return _record(bytes([_SERVER_HELLO]) + len(hello).to_bytes(3, "big") + hello) + _record(begun)


def endless_certificates() -> bytes:
    """Return one more record of that list."""
    return _record(b"\x30" * _MOST_IN_A_RECORD)


def _record(payload: bytes) -> bytes:
    return bytes([_HANDSHAKE]) + _TLS_1_2 + struct.pack(">H", len(payload)) + payload
