"""Rtnetlink, as far as neighbours and addresses go: in go addresses, out come the kernel's tables (rtnetlink(7)).

Reading needs no privilege; ``Rtnetlink.seed`` needs CAP_NET_ADMIN.
"""

from __future__ import annotations

import ipaddress
import itertools
import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass

NEW_NEIGHBOUR, GET_NEIGHBOUR = 28, 30
NEW_ADDRESS, GET_ADDRESS = 20, 22

INCOMPLETE, REACHABLE, STALE, DELAY, PROBE, FAILED, NO_ARP, PERMANENT = (1 << bit for bit in range(8))
"""The states of a neighbour (NUD_...)."""

RESOLVED = REACHABLE | STALE | DELAY | PROBE | PERMANENT

_REQUEST, _MULTI, _ACK, _REPLACE, _DUMP, _CREATE = 0x1, 0x2, 0x4, 0x100, 0x300, 0x400
_ERROR, _DONE = 2, 3
_HEADER = struct.Struct("=IHHII")
_NEIGHBOUR = struct.Struct("=BBHiHBB")
_ADDRESS = struct.Struct("=BBBBI")
_ATTRIBUTE = struct.Struct("=HH")
_DESTINATION, _LINK_ADDRESS = 1, 2
_PEER, _LOCAL = 1, 2
_TIMEOUT_S = 1.0
_MAX_ANSWERS = 65536


@dataclass(frozen=True, slots=True)
class Message:
    """One netlink message without its header."""

    kind: int
    flags: int
    sequence: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Neighbour:
    """One row of the neighbour table. ``mac`` is empty where the kernel knows none."""

    index: int
    address: str
    mac: str
    state: int


def message(kind: int, flags: int, sequence: int, body: bytes) -> bytes:
    """Return a request with its header."""
    return _HEADER.pack(_HEADER.size + len(body), kind, flags | _REQUEST, sequence, 0) + body


def attribute(kind: int, value: bytes) -> bytes:
    """Return one attribute, padded to four bytes."""
    return _ATTRIBUTE.pack(_ATTRIBUTE.size + len(value), kind) + value + bytes(-len(value) % 4)


def neighbour(index: int, address: str, mac: bytes, state: int) -> bytes:
    """Return the body that names a neighbour; ``mac`` is left out when empty."""
    parsed = ipaddress.ip_address(address)
    family = socket.AF_INET if parsed.version == 4 else socket.AF_INET6
    body = _NEIGHBOUR.pack(family, 0, 0, index, state, 0, 0) + attribute(_DESTINATION, parsed.packed)
    return body + (attribute(_LINK_ADDRESS, mac) if mac else b"")


def messages(data: bytes) -> Iterator[Message]:
    """Yield the messages of one datagram; a cut one ends it."""
    at = 0
    while at + _HEADER.size <= len(data):
        length, kind, flags, sequence, _ = _HEADER.unpack_from(data, at)
        if length < _HEADER.size or at + length > len(data):
            return
        yield Message(kind, flags, sequence, data[at + _HEADER.size : at + length])
        at += (length + 3) & ~3


def attributes(data: bytes) -> dict[int, bytes]:
    """Return the attributes by their kind; a cut one ends it."""
    found = {}
    at = 0
    while at + _ATTRIBUTE.size <= len(data):
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size or at + length > len(data):
            break
        found[kind] = data[at + _ATTRIBUTE.size : at + length]
        at += (length + 3) & ~3
    return found


def read_neighbour(body: bytes) -> Neighbour | None:
    """Return the row that a message carries; None where it names no address."""
    if len(body) < _NEIGHBOUR.size:
        return None
    _, _, _, index, state, _, _ = _NEIGHBOUR.unpack_from(body)
    found = attributes(body[_NEIGHBOUR.size :])
    destination, mac = found.get(_DESTINATION, b""), found.get(_LINK_ADDRESS, b"")
    if len(destination) not in (4, 16):
        return None
    return Neighbour(index, str(ipaddress.ip_address(destination)), mac.hex(":") if len(mac) == 6 else "", state)


def read_address(body: bytes) -> tuple[int, ipaddress.IPv4Interface] | None:
    """Return interface index and IPv4 address with its network; None where there is none."""
    if len(body) < _ADDRESS.size:
        return None
    family, prefix, _, _, index = _ADDRESS.unpack_from(body)
    found = attributes(body[_ADDRESS.size :])
    local, peer = found.get(_LOCAL, b""), found.get(_PEER, b"")
    # Where the link has two ends, the prefix is that of the other end: no network of neighbours, so no sweep.
    if family != socket.AF_INET or len(local) != 4 or prefix > 32 or (peer and peer != local):
        return None
    return index, ipaddress.IPv4Interface((local, prefix))


class Rtnetlink:
    """A netlink socket for one question at a time."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
        self._socket.bind((0, 0))
        self._socket.settimeout(_TIMEOUT_S)
        self._sequence = itertools.count(1)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def addresses(self, index: int) -> tuple[ipaddress.IPv4Interface, ...]:
        """Return the IPv4 addresses of an interface; raises OSError."""
        answers = self._ask(GET_ADDRESS, _DUMP, _ADDRESS.pack(socket.AF_INET, 0, 0, 0, index))
        rows = [read_address(answer.body) for answer in answers if answer.kind == NEW_ADDRESS]
        return tuple(row[1] for row in rows if row is not None and row[0] == index)

    def neighbours(self, family: int) -> tuple[Neighbour, ...]:
        """Return the kernel's neighbours of one family; raises OSError."""
        answers = self._ask(GET_NEIGHBOUR, _DUMP, _NEIGHBOUR.pack(family, 0, 0, 0, 0, 0, 0))
        rows = [read_neighbour(answer.body) for answer in answers if answer.kind == NEW_NEIGHBOUR]
        return tuple(row for row in rows if row is not None)

    def seed(self, index: int, address: str, mac: str) -> bool:
        """Tell the kernel that a neighbour was reached, and return whether it took that.

        What an administrator fixed stays: a device's word must not replace it.
        """
        try:
            if self._state(index, address) & (PERMANENT | NO_ARP):
                return False
            body = neighbour(index, address, bytes.fromhex(mac.replace(":", "")), REACHABLE)
            self._ask(NEW_NEIGHBOUR, _ACK | _CREATE | _REPLACE, body)
        except OSError:
            return False
        return True

    def _state(self, index: int, address: str) -> int:
        try:
            answers = self._ask(GET_NEIGHBOUR, 0, neighbour(index, address, b"", 0))
        except FileNotFoundError:
            return 0
        row = read_neighbour(answers[0].body) if answers else None
        return row.state if row is not None else 0

    def _ask(self, kind: int, flags: int, body: bytes) -> list[Message]:
        sequence = next(self._sequence) & 0xFFFFFFFF
        self._socket.send(message(kind, flags, sequence, body))
        answers: list[Message] = []
        while len(answers) < _MAX_ANSWERS:
            for answer in messages(self._socket.recv(65536)):
                if answer.sequence != sequence:
                    continue
                if answer.kind == _ERROR:
                    number = -struct.unpack_from("=i", answer.body)[0] if len(answer.body) >= 4 else 0
                    if number:
                        # OSError of a known number becomes its subclass, FileNotFoundError for one.
                        raise OSError(number, "netlink")
                    return answers
                if answer.kind == _DONE:
                    return answers
                answers.append(answer)
                if not answer.flags & _MULTI:
                    return answers
        return answers
