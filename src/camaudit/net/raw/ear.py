"""The listening process: packets of one interface out on stdout as a pcap stream; it sends nothing.

It opens its socket, gives every privilege up, and only then takes the first packet. It ends with its stdin. One
JSON line on stderr says at the end how many packets the kernel had no room for, or at the start what hindered it.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import socket
import struct
import sys
import time

from camaudit.net.raw.privilege import become_nobody, give_up

CANNOT = 3
"""The exit code where it cannot listen."""

_EVERY_TYPE = 3
_ETHERNET, _LOOPBACK, _NO_HEADER, _POINT_TO_POINT = 1, 772, 65534, 512
_LINKS = {_ETHERNET: 1, _LOOPBACK: 1, _NO_HEADER: 101, _POINT_TO_POINT: 101}
_OUTGOING = 4
_LARGEST = 262144
_AT_ONCE = 512
_ROOM = 32 * 1024 * 1024
_PACKET_LEVEL, _ADD_MEMBERSHIP, _STATISTICS, _PROMISCUOUS = 263, 1, 6, 1
_RECEIVE_BUFFER_FORCED = 33


def opened(interface: str) -> tuple[socket.socket, int]:
    """Return a socket that hears everything on ``interface``, and its link type; raises OSError."""
    index = socket.if_nametoindex(interface)
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW | socket.SOCK_NONBLOCK, 0)
    try:
        for option in (_RECEIVE_BUFFER_FORCED, socket.SO_RCVBUF):
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, option, _ROOM)
                break
        sock.bind((interface, _EVERY_TYPE))
        hardware = sock.getsockname()[3]
        if hardware not in _LINKS:
            raise OSError(f"{interface} is of a kind ({hardware}) that is not read")
        if hardware == _ETHERNET:
            # To hear what a mirror port carries; unlike joining a group, it sends nothing.
            member = struct.pack("IHH8s", index, _PROMISCUOUS, 0, b"")
            sock.setsockopt(_PACKET_LEVEL, _ADD_MEMBERSHIP, member)
    except OSError:
        sock.close()
        raise
    return sock, _LINKS[hardware]


def listen(sock: socket.socket, link: int, stdin: int, stdout: int) -> None:
    """Write what is heard to ``stdout`` until ``stdin`` ends."""
    _write(stdout, struct.pack("=IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, _LARGEST, link))
    twice = sock.getsockname()[3] == _LOOPBACK
    selector = selectors.DefaultSelector()
    selector.register(stdin, selectors.EVENT_READ)
    selector.register(sock, selectors.EVENT_READ)
    while True:
        ready = selector.select()
        _write(stdout, b"".join(_waiting(sock, twice=twice)))
        if any(key.fd == stdin for key, _ in ready) and not os.read(stdin, 4096):
            return


def _waiting(sock: socket.socket, *, twice: bool) -> list[bytes]:
    """Return the packets that wait, each with its pcap header; loopback gives each packet out and in."""
    parts: list[bytes] = []
    for _ in range(_AT_ONCE):
        try:
            data, sender = sock.recvfrom(_LARGEST)
        except BlockingIOError:
            break
        except OSError:
            break  # the interface went down; when it is up again, the socket hears again
        if twice and sender[2] == _OUTGOING:
            continue
        now = time.time()
        parts.append(struct.pack("=IIII", int(now), int(now % 1 * 1e6), len(data), len(data)))
        parts.append(data)
    return parts


def _write(stdout: int, data: bytes) -> None:
    while data:
        data = data[os.write(stdout, data) :]


def main(interface: str) -> int:
    """Listen on ``interface``; stdin, stdout and stderr are the parent's pipes."""
    try:
        sock, link = opened(interface)
        become_nobody()
        give_up()
    except PermissionError:
        return _cannot("listening needs the raw-socket privilege: run as root, or give it to this command alone")
    except (OSError, AttributeError) as error:
        return _cannot(f"{interface[:40]}: {getattr(error, 'strerror', None) or error}")
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        listen(sock, link, sys.stdin.fileno(), sys.stdout.fileno())
    received, dropped = struct.unpack("II", sock.getsockopt(_PACKET_LEVEL, _STATISTICS, 8))
    print(json.dumps({"received": received, "dropped": dropped}), file=sys.stderr, flush=True)
    return 0


def _cannot(why: str) -> int:
    print(json.dumps({"why": why}), file=sys.stderr, flush=True)
    return CANNOT


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
