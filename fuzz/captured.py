"""Targets: packets of others, from capture files and from the wire."""

from __future__ import annotations

import gzip
import io
import struct
from collections.abc import Iterable, Iterator

from benchmarks import packets as made

from camaudit.imports.capture import Heard, Sorter, read_stream
from camaudit.imports.capture.datagrams import asked_host, lease_of
from camaudit.imports.capture.exchanges import onward, read_request, told_by
from camaudit.imports.capture.handshakes import asked_name, server_part
from camaudit.imports.capture.neighbours import announced
from camaudit.imports.entry import Entry, Imported
from camaudit.imports.reading import read_file
from camaudit.probes.message import read
from fuzz import samples
from fuzz.seeds import recorded
from fuzz.target import REFUSED, Target, file_of, kept

_CAMERA, _CLIENT, _MAC = "192.0.2.10", "192.0.2.200", "28:57:be:00:00:10"
_LINKS = (1, 0, 12, 101, 108, 113, 228, 229, 276, 147)
_C = "camaudit.imports.capture."


def _keep(entry: Entry) -> None:
    kept(entry.fields)


def _capture(data: bytes) -> None:
    read_stream(io.BytesIO(data), _keep)


def _packed_capture(data: bytes) -> None:
    """Read a file that is packed with gzip, its packets mutated before packing."""
    packed = gzip.compress(data, compresslevel=1, mtime=0)
    # One byte of the packed form is broken too, where the input says which.
    at = data[0] * 7 if data else 0
    if at and at < len(packed):
        packed = packed[:at] + bytes([packed[at] ^ 1]) + packed[at + 1 :]
    found = read_file(file_of(packed, "capture.pcap.gz"), "capture", {})
    assert isinstance(found, Imported)


def _packets(data: bytes) -> None:
    """Read packets without a file around them: each is led by its link type and its length."""
    sorter = Sorter(Heard(_keep))
    for number, (link, packet) in enumerate(_cut(data)):
        sorter.take(link, float(number), packet)
    sorter.finish()


def _cut(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 3 <= len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "big")
        yield _LINKS[data[at] % len(_LINKS)], data[at + 3 : at + 3 + size]
        at += 3 + size


def _conversation(data: bytes) -> None:
    """Read what a client and a server say to each other; the input says who, how much and what."""
    sorter = Sorter(Heard(_keep))
    sequences, at = [1000, 5000], 0
    while at + 4 <= len(data):
        side, jump, size = data[at] & 1, data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        payload = data[at + 4 : at + 4 + size]
        ends, ports = ((_CLIENT, _CAMERA), (40000, 80)) if side == 0 else ((_CAMERA, _CLIENT), (80, 40000))
        flags = 16 | (data[at] >> 1 & 7)
        numbers = (sequences[side] + (jump - 128 if data[at] & 128 else 0), sequences[1 - side])
        frame = made.ethernet(made.tcp(payload, ends, ports, numbers, flags), _MAC)
        sorter.take(1, float(at), frame)
        sequences[side] += len(payload)
        at += 4 + size
    sorter.finish()


def _exchange(data: bytes) -> None:
    request, _ = read_request(data)
    said = read(data.partition(b"\0\0")[2])
    if said is not None:
        onward(request, said)
        for _, _, fields in told_by(request, said):
            kept(fields)


def _handshake(data: bytes) -> None:
    asked_name(data)
    server_part(data)


def _dhcp(data: bytes) -> None:
    lease_of(data)
    # Most of a message is fixed: put the input where its options are.
    head = bytes([1, 1, 6, 0]) + bytes(24) + bytes.fromhex("2857be000001") + bytes(202) + b"\x63\x82\x53\x63"
    lease_of(head + data)


