"""Every packet that the scanner sent, written down where the bridge hears it, and what was said in them.

As a program: ``capture.py INTERFACE ADDRESS FILE`` writes one line of JSON for each TCP or UDP packet from ADDRESS
until its standard input ends, then one with the packets the kernel had to drop. As a module: such a file goes in,
requests and datagrams come out.
"""

from __future__ import annotations

import json
import select
import socket
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_EVERY, _IPV4 = 0x0003, b"\x08\x00"
_SOL_PACKET, _PACKET_STATISTICS = 263, 6
_TCP, _UDP = 6, 17
_SYN = 0x02


@dataclass(frozen=True)
class Request:
    """One request that went over TCP. ``broken`` holds bytes that are no request."""

    to: str
    port: int
    method: str = ""
    path: str = ""
    headers: dict[str, str] | None = None
    body: bytes = b""
    broken: bytes = b""

    def header(self, name: str) -> str:
        """Return a header, or an empty text."""
        return (self.headers or {}).get(name, "")


@dataclass(frozen=True)
class Datagram:
    """One UDP datagram."""

    to: str
    port: int
    payload: bytes


@dataclass(frozen=True)
class Capture:
    """What one run sent. ``dropped`` counts packets that went by unseen."""

    requests: tuple[Request, ...]
    datagrams: tuple[Datagram, ...]
    destinations: frozenset[str]
    dropped: int


def read(file: Path) -> Capture:
    """Read what the program below wrote."""
    packets = [json.loads(line) for line in file.read_text("ascii").splitlines()]
    dropped = packets.pop()["dropped"]
    datagrams = [Datagram(p["to"], p["port"], bytes.fromhex(p["data"])) for p in packets if p["kind"] == "udp"]
    requests = [request for to, port, said in _streams(packets) for request in _requests(to, port, said)]
    return Capture(tuple(requests), tuple(datagrams), frozenset(p["to"] for p in packets), dropped)


def _streams(packets: list[dict[str, Any]]) -> Iterator[tuple[str, int, bytes]]:
    """Yield the bytes of each connection in order, each byte once however often it was sent."""
    connections: list[dict[int, bytes]] = []
    ends: list[tuple[str, int]] = []
    current: dict[tuple[int, str, int], int] = {}
    first: dict[int, int] = {}
    for packet in (p for p in packets if p["kind"] == "tcp"):
        key = (packet["from"], packet["to"], packet["port"])
        is_new = packet["syn"] and (key not in current or first[current[key]] != packet["seq"])
        if is_new or key not in current:
            current[key] = len(connections)
            first[current[key]] = packet["seq"]
            connections.append({})
            ends.append((packet["to"], packet["port"]))
        if packet["data"]:
            place = (packet["seq"] - first[current[key]]) % (1 << 32)
            connections[current[key]][place] = bytes.fromhex(packet["data"])
    for (to, port), pieces in zip(ends, connections, strict=True):
        said = b""
        for place in sorted(pieces):
            # A gap becomes zeroes, which no reader takes for a request.
            said += bytes(max(0, place - len(said) - 1))
            said += pieces[place][max(0, len(said) + 1 - place) :]
        if said:
            yield to, port, said


def _requests(to: str, port: int, said: bytes) -> Iterator[Request]:
    while said:
        head, ended, rest = said.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if not ended or len(words) != 3 or not words[2].startswith(("HTTP/1.", "RTSP/1.")):
            yield Request(to, port, broken=said)
            return
        headers = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines[1:])}
        length = int(headers.get("content-length", "0"))
        yield Request(to, port, words[0], words[1], headers, rest[:length])
        said = rest[length:]


def _packet(frame: bytes, sender: bytes) -> dict[str, Any] | None:
    ip = frame[14:]
    if frame[12:14] != _IPV4 or len(ip) < 20 or ip[12:16] != sender or ip[9] not in (_TCP, _UDP):
        return None
    header, total = (ip[0] & 15) * 4, struct.unpack(">H", ip[2:4])[0]
    payload = ip[header:total]
    from_port, to_port = struct.unpack(">HH", payload[:4])
    found = {"to": socket.inet_ntoa(ip[16:20]), "from": from_port, "port": to_port}
    if ip[9] == _UDP:
        return found | {"kind": "udp", "data": payload[8:].hex()}
    data = payload[(payload[12] >> 4) * 4 :]
    seq = struct.unpack(">I", payload[4:8])[0]
    return found | {"kind": "tcp", "seq": seq, "syn": bool(payload[13] & _SYN), "data": data.hex()}


def main(interface: str, address: str, file: Path) -> None:
    """Write down packets until standard input ends."""
    sender = socket.inet_aton(address)
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_EVERY)) as sock, file.open("w") as out:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024 * 1024)
        sock.bind((interface, _EVERY))
        print("ready", flush=True)
        while True:
            readable = select.select([sock, sys.stdin], [], [])[0]
            if sock in readable:
                packet = _packet(sock.recv(65600), sender)
                if packet is not None:
                    out.write(json.dumps(packet) + "\n")
            elif sys.stdin.read() == "":
                break
        dropped = struct.unpack("II", sock.getsockopt(_SOL_PACKET, _PACKET_STATISTICS, 8))[1]
        out.write(json.dumps({"dropped": dropped}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
