"""The TCP ports that are knocked at, what is asked there, and the operator's own list."""

from __future__ import annotations

from enum import StrEnum

from camaudit.errors import UsageError
from camaudit.model.figures import whole_number
from camaudit.net.limits import OBEDIENT_PORTS


class Speaks(StrEnum):
    """What is asked at an open port. ``NOTHING``: a maker's own binary protocol, which needs more than a read."""

    HTTP = "http"
    HTTPS = "https"
    RTSP = "rtsp"
    NOTHING = "nothing"


PORTS: dict[int, Speaks] = {
    80: Speaks.HTTP,
    554: Speaks.RTSP,
    443: Speaks.HTTPS,
    8000: Speaks.HTTP,  # Hikvision's SDK, but also ONVIF of Reolink and many web servers
    8080: Speaks.HTTP,
    37777: Speaks.NOTHING,  # Dahua
    8554: Speaks.RTSP,
    34567: Speaks.NOTHING,  # Xiongmai
    8899: Speaks.HTTP,  # ONVIF of Xiongmai
    2020: Speaks.HTTP,  # ONVIF of Tapo
    3002: Speaks.NOTHING,  # Tiandy
    81: Speaks.HTTP,
    8443: Speaks.HTTPS,
    88: Speaks.HTTP,  # Foscam
    8081: Speaks.HTTP,
    9000: Speaks.NOTHING,  # Reolink
    7080: Speaks.HTTP,  # UniFi
    1935: Speaks.RTSP,  # Wowza
    10554: Speaks.RTSP,  # VStarcam
}
"""In the order of asking: likely ports first (source: signatures, section 6)."""

FIRST_KNOCKS = (80, 554, 443)
"""Asked of an address of which nothing is known; the rest only where something answers."""

DOUBTFUL = frozenset({8000})
"""Ports that speak HTTP on few devices, and on many a binary protocol that never answers a page's request."""

LIKELY = {port: PORTS[port] for port in tuple(PORTS)[:10]}
"""Those that most cameras and recorders have; a gentle scan leaves out the rest."""

_MAX_PORTS = 200


def parse_ports(text: str) -> dict[int, Speaks]:
    """Read ``80,554,8000-8010``; a port that is not in the table is tried as HTTP and goes by what answers."""
    wanted: list[int] = []
    for part in text.split(","):
        first, dash, last = part.strip().partition("-")
        if not _is_number(first) or (dash and not _is_number(last)):
            raise UsageError(f"--ports {text[:80]}: {part.strip()[:40]!r} is not a port; write 80,554,8000-8010")
        begin, end = (whole_number(each, 65535) or 0 for each in (first, last or first))
        if not 1 <= begin <= end:
            raise UsageError(
                f"--ports {text[:80]}: {part.strip()[:40]!r} is not within 1 to 65535, lower end first"
            )
        wanted.extend(range(begin, end + 1))
        if len(wanted) > _MAX_PORTS:
            raise UsageError(
                f"--ports {text[:80]}: more than {_MAX_PORTS} ports; name fewer, this is no port scanner"
            )
    obedient = sorted(OBEDIENT_PORTS.intersection(wanted))
    if obedient:
        raise UsageError(
            f"--ports {text[:80]}: port {obedient[0]} is one of printers or machines, "
            "which do what they are sent; leave it out"
        )
    return {port: PORTS.get(port, Speaks.HTTP) for port in dict.fromkeys(wanted)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def shifted_ports(shift: int) -> dict[int, Speaks]:
    """Return the usual ports with those below 1024 moved up by ``shift``, as the simulator moves them."""
    return {port + shift if port < 1024 else port: speaks for port, speaks in PORTS.items()}


def secure_waits(role: Speaks, pending: list[Speaks]) -> bool:
    """Return whether a TLS port leaves the makers' questions to a plain one that is still being asked."""
    return role is Speaks.HTTPS and Speaks.HTTP in pending