def _frames() -> list[bytes]:
    talk = made.Conversation(_CLIENT, _CAMERA, 80, server_mac=_MAC)
    asked = b"GET / HTTP/1.1\r\nHost: 192.0.2.10\r\n\r\n"
    sadp = made.udp(samples.SADP[0], _CAMERA, "239.255.255.250", (37020, 37020))
    return [
        made.ethernet(sadp, _MAC),
        made.ethernet(made.udp(samples.MDNS[0], "fe80::1", "ff02::fb", (5353, 5353)), _MAC, vlans=(7,)),
        made.arp(_CAMERA, _MAC),
        *talk.open(),
        *talk.ask(asked, samples.HTTP[1]),
        *talk.close(),
        made.ethernet(made.udp(_DNS, _CAMERA, "192.0.2.1", (40000, 53)), _MAC),
        made.ethernet(made.udp(_DHCP, "0.0.0.0", "255.255.255.255", (68, 67)), _MAC),
        _LLDP,
    ]


_DNS = struct.pack(">HHHHHH", 1, 0x0100, 1, 0, 0, 0) + b"\x03dev\x09hik-onlin\x03com\0\0\1\0\1"
_LLDP = (
    b"\x01\x80\xc2\0\0\x0e"
    + bytes.fromhex("2857be000010")
    + b"\x88\xcc"
    + b"\x02\x07\x04"
    + bytes.fromhex("2857be000010")
    + b"\x0a\x04CAM1"
    + b"\x0c\x05IPCAM"
    + b"\xfe\x08\x00\x12\xbb\x0aDS-2"
    + b"\x10\x0c\x05\x01\xc0\x00\x02\x0a\x02\0\0\0\1\0"
    + b"\0\0"
)
_DHCP = (
    bytes([1, 1, 6, 0])
    + bytes(24)
    + bytes.fromhex("2857be000010")
    + bytes(202)
    + b"\x63\x82\x53\x63\x35\x01\x03\xff"
)
_GRANTED = b"\x35\x01\x05\x0c\x04cam1\0\0\xff"
_OPTIONS = b"\x35\x01\x03\x32\x04\xc0\x00\x02\x0a\x0c\x04cam1\x3c\x05dhcpx\xff"


def captured() -> bytes:
    """Return a small capture file."""
    return b"".join(made.pcap(_frames()[:3]))


def _led(frames: Iterable[bytes]) -> bytes:
    return b"".join(b"\0" + struct.pack(">H", len(frame)) + frame for frame in frames)


def _said(*parts: tuple[int, bytes]) -> bytes:
    return b"".join(struct.pack(">BBH", side, 128, len(text)) + text for side, text in parts)


def _record(kind: int, body: bytes) -> bytes:
    message = bytes([kind]) + len(body).to_bytes(3, "big") + body
    return b"\x16\x03\x03" + struct.pack(">H", len(message)) + message


def _handshakes() -> Iterable[bytes]:
    name = b"dev.hik-online.com"
    entry = b"\0" + struct.pack(">H", len(name)) + name
    extension = struct.pack(">HHH", 0, len(entry) + 2, len(entry)) + entry
    hello = (
        b"\x03\x03"
        + bytes(32)
        + b"\0"
        + b"\0\x02\x13\x01"
        + b"\x01\0"
        + struct.pack(">H", len(extension))
        + extension
    )
    certificate = samples.CERTIFICATES[0]
    chain = len(certificate).to_bytes(3, "big") + certificate
    server = b"\x03\x03" + bytes(32) + b"\0" + b"\x13\x01\0" + b"\0\x06\0\x2b\0\x02\x03\x03"
    yield _record(1, hello)
    yield _record(2, server) + _record(11, len(chain).to_bytes(3, "big") + chain) + _record(14, b"")


def _exchanges() -> Iterable[bytes]:
    for path in (
        b"/",
        b"/ISAPI/System/deviceInfo",
        b"/doc/page/login.asp",
        b"/cgi-bin/magicBox.cgi?action=getSystemInfo",
    ):
        for answered in (*samples.HTTP[:2], *recorded("GET /")[:2]):
            yield b"GET " + path + b" HTTP/1.1\r\nCookie: a=b\r\n\r\n\0\0" + answered
    body = samples.SOAP[0].replace(b"Response", b"")
    yield b"POST /onvif HTTP/1.1\r\nContent-Length: %d\r\n\r\n%s\0\0" % (len(body), body) + samples.HTTP[1]
    yield b"DESCRIBE rtsp://192.0.2.10/ RTSP/1.0\r\n\r\n\0\0" + samples.RTSP[1]


