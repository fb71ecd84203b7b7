"""The echo process: asks all IPv6 nodes of one link for an echo, where that takes a raw socket.

It opens its socket, gives every privilege up, and says ``ready``. Each line on stdin sends one request; each node
that answers is a line on stdout. It ends with its stdin; what hindered it is a line on stderr.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import selectors
import socket
import struct
import sys

from camaudit.net.raw.privilege import become_nobody, give_up

ALL_NODES = "ff02::1"
ECHO_REQUEST, ECHO_REPLY = 128, 129

_CANNOT = 3
_MOST_REPLIES = 16384


def echo_socket(address: str, index: int, kind: socket.SocketKind) -> socket.socket:
    """Return a socket for echoes from one address of an interface; raises OSError."""
    sock = socket.socket(socket.AF_INET6, kind | socket.SOCK_NONBLOCK, socket.IPPROTO_ICMPV6)
    try:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
        sock.bind((address, 0, 0, index if ipaddress.IPv6Address(address).is_link_local else 0))
    except OSError:
        sock.close()
        raise
    return sock


def send_echo(sock: socket.socket, index: int, number: int) -> None:
    """Ask all nodes of the link (RFC 4443 section 4.1)."""
    # Checksum, and with an unprivileged socket the identifier too, are the kernel's.
    echo = struct.pack(">BBHHH", ECHO_REQUEST, 0, 0, os.getpid() & 0xFFFF, number & 0xFFFF)
    sock.sendto(echo, (ALL_NODES, 0, 0, index))


def replied(data: bytes, sender: str, own: str) -> str:
    """Return the address of a node that answered; empty where the packet is none of another node's."""
    plain = sender.partition("%")[0]
    return plain if data[:1] == bytes([ECHO_REPLY]) and plain != own else ""


def main(address: str, index: int) -> int:
    """Run the process; give its exit code."""
    try:
        sock = echo_socket(address, index, socket.SOCK_RAW)
    except OSError as error:
        print(error.strerror or error, file=sys.stderr)
        return _CANNOT
    become_nobody()
    give_up()
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        print("ready", flush=True)
        _serve(sock, address, index)
    return 0


def _serve(sock: socket.socket, address: str, index: int) -> None:
    selector = selectors.DefaultSelector()
    selector.register(sock, selectors.EVENT_READ)
    selector.register(0, selectors.EVENT_READ)
    sent = heard = 0
    while True:
        for key, _ in selector.select():
            if key.fileobj is sock:
                with contextlib.suppress(BlockingIOError):
                    data, sender = sock.recvfrom(2048)
                    found = replied(data, sender[0], address)
                    heard += bool(found)
                    if found and heard <= _MOST_REPLIES:
                        print(found, flush=True)
            else:
                lines = os.read(0, 4096)
                if not lines:
                    return
                for _ in range(lines.count(b"\n")):
                    send_echo(sock, index, sent)
                    sent += 1
