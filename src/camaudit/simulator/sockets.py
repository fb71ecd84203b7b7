"""Open the sockets of a fleet. In: devices. Out: listening TCP sockets, UDP sockets and one socket a group.

A datagram to a multicast group is read once for the whole fleet and handed to every device; each device
answers from its own address. On Linux all of 127.0.0.0/8 is there without being configured.
"""

from __future__ import annotations

import errno
import socket

from camaudit.errors import NetworkUnavailable

GROUPS = {
    "ws-discovery": ("239.255.255.250", 3702),
    "sadp": ("239.255.255.250", 37020),
    "dhip": ("239.255.255.251", 37810),
    "ssdp": ("239.255.255.250", 1900),
    "mdns": ("224.0.0.251", 5353),
}
_EVERYBODY = "255.255.255.255"
_BACKLOG = 64
_FIRST_FREE_PORT = 1024


def listening(device: str, address: str, port: int, *, backlog: int | None = None) -> socket.socket:
    """Open one TCP port of a device; ``backlog`` connections wait where nobody accepts them."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((address, port))
        sock.listen(_BACKLOG if backlog is None else backlog)
    except OSError as wrong:
        sock.close()
        raise _explained(wrong, device, address, f"tcp/{port}", port) from wrong
    sock.setblocking(False)
    return sock


def datagram(device: str, address: str, port: int, interface: str) -> socket.socket:
    """Open one UDP port of a device.

    REUSEADDR, because a scanner on this machine may hold the same port on all addresses.
    """
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton(interface))
    try:
        sock.bind((address, port))
    except OSError as wrong:
        sock.close()
        raise _explained(wrong, device, address, f"udp/{port}", port) from wrong
    sock.setblocking(False)
    return sock


def group(address: str, port: int, interface: str) -> socket.socket:
    """Join a multicast group on one interface, given by its address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((address, port))
        membership = socket.inet_aton(address) + socket.inet_aton(interface)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership)
    except OSError as wrong:
        sock.close()
        raise _explained(wrong, "the group", address, f"udp/{port}", port) from wrong
    sock.setblocking(False)
    return sock


def everybody(port: int) -> socket.socket:
    """Open a port for what is sent to everybody on a link; several fleets may hear it."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((_EVERYBODY, port))
    except OSError as wrong:
        sock.close()
        raise _explained(wrong, "everybody", _EVERYBODY, f"udp/{port}", port) from wrong
    sock.setblocking(False)
    return sock


def _explained(wrong: OSError, device: str, address: str, port: str, number: int) -> NetworkUnavailable:
    remedy = ""
    if wrong.errno == errno.EACCES and number < _FIRST_FREE_PORT:
        remedy = "; ports below 1024 need root here: try --shift 10000"
    elif wrong.errno == errno.EADDRINUSE:
        remedy = "; is another simulator running?"
    reason = wrong.strerror or str(wrong)
    return NetworkUnavailable(f"{device}: cannot listen on {address} {port}: {reason}{remedy}")
