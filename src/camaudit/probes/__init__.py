"""The probes, one file a protocol: in goes a ``Host`` behind the gate, out come observations.

Each has pure functions that make its requests and read its answers (they raise on no bytes), and one short
coroutine that asks. Only reads are sent. A new probe is one file and one line in one of the tuples below, or in
that of ``makers``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes import (
    dahua,
    dhip,
    http,
    isapi,
    lapi,
    mdns,
    onvif,
    rtsp,
    sadp,
    ssdp,
    wsd,
)
from camaudit.probes.makers import HINTED, Ask, Hinted
from camaudit.probes.record import Now

__all__ = [
    "DISCOVERIES",
    "HINTED",
    "SEARCHES",
    "STREAM_PROBES",
    "WEB_PROBES",
    "Ask",
    "Discovery",
    "Hinted",
    "Now",
    "StreamProbe",
    "WebProbe",
]


class WebProbe(Protocol):
    """Asks a web port, with or without TLS."""

    async def __call__(self, host: Host, port: int, *, tls: bool, now: Now) -> tuple[Observation, ...]:
        """Return what was read; never raises ``Stopped``."""


class StreamProbe(Protocol):
    """Asks a streaming port."""

    async def __call__(self, host: Host, port: int, now: Now) -> tuple[Observation, ...]:
        """Return what was read; never raises ``Stopped``."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """A search protocol over UDP: sent to a group, or to one host by ``ask``; the same ``parse`` reads both.

    Without ``ask`` one host is never asked: what few devices answer is not worth a waiting window at each.
    """

    probe: str
    port: int
    groups: tuple[str, ...]
    requests: Callable[[], tuple[bytes, ...]]
    parse: Callable[[bytes], Mapping[str, tuple[str, ...]] | None]
    ask: Ask | None = None
    groups6: tuple[str, ...] = ()
    """The groups of the link by IPv6; empty where the protocol has none."""
    requests6: Callable[[], tuple[bytes, ...]] | None = None
    """What is sent by IPv6, where that differs."""
    reply_port: int = 0
    """The port of this machine that answers come to, where it is not the one that asked."""


WEB_PROBES: tuple[WebProbe, ...] = (http.front_page, isapi.edges, dahua.edges, lapi.edges, onvif.service)
STREAM_PROBES: tuple[StreamProbe, ...] = (rtsp.stream,)
DISCOVERIES = (
    Discovery("wsd", wsd.PORT, wsd.GROUPS, wsd.requests, wsd.parse, wsd.ask, wsd.GROUPS6),
    Discovery("sadp", sadp.PORT, sadp.GROUPS, lambda: (sadp.request(),), sadp.parse, sadp.ask),
    Discovery("dhip", dhip.PORT, dhip.GROUPS, lambda: (dhip.request(),), dhip.parse, dhip.ask),
    Discovery(
        "ssdp",
        ssdp.PORT,
        ssdp.GROUPS,
        lambda: (ssdp.request(),),
        ssdp.parse,
        ssdp.ask,
        groups6=ssdp.GROUPS6,
        requests6=lambda: (ssdp.request6(),),
    ),
    Discovery("mdns", mdns.PORT, mdns.GROUPS, lambda: (mdns.request(),), mdns.parse, mdns.ask, mdns.GROUPS6),
)
SEARCHES: tuple[Discovery | Hinted, ...] = (*DISCOVERIES, *HINTED)
"""Every search by datagram: what captures are read for, and what answers to a group are told from."""