_TCP_WORDS = (
    b"GET / HTTP/1.1\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
    b"\x16\x03\x01",
    b"$\0\0\0",
    b"\x10\x80\0\x10",
)
_IP_WORDS = (b"\x08\x00\x45\0", b"\x86\xdd\x60\0", b"\x81\0\0\7", b"\x88\xcc", b"\x08\x06", b"\x90\x9c\x90\x9c")

TARGETS = (
    Target(
        "pcap",
        _capture,
        lambda: (b"".join(made.pcap(_frames())), b"".join(made.pcap(_frames()[:2], order=">"))),
        (_C + "records:Records", _C + "sorting", _C + "layers"),
        words=_IP_WORDS,
    ),
    Target(
        "pcapng",
        _capture,
        lambda: (b"".join(made.pcapng(_frames())), b"".join(made.pcapng(_frames()[:2], order=">"))),
        (_C + "records", _C + "sorting"),
        words=(b"\x0a\x0d\x0d\x0a", b"\x06\0\0\0", b"\x1a\x2b\x3c\x4d", *_IP_WORDS),
    ),
    Target(
        "pcap-gz",
        _packed_capture,
        lambda: (b"".join(made.pcap(_frames()[:3])),),
        ("camaudit.imports.capture",),
        allowed=REFUSED,
        limit=1024,
    ),
    Target(
        "packets",
        _packets,
        lambda: (_led(_frames()), *(_led([frame]) for frame in _frames())),
        (_C + "sorting", _C + "layers", _C + "neighbours", _C + "heard"),
        words=(*_IP_WORDS, *_TCP_WORDS),
    ),
    Target(
        "conversation", _conversation, lambda: _conversations(), (_C + "talks", _C + "sides"), words=_TCP_WORDS
    ),
    Target(
        "exchange",
        _exchange,
        _exchanges,
        (_C + "exchanges",),
        words=(b"Authorization: ", b"X-Auth-Token: ", b"Set-Cookie: a=b\r\n", b"?auth=", b"<Body><", b"\0\0"),
    ),
    Target(
        "handshake",
        _handshake,
        _handshakes,
        (_C + "handshakes",),
        words=(b"\x16\x03\x03\0\x10", b"\x02\0\0\x2c", b"\0\x2b"),
    ),
    Target(
        "dns",
        asked_host,
        lambda: (_DNS, _DNS[:12] + b"\x0a\x07in-addr\x04arpa\0\0\x0c\0\1", _DNS[:2] + b"\x81" + _DNS[3:]),
        (_C + "datagrams:asked_host",),
        words=(b"\xc0\x0c", b"\x3f", b"\x04arpa\0"),
        limit=1024,
    ),
    Target(
        "dhcp",
        _dhcp,
        lambda: (_OPTIONS, _GRANTED),
        (_C + "datagrams:lease_of _options",),
        words=(b"\x35\x01\x05", b"\x32\x04", b"\xff"),
        limit=1024,
    ),
    Target(
        "lldp",
        lambda data: announced(data, 14, _MAC),
        lambda: (_LLDP,),
        (_C + "neighbours:announced",),
        limit=1024,
    ),
)


def _conversations() -> Iterable[bytes]:
    asked = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    yield _said((0, asked), (1, samples.HTTP[1]), (0, asked), (1, samples.HTTP[0]))
    yield _said(*((number % 2, each) for number, each in enumerate(_handshakes())))
    yield _said((0, b"DESCRIBE rtsp://a/ RTSP/1.0\r\n\r\n"), (1, samples.RTSP[1]))
