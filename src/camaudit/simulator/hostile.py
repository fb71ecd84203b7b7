"""What a malicious or broken device does to an answer. In: a ``Reply``. Out: a worse one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from camaudit.simulator.reply import Reply

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


BEHAVIOURS: Mapping[str, Callable[[Reply, float], Reply]] = {
    "hang": _hang,
    "drip": _drip,
    "late": _late,
    "endless-header": _endless_header,
    "endless-body": _endless_body,
    "cut": _cut,
}
"""Names for ``behaviour`` of a service; ``every_s`` of the service is the second argument."""


def worsened(reply: Reply, behaviour: str | None, every_s: float) -> Reply:
    """Apply the named behaviour, or give the reply back as it is."""
    return reply if behaviour is None else BEHAVIOURS[behaviour](reply, every_s)
