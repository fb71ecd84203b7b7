"""What a device told by itself before it was asked, and what that spares or adds.

In go observations of multicast discovery, out come the protocols that have spoken and the web ports they name.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from camaudit.model import Observation, Outcome
from camaudit.model.figures import whole_number
from camaudit.net.limits import OBEDIENT_PORTS
from camaudit.scan.describing import description_ports

_EXTRA_PORTS = 4
"""Ports beyond the list that a device itself may name (HttpPort, XAddrs); more would be a lie or a trap."""

_WEB_PORTS = (
    *("sadp.http_port", "dhip.http_port", "hanwha.http_port", "bosch.http_port", "ipro.http_port"),
    *("sony.http_port", "vstarcam.http_port", "foscam.http_port"),
)

_REDIRECTS = frozenset({"301", "302", "303", "307", "308"})


@dataclass(slots=True)
class Told:
    """The discovery answers of one address, in the order in which they came."""

    items: list[Observation] = field(default_factory=list)

    def probes(self) -> frozenset[str]:
        """Return the protocols that have answered."""
        return frozenset(item.probe for item in self.items)

    def service_ports(self, address: str) -> tuple[int, ...]:
        """Return the ports of the ONVIF services that were named at this very address."""
        named = [
            port
            for item in self.items
            for xaddr in item.fields.get("wsd.xaddr", ())
            for port in _ports_at(address, xaddr)
        ]
        return tuple(port for port in dict.fromkeys(named) if _may_be_knocked_at(port))[:_EXTRA_PORTS]

    def web_ports(self, address: str) -> tuple[int, ...]:
        """Return every web port that was named at this very address."""
        named: list[int] = []
        for item in self.items:
            for name in _WEB_PORTS:
                told = (whole_number(text, 65535) for text in item.fields.get(name, ()))
                named += [port for port in told if port]
            named += description_ports(address, item)
        named += self.service_ports(address)
        return tuple(port for port in dict.fromkeys(named) if _may_be_knocked_at(port))[:_EXTRA_PORTS]


def is_public(address: str) -> bool:
    """Return whether an address is reachable from anywhere: discovery is for private networks only.

    One byte draws some 800 from a Dahua unit; across the internet that is a weapon, and none of ours.
    """
    return ipaddress.ip_address(address.partition("%")[0]).is_global


def turned_out(page: Observation) -> str:
    """Return what a port speaks that was asked for a page: ``rtsp``, ``tls``, or nothing worth another try."""
    if page.outcome is Outcome.MALFORMED:
        return next((name for name in ("rtsp", "tls") if f"with {name.upper()}" in page.note), "")
    # nginx and its kin answer plain HTTP on a TLS port with a page that says so.
    refused = "400" in page.fields.get("http.status", ())
    return "tls" if refused and any("HTTPS" in body for body in page.fields.get("http.body", ())) else ""


def passes_on(page: Observation) -> bool:
    """Say whether a plain port does no more than send everybody to the unit's own encrypted one."""
    sent_on = set(page.fields.get("http.status", ())) & _REDIRECTS
    return bool(sent_on) and any(
        _is_secure(page.target.address, to) for to in page.fields.get("http.location", ())
    )


def _is_secure(address: str, location: str) -> bool:
    try:
        parts = urlsplit(location)
    except ValueError:
        return False
    return parts.scheme == "https" and parts.hostname == address


def _may_be_knocked_at(port: int) -> bool:
    return 0 < port < 65536 and port not in OBEDIENT_PORTS


def _ports_at(address: str, xaddr: str) -> tuple[int, ...]:
    """Return the port of a service address, if it is at the host that gave it."""
    try:
        parts = urlsplit(xaddr)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return ()
    return (port,) if parts.hostname == address else ()
