"""Packets and capture files made from nothing: frames with right lengths, conversations, pcap and pcapng.

``camera_traffic`` gives as many packets as are asked for, mostly video, as a mirror port of cameras would.
"""

from __future__ import annotations

import ipaddress
import itertools
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from camaudit.probes import dhip, mdns

ETHERNET, RAW, SLL = 1, 101, 113
ROUTER_MAC = "00:00:5e:00:53:01"
_SYN, _ACK, _FIN, _PUSH = 2, 16, 1, 8
_TCP, _UDP = 6, 17


def mac(text: str) -> bytes:
    """Return the bytes of a MAC address."""
    return bytes.fromhex(text.replace(":", ""))


def ethernet(payload: bytes, source: str, *, kind: int = 0, vlans: Iterable[int] = ()) -> bytes:
    """Return a frame to everybody; its type is that of the IP version unless given."""
    found = kind or (0x86DD if payload[:1] and payload[0] >> 4 == 6 else 0x0800)
    tags = b"".join(struct.pack(">HH", 0x8100, vlan) for vlan in vlans)
    return b"\xff" * 6 + mac(source) + tags + struct.pack(">H", found) + payload


def ip(payload: bytes, source: str, target: str, protocol: int, *, ttl: int = 64, fragment: int = 0) -> bytes:
    """Return an IPv4 or IPv6 packet; ``fragment`` is the field of flags and offset of IPv4."""
    here, there = ipaddress.ip_address(source), ipaddress.ip_address(target)
    if here.version == 6:
        return struct.pack(">IHBB", 6 << 28, len(payload), protocol, ttl) + here.packed + there.packed + payload
    head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 1, fragment, ttl, protocol, 0)
    return head + here.packed + there.packed + payload


def udp(data: bytes, source: str, target: str, ports: tuple[int, int], **more: int) -> bytes:
    """Return an IP packet with one datagram from port to port."""
    body = struct.pack(">HHHH", *ports, 8 + len(data), 0) + data
    return ip(body, source, target, _UDP, **more)


def tcp(data: bytes, ends: tuple[str, str], ports: tuple[int, int], numbers: tuple[int, int], flags: int) -> bytes:
    """Return an IP packet with one segment; ``numbers`` are sequence and acknowledgement."""
    sequence, acknowledged = (number % (1 << 32) for number in numbers)
    head = struct.pack(">HHIIBBHHH", *ports, sequence, acknowledged, 0x50, flags, 65535, 0, 0)
    return ip(head + data, *ends, _TCP)


def arp(address: str, sender: str) -> bytes:
    """Return the frame in which a unit says that it has an address."""
    here = ipaddress.ip_address(address).packed
    body = bytes.fromhex("0001080006040002") + mac(sender) + here + mac(sender) + here
    return ethernet(body, sender, kind=0x0806)


@dataclass(slots=True)
class Conversation:
    """A TCP connection from its SYN; each method returns the frames of a step."""

    client: str
    server: str
    port: int
    client_mac: str = "02:00:00:00:00:01"
    server_mac: str = "02:00:00:00:00:02"
    own_port: int = 40000
    largest: int = 1460
    vlans: tuple[int, ...] = ()
    sent: list[int] = field(default_factory=lambda: [1000, 4294967000])
    """Sequence numbers of client and server; the server's is about to go round."""

    def open(self) -> list[bytes]:
        """Return the handshake."""
        return [self._segment(0, b"", _SYN), self._segment(1, b"", _SYN | _ACK), self._segment(0, b"", _ACK)]

    def ask(self, request: bytes, answer: bytes) -> list[bytes]:
        """Return a request and its answer, in as many segments as they need."""
        return [*self._parts(0, request), *self._parts(1, answer)]

    def close(self) -> list[bytes]:
        """Return the ends of both sides."""
        return [self._segment(1, b"", _FIN | _ACK), self._segment(0, b"", _FIN | _ACK)]

    def _parts(self, side: int, data: bytes) -> list[bytes]:
        cuts = range(0, len(data), self.largest)
        return [self._segment(side, data[at : at + self.largest], _ACK | _PUSH) for at in cuts]

    def _segment(self, side: int, data: bytes, flags: int) -> bytes:
        ends = (self.client, self.server) if side == 0 else (self.server, self.client)
        ports = (self.own_port, self.port) if side == 0 else (self.port, self.own_port)
        numbers = (self.sent[side], self.sent[1 - side] if flags & _ACK else 0)
        self.sent[side] += len(data) + bool(flags & (_SYN | _FIN))
        source = self.client_mac if side == 0 else self.server_mac
        return ethernet(tcp(data, ends, ports, numbers, flags), source, vlans=self.vlans)


