"""The interfaces of this machine and the neighbours it knows: where multicast can go, and MAC addresses."""

from __future__ import annotations

import ipaddress
import re
import socket
import struct
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import ifaddr

from camaudit.errors import NetworkUnavailable
from camaudit.net.scope import Scope

_NEIGHBOURS = Path("/proc/net/arp")
_CLASS = Path("/sys/class/net")
_MAC = re.compile(r"[0-9a-f]{2}(?::[0-9a-f]{2}){5}")
_COMPLETE = 0x2
_FLAGS, _UP_AND_RUNNING = 0x8913, 0x41
"""SIOCGIFFLAGS, IFF_UP and IFF_RUNNING of Linux."""


@dataclass(frozen=True, slots=True)
class Interface:
    """One IPv4 address of one interface, and the network it is in."""

    name: str
    address: str
    network: ipaddress.IPv4Network


def interfaces() -> tuple[Interface, ...]:
    """Return every IPv4 address of this machine with its network."""
    found = []
    for adapter in ifaddr.get_adapters():
        for ip in adapter.ips:
            if isinstance(ip.ip, str):
                network = ipaddress.IPv4Network(f"{ip.ip}/{ip.network_prefix}", strict=False)
                found.append(Interface(adapter.name, ip.ip, network))
    return tuple(found)


def mac_of(name: str) -> str:
    """Return the MAC address of one of this machine's interfaces; empty where it has none."""
    try:
        written = (_CLASS / name / "address").read_text("ascii", "replace").strip().lower()
    except (OSError, ValueError):
        return ""
    return written if _MAC.fullmatch(written) else ""


def carries(name: str) -> bool:
    """Return whether an interface is up and has a link; true where this system does not tell.

    One whose cable is pulled keeps its address for as long as nobody takes it away.
    """
    if sys.platform != "linux":
        return True
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = struct.pack("16sh14x", name.encode()[:15], 0)
        try:
            told = fcntl.ioctl(control, _FLAGS, request)
        except OSError:
            return False
    flags: int = struct.unpack("16sh14x", told)[1]
    return flags & _UP_AND_RUNNING == _UP_AND_RUNNING


def on_link(scope: Scope, names: Iterable[str] = ()) -> tuple[Interface, ...]:
    """Return the interfaces whose own network holds some of the scope, or those the operator named.

    Raises NetworkUnavailable for a name that this machine does not have.
    """
    all_here = interfaces()
    wanted = tuple(names)
    for name in wanted:
        if name not in {interface.name for interface in all_here}:
            known = ", ".join(sorted({interface.name for interface in all_here})) or "none"
            raise NetworkUnavailable(f"no interface {name} with an IPv4 address here; there are: {known}")
    if wanted:
        return tuple(interface for interface in all_here if interface.name in wanted)
    return tuple(i for i in all_here if any(_overlap(i.network, span.first, span.last) for span in scope.spans))


def _overlap(network: ipaddress.IPv4Network, first: object, last: object) -> bool:
    if not isinstance(first, ipaddress.IPv4Address) or not isinstance(last, ipaddress.IPv4Address):
        return False
    return first <= network.broadcast_address and last >= network.network_address


class Neighbourhood:
    """The kernel's neighbour table, read again when it is older than a second."""

    _FRESH_S = 1.0
    _MISSING_FRESH_S = 0.1

    def __init__(self) -> None:
        self._table: dict[str, str] = {}
        self._read_s = float("-inf")

    def mac_of(self, address: str, *, answered: bool) -> str | None:
        """Return the MAC address of a neighbour that the kernel has resolved; it has of one that just answered."""
        if address.startswith("127."):
            return None
        now = time.monotonic()
        stale_s = self._FRESH_S
        if address not in self._table:
            # Hosts answer within milliseconds of each other: a table read for the first lacks the others.
            stale_s = 0.0 if answered else self._MISSING_FRESH_S
        if now - self._read_s > stale_s:
            self._table, self._read_s = _neighbours(), now
        return self._table.get(address)


def _neighbours() -> dict[str, str]:
    try:
        lines = _NEIGHBOURS.read_text("ascii", "replace").splitlines()[1:]
    except OSError:
        return {}
    found = {}
    for line in lines:
        columns = line.split()
        if len(columns) >= 4 and int(columns[2], 16) & _COMPLETE and columns[3] != "00:00:00:00:00:00":
            found[columns[0]] = columns[3].lower()
    return found
