"""The kernel's IPv6 neighbours: out come interface, address and MAC of those resolved. Needs no privilege."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from camaudit.net.raw.netlink import NO_ARP, RESOLVED, Rtnetlink


@dataclass(frozen=True, slots=True)
class Neighbour6:
    """One IPv6 neighbour with the interface it was met on."""

    interface: str
    address: str
    mac: str


def neighbours6() -> tuple[Neighbour6, ...]:
    """Return the IPv6 neighbours that have a MAC address; empty where the system has no such table."""
    if not hasattr(socket, "AF_NETLINK"):
        return ()
    try:
        netlink = Rtnetlink()
    except OSError:
        return ()
    try:
        rows = netlink.neighbours(socket.AF_INET6)
        names = {index: name for index, name in socket.if_nameindex()}
    except OSError:
        return ()
    finally:
        netlink.close()
    return tuple(
        Neighbour6(names[row.index], row.address, row.mac)
        for row in rows
        if row.mac and row.state & RESOLVED and not row.state & NO_ARP and row.index in names
    )