def pcap(
    packets: Iterable[bytes], *, link: int = ETHERNET, order: str = "<", keep: int = 262144, began: float = 1.6e9
) -> Iterator[bytes]:
    """Yield a pcap file piece by piece; of each packet ``keep`` bytes are kept, and one comes each millisecond."""
    yield struct.pack(order + "IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, keep, link)
    for number, data in enumerate(packets):
        micros = int(began * 1e6) + number * 1000
        kept = data[:keep]
        yield struct.pack(order + "IIII", micros // 10**6, micros % 10**6, len(kept), len(data)) + kept


def pcapng(
    packets: Iterable[bytes], *, link: int = ETHERNET, order: str = "<", began: float = 1.6e9
) -> Iterator[bytes]:
    """Yield a pcapng file piece by piece, with times in nanoseconds."""
    yield _block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1), order)
    resolution = struct.pack(order + "HHBxxx", 9, 1, 9) + struct.pack(order + "HH", 0, 0)
    yield _block(1, struct.pack(order + "HHI", link, 0, 0) + resolution, order)
    for number, data in enumerate(packets):
        nanos = int(began * 1e9) + number * 10**6
        head = struct.pack(order + "IIIII", 0, nanos >> 32, nanos & 0xFFFFFFFF, len(data), len(data))
        yield _block(6, head + data + bytes(-len(data) % 4), order)


def _block(kind: int, body: bytes, order: str) -> bytes:
    size = struct.pack(order + "I", 12 + len(body))
    return struct.pack(order + "I", kind) + size + body + size


def camera_traffic(packets: int, cameras: int = 64, *, size: int = 1400) -> Iterator[bytes]:
    """Yield frames of a network of cameras: 93 of 100 are video, the others talk of themselves or to the outside.

    ``size`` is that of a video packet. The first frames of each camera name it: ARP, discovery, a page, a stream.
    """
    named = itertools.chain.from_iterable(_named(number) for number in range(cameras))
    given = list(itertools.islice(named, packets))
    yield from given
    turns = [_turn(number, size) for number in range(cameras)]
    endless = itertools.cycle(itertools.chain.from_iterable(turns))
    yield from itertools.islice(endless, packets - len(given))


def address_of(number: int) -> str:
    """Return the address of the ``number``-th camera."""
    return str(ipaddress.ip_address("198.18.0.10") + number)


def mac_of(number: int) -> str:
    """Return its MAC address, of a prefix that Dahua has registered."""
    return f"3c:ef:8c:00:{number >> 8 & 255:02x}:{number & 255:02x}"


def _named(number: int) -> Iterator[bytes]:
    here, unit = address_of(number), mac_of(number)
    serial = f"4K01234PAG{number:05d}"
    said = (
        f'{{"mac":"{unit}","method":"client.notifyDevInfo","params":{{"deviceInfo":{{"DeviceType":"IPC-HFW1230S",'
        f'"Vendor":"Dahua","SerialNo":"{serial}","Version":"2.800.0.1","HttpPort":80}}}}}}'
    ).encode()
    reply = b"\x20\x00\x00\x00DHIP" + bytes(8) + struct.pack("<IIII", len(said), 0, len(said), 0) + said
    yield arp(here, unit)
    yield ethernet(udp(reply, here, "198.18.0.2", (dhip.PORT, 50000)), unit)
    web = Conversation("198.18.0.2", here, 80, server_mac=unit, own_port=20000 + number)
    page = b"<html><head><title>WEB SERVICE</title></head></html>"
    head = b"HTTP/1.1 200 OK\r\nServer: webserver\r\nContent-Length: %d\r\n\r\n" % len(page)
    yield from (*web.open(), *web.ask(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", head + page), *web.close())


def _turn(number: int, size: int) -> list[bytes]:
    """Return a hundred frames of a camera, which come again and again."""
    here, unit, recorder = address_of(number), mac_of(number), "198.18.0.2"
    picture = bytes(range(256)) * (size // 256 + 1)
    over_udp = ethernet(udp(picture[: size - 42], here, recorder, (30000, 40000 + number)), unit)
    inside = b"$\x00" + struct.pack(">H", size - 58) + picture[: size - 58]
    over_tcp = ethernet(tcp(inside, (here, recorder), (554, 41000 + number), (7, 7), _ACK), unit)
    back = ethernet(tcp(b"", (recorder, here), (41000 + number, 554), (7, 7), _ACK), "02:00:00:00:00:02")
    question = b"\0\1\1\0\0\1\0\0\0\0\0\0" + b"\3www\12easy4ipcloud\3com\0".replace(b"\12", b"\x0c") + b"\0\1\0\1"
    talk = [
        arp(here, unit),
        ethernet(udp(question, here, "198.18.0.1", (5353 + 1000, 53)), unit),
        ethernet(udp(mdns.request(), here, "224.0.0.251", (5353, 5353), ttl=255), unit),
    ]
    return [over_udp] * 60 + [over_tcp] * 33 + [back] * 4 + talk
