"""SSDP (UDP 1900, UPnP Device Architecture 2.0 section 1.3): in goes a datagram, out come ``ssdp.*`` fields.

Asked of the group, and of one host where the group does not reach it (a router lies between): the same bytes,
once, beside the other searches, so that silence costs no time of its own. LOCATION is the device's word;
``probes.upnp`` reads what stands there, at the host that answered only.
"""

from __future__ import annotations

from collections.abc import Mapping

from camaudit.model import Observation
from camaudit.net.wire import Host
from camaudit.probes.message import read
from camaudit.probes.record import Fields, Now, Record, ask_by_datagram
from camaudit.probes.text import bounded

PORT = 1900
GROUPS = ("239.255.255.250",)
GROUPS6 = ("ff02::c",)
WAIT_S = 1.5
"""Answers may be spread over the one second that MX allows."""

# MX 1: answers are spread over one second, which is what listening waits for. Root devices only: ``ssdp:all``
# would draw an answer for each service of each device.
_SEARCH = (
    b"M-SEARCH * HTTP/1.1\r\n"
    b"HOST: 239.255.255.250:1900\r\n"
    b'MAN: "ssdp:discover"\r\n'
    b"MX: 1\r\n"
    b"ST: upnp:rootdevice\r\n"
    b"\r\n"
)
_ANSWER = b"HTTP/1.1 200 OK\r\n"
_HEADERS = {
    "ssdp.server": "SERVER",
    "ssdp.usn": "USN",
    "ssdp.st": "ST",
    "ssdp.location": "LOCATION",
}


def request() -> bytes:
    """Return the search for root devices."""
    return _SEARCH


def request6() -> bytes:
    """Return the search as it goes to the IPv6 group of the link (UPnP Device Architecture 2.0 annex A)."""
    return _SEARCH.replace(b"239.255.255.250:1900", b"[FF02::C]:1900")


def parse(datagram: bytes) -> Mapping[str, tuple[str, ...]] | None:
    """Return the fields of a search's answer or of an announcement (NOTIFY), or ``None`` where it is neither."""
    announced = datagram[:9].upper() == b"NOTIFY * "
    # An announcement has the headers of an answer under another first line, and NT where the answer has ST.
    message = read(_ANSWER + datagram.partition(b"\n")[2] if announced else datagram)
    if message is None or message.protocol != "HTTP" or message.status != 200:
        return None
    if announced and message.first("NTS").lower() != "ssdp:alive":
        return None
    fields: Fields = {field: message.values(header)[:1] for field, header in _HEADERS.items()}
    fields["ssdp.st"] = fields["ssdp.st"] or message.values("NT")[:1]
    kept = bounded(fields)
    # ST and USN are what the architecture asks of every answer; without either it is some HTTP server's page.
    return kept if "ssdp.st" in kept or "ssdp.usn" in kept else None


async def ask(host: Host, now: Now, port: int = PORT) -> tuple[Observation, ...]:
    """Send the search to one host."""
    search = request6() if ":" in host.address else request()
    return await ask_by_datagram(Record(host, port, "ssdp", now), (search,), parse, wait_s=WAIT_S)
