"""DNS questions and DHCP requests: in go datagrams, out come host names and what a client says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from camaudit.imports.capture.handshakes import as_host_name
from camaudit.imports.entry import as_address, as_mac
from camaudit.probes.text import decode

_MOST_LABELS = 40
_COOKIE = b"\x63\x82\x53\x63"
_HOST_NAME, _REQUESTED, _TYPE, _VENDOR_CLASS = 12, 50, 53, 60
_ACK = 5


@dataclass(frozen=True, slots=True)
class Lease:
    """What a DHCP message tells of its client; texts are as sent."""

    mac: str
    address: str
    name: str
    vendor_class: str


def asked_host(datagram: bytes) -> str:
    """Return the host name that a DNS query asks for; empty for an answer, a reverse query and everything else."""
    if len(datagram) < 17 or datagram[2] & 0x80 or datagram[4:6] == b"\0\0":
        return ""
    labels, at = [], 12
    for _ in range(_MOST_LABELS):
        size = datagram[at] if at < len(datagram) else 0
        if size == 0 or size > 63:
            break
        labels.append(datagram[at + 1 : at + 1 + size].decode("ascii", "replace"))
        at += 1 + size
    name = as_host_name(".".join(labels))
    return "" if name.endswith((".arpa", ".local")) else name


def lease_of(datagram: bytes) -> Lease | None:
    """Return what a DHCP message says of its client: its own word, or the server's for the address."""
    if len(datagram) < 240 or datagram[1:3] != b"\x01\x06" or datagram[236:240] != _COOKIE:
        return None
    mac = as_mac(datagram[28:34].hex(":"))
    if not mac:
        return None
    options = _options(datagram)
    from_server = datagram[0] == 2
    granted = options.get(_TYPE) == bytes([_ACK])
    held = datagram[16:20] if from_server and granted else (b"" if from_server else datagram[12:16])
    if not from_server and held == bytes(4) and options.get(_TYPE) == b"\x03":
        held = options.get(_REQUESTED, b"")
    address = as_address(".".join(map(str, held))) if len(held) == 4 else ""
    if from_server:
        # The server's own vendor class and the name it grants say nothing of the client.
        return Lease(mac, address, "", "") if address else None
    return Lease(mac, address, decode(options.get(_HOST_NAME, b"")), decode(options.get(_VENDOR_CLASS, b"")))


def _options(datagram: bytes) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    at = 240
    while at + 2 <= len(datagram) and datagram[at] != 255:
        if datagram[at] == 0:
            at += 1
            continue
        size = datagram[at + 1]
        found.setdefault(datagram[at], datagram[at + 2 : at + 2 + size])
        at += 2 + size
    return found
