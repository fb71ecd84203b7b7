"""What a malicious or broken device does to an answer. In: a ``Reply``. Out: a worse one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from camaudit.simulator.hostile_tls import LARGEST, USUAL, endless_certificates, half_a_handshake
from camaudit.simulator.reply import Reply

RESET_AT_ACCEPT, NEVER_ACCEPT = "reset-at-accept", "never-accept"
TLS_STALL, TLS_ENDLESS = "tls-stall", "tls-endless"
WITHOUT_TLS = frozenset({"hang", TLS_STALL, TLS_ENDLESS})
"""Behaviours of a TLS port that never come as far as a handshake."""

_FLOOD = 3000
_FILLER = b"X-Filler: " + b"0" * 1000 + b"\r\n"


def _hang(_reply: Reply, _every_s: float) -> Reply:
    return Reply()


def _drip(reply: Reply, every_s: float) -> Reply:
    return replace(reply, drip_s=every_s)


def _late(reply: Reply, every_s: float) -> Reply:
    return replace(reply, delay_s=every_s)


def _endless_header(reply: Reply, _every_s: float) -> Reply:
    first_line = reply.data.split(b"\r\n", 1)[0]
    return Reply(data=first_line + b"\r\n", endless=_FILLER)


def _endless_body(reply: Reply, _every_s: float) -> Reply:
    return replace(reply, endless=b"A" * 4096, close=False)


def _cut(reply: Reply, _every_s: float) -> Reply:
    return Reply(data=reply.data[: len(reply.data) // 2], close=True)


def _cut_by_reset(reply: Reply, _every_s: float) -> Reply:
    return Reply(data=reply.data[: len(reply.data) // 2], reset=True)


def _reset(_reply: Reply, _every_s: float) -> Reply:
    return Reply(reset=True)


def _half_open(reply: Reply, _every_s: float) -> Reply:
    return replace(reply, close=False, half_close=True)


def _no_head(reply: Reply, _every_s: float) -> Reply:
    return Reply(data=reply.data.partition(b"\r\n\r\n")[2] or b"<html>0.9</html>", close=True)


def _twice(reply: Reply, _every_s: float) -> Reply:
    return replace(reply, data=reply.data * 2)


def _continue(_reply: Reply, _every_s: float) -> Reply:
    return Reply(endless=b"HTTP/1.1 100 Continue\r\n\r\n" * 64)


def _header_flood(reply: Reply, _every_s: float) -> Reply:
    first_line, _, rest = reply.data.partition(b"\r\n")
    flood = b"".join(b"X-Flood-%d: %s\r\n" % (at, b"f" * 8) for at in range(_FLOOD))
    return replace(reply, data=first_line + b"\r\n" + flood + rest)


def _cookie_flood(reply: Reply, _every_s: float) -> Reply:
    first_line, _, rest = reply.data.partition(b"\r\n")
    flood = b"".join(b"Set-Cookie: c%d=%s; Path=/\r\n" % (at, b"0" * 64) for at in range(_FLOOD // 5))
    return replace(reply, data=first_line + b"\r\n" + flood + rest)


def _tls_stall(_reply: Reply, _every_s: float) -> Reply:
    return Reply(data=half_a_handshake(USUAL))


def _tls_endless(_reply: Reply, _every_s: float) -> Reply:
    return Reply(data=half_a_handshake(LARGEST), endless=endless_certificates())


BEHAVIOURS: Mapping[str, Callable[[Reply, float], Reply]] = {
    "hang": _hang,
    "drip": _drip,
    "late": _late,
    "endless-header": _endless_header,
    "endless-body": _endless_body,
    "cut": _cut,
    "cut-by-reset": _cut_by_reset,
    "reset": _reset,
    "half-open": _half_open,
    "http-0.9": _no_head,
    "twice": _twice,
    "continue": _continue,
    "header-flood": _header_flood,
    "cookie-flood": _cookie_flood,
    TLS_STALL: _tls_stall,
    TLS_ENDLESS: _tls_endless,
    RESET_AT_ACCEPT: _reset,
    NEVER_ACCEPT: _hang,
}
"""Names for ``behaviour`` of a service; ``every_s`` of the service is the second argument."""


def worsened(reply: Reply, behaviour: str | None, every_s: float) -> Reply:
    """Apply the named behaviour, or give the reply back as it is."""
    return reply if behaviour is None else BEHAVIOURS[behaviour](reply, every_s)
