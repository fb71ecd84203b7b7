"""UPnP descriptions: in goes what SSDP heard of a host, out come the ports it names and what stands there."""

from __future__ import annotations

from collections.abc import Iterable

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes import upnp
from camaudit.probes.record import Now

_MOST = 2
"""Descriptions read of one host: a NAS has one of its own and one of its media server."""


def description_ports(address: str, heard: Observation) -> tuple[int, ...]:
    """Return the ports at this very host where an SSDP answer says that its description is."""
    places = (upnp.place(address, location) for location in heard.fields.get("ssdp.location", ()))
    return tuple(place[0] for place in places if place is not None)


async def described(host: Host, told: Iterable[Observation], now: Now) -> tuple[Observation, ...]:
    """Read each description that SSDP told of, one after the other; what leads elsewhere is recorded."""
    locations = dict.fromkeys(place for item in told for place in item.fields.get("ssdp.location", ()))
    return tuple([await upnp.description(host, location, now) for location in list(locations)[:_MOST]])
