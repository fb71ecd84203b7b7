"""Capture files packet by packet: in goes a stream of pcap or pcapng, out come packets; memory stays flat.

No length in the file is believed further than the largest packet that there can be. Where the file breaks off or
is broken, what came before stands and ``problems`` names the packet.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

Packet = tuple[int, float, bytes]
"""Link type (LINKTYPE registry), seconds since 1970, and the bytes that were kept of it."""

MAGICS = (b"\xa1\xb2\xc3\xd4", b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x4d\x3c\xb2\xa1", b"\x0a\x0d\x0d\x0a")
GZIP = b"\x1f\x8b"

MAX_PACKET = 256 * 1024
"""The largest snap length that libpcap knows."""

_MAX_BLOCK = 16 * 1024 * 1024
_CHUNK = 1 << 20
_MICRO, _NANO = 1e-6, 1e-9
_SECTION, _INTERFACE, _OLD_PACKET, _SIMPLE, _ENHANCED = 0x0A0D0D0A, 1, 2, 3, 6
_BYTE_ORDERS = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_TSRESOL, _TSOFFSET = 9, 14


def is_capture(start: bytes) -> bool:
    """Say whether a file that begins so is a capture."""
    return start[:4] in MAGICS


@dataclass(frozen=True, slots=True)
class _Interface:
    link: int
    snap: int
    unit: float
    offset: float


class Readable(Protocol):
    """Where a capture comes from: a file, a pipe, an unpacker."""

    def read(self, size: int, /) -> bytes | None:
        """Return up to ``size`` bytes, none at the end."""


class Records:
    """The packets of one capture, once; ``number`` is that of the packet given last, counted from one."""

    def __init__(self, stream: Readable) -> None:
        self.number = 0
        self.cut = 0
        """Packets of which the capture kept only the beginning."""
        self.first_cut = 0
        self.problems: list[tuple[int, str]] = []
        self._read: Callable[[int], bytes | None] = stream.read
        self._data = b""
        self._order = "<"
        self._interfaces: list[_Interface] = []

    def __iter__(self) -> Iterator[Packet]:
        try:
            yield from self._packets()
        except (EOFError, gzip.BadGzipFile, zlib.error):
            self._broken("the compressed file is cut short or broken here")

    def _packets(self) -> Iterator[Packet]:
        self._need(0, 24)
        magic = self._data[:4]
        if magic == MAGICS[-1]:
            yield from self._blocks()
        elif magic in MAGICS and len(self._data) >= 24:
            order = ">" if magic in (MAGICS[0], MAGICS[2]) else "<"
            unit = _NANO if magic in MAGICS[2:4] else _MICRO
            # The upper bits hold the length of a frame check sequence, which is no part of the link type.
            link = struct.unpack_from(order + "I", self._data, 20)[0] & 0xFFFF
            yield from self._classic(order, unit, link)
        else:
            self._broken("the file ends before its first packet" if magic in MAGICS else "is no capture file")

    def _classic(self, order: str, unit: float, link: int) -> Iterator[Packet]:
        header = struct.Struct(order + "IIII").unpack_from
        at = 24
        while True:
            if at + 16 > len(self._data):
                at = self._need(at, 16)
                if len(self._data) < 16:
                    self._broken("the file is cut short here" if self._data else "")
                    return
            seconds, part, kept, length = header(self._data, at)
            if kept > MAX_PACKET:
                self._broken(f"says it has {kept} bytes, which no packet has: the file is broken from here on")
                return
            end = at + 16 + kept
            if end > len(self._data):
                at, end = self._need(at, 16 + kept), 16 + kept
                if len(self._data) < end:
                    self._broken("the file is cut short here")
                    return
            self._count(kept, length)
            yield link, seconds + part * unit, self._data[at + 16 : end]
            at = end

    def _blocks(self) -> Iterator[Packet]:
        at = 0
        while True:
            if at + 12 > len(self._data):
                at = self._need(at, 12)
                if len(self._data) < 12:
                    self._broken("the file is cut short here" if self._data else "")
                    return
            if self._data[at : at + 4] == MAGICS[-1]:
                self._order = _BYTE_ORDERS.get(self._data[at + 8 : at + 12], "")
                self._interfaces = []
            if not self._order:
                self._broken("a section does not say its byte order: the file is broken from here on")
                return
            kind, size = struct.unpack_from(self._order + "II", self._data, at)
            if size < 12 or size % 4 or size > _MAX_BLOCK:
                self._broken(f"a block says it has {size} bytes: the file is broken from here on")
                return
            if at + size > len(self._data):
                at = self._need(at, size)
                if len(self._data) < size:
                    self._broken("the file is cut short here")
                    return
            packet = self._block(kind, at, size)
            if packet is not None:
                yield packet
            at += size

    def _block(self, kind: int, at: int, size: int) -> Packet | None:
        """Return the packet of a block; what is no packet gives none, what is a broken one is named."""
        data, order = self._data, self._order
        if kind == _ENHANCED and size >= 32:
            index, high, low, kept, length = struct.unpack_from(order + "IIIII", data, at + 8)
            return self._packet(index, high << 32 | low, kept, length, at + 28, at + size - 4)
        if kind == _SIMPLE and size >= 16:
            length = struct.unpack_from(order + "I", data, at + 8)[0]
            snap = self._interfaces[0].snap if self._interfaces else 0
            kept = min(length, size - 16, snap or MAX_PACKET)
            return self._packet(0, 0, kept, length, at + 12, at + size - 4)
        if kind == _OLD_PACKET and size >= 32:
            index, _, high, low, kept, length = struct.unpack_from(order + "HHIIII", data, at + 8)
            return self._packet(index, high << 32 | low, kept, length, at + 28, at + size - 4)
        if kind == _INTERFACE and size >= 20:
            self._interfaces.append(_interface(data[at + 8 : at + size - 4], order))
        return None

    def _packet(self, index: int, ticks: int, kept: int, length: int, begin: int, end: int) -> Packet | None:
        if index >= len(self._interfaces) or kept > end - begin:
            self.number += 1
            self.problems.append((self.number, f"packet {self.number} is broken and was left out"))
            return None
        self._count(kept, length)
        interface = self._interfaces[index]
        return interface.link, ticks * interface.unit + interface.offset, self._data[begin : begin + kept]

    def _count(self, kept: int, length: int) -> None:
        self.number += 1
        if kept < length:
            self.cut += 1
            self.first_cut = self.first_cut or self.number

    def _need(self, at: int, size: int) -> int:
        """Drop what was read and have ``size`` bytes ready, or all that are left; return where they begin: 0."""
        parts = [self._data[at:]]
        held = len(parts[0])
        while held < size:
            more = self._read(_CHUNK)
            if not more:
                break
            parts.append(more)
            held += len(more)
        self._data = b"".join(parts)
        return 0

    def _broken(self, what: str) -> None:
        if what:
            number = self.number + 1
            self.problems.append((number, f"packet {number}: {what}; the {self.number} before it were read"))


def _interface(body: bytes, order: str) -> _Interface:
    link, _, snap = struct.unpack_from(order + "HHI", body)
    unit, offset, at = _MICRO, 0.0, 8
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4 : at + 4 + size]
        if code == _TSRESOL and len(value) == 1:
            # The topmost bit says whether the rest is a power of two or of ten.
            unit = 2.0 ** -(value[0] & 0x7F) if value[0] & 0x80 else 10.0 ** -min(value[0], 30)
        elif code == _TSOFFSET and len(value) == 8:
            offset = float(struct.unpack(order + "q", value)[0])
        elif code == 0:
            break
        at += 4 + (size + 3) // 4 * 4
    return _Interface(link, snap, unit, offset)
