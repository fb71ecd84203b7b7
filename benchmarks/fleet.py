"""The devices of the benchmark's LAN: ``python -m benchmarks.fleet LAYOUT INTERFACE_ADDRESS``.

LAYOUT is a JSON list of [address, profile, serial]. It prints ``ready N sockets`` and ends with standard input.
A device thinks for 5 to 15 ms before it answers over TCP, and waits up to half a second before it answers a search
(WS-Discovery's APP_MAX_DELAY).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import resource
import socket
import ssl
import struct
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from benchmarks import answers
from benchmarks.profiles import BY_NAME, SILENT, TARPIT, Profile

THINK_S = (0.005, 0.015)
SEARCH_DELAY_S = 0.5
_BACKLOG = 512

Answer = Callable[[Profile, str, bytes], bytes]


class Talk(asyncio.Protocol):
    """One connection: requests in, answers out after a moment of thought."""

    def __init__(self, profile: Profile, serial: str, answer: Answer | None) -> None:
        self._profile, self._serial, self._answer = profile, serial, answer
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every whole request; a port that speaks no text stays silent."""
        if self._answer is None:
            return
        self._received = (self._received + data)[:65536]
        while length := answers.request_length(self._received):
            request, self._received = self._received[:length], self._received[length:]
            said = self._answer(self._profile, self._serial, request)
            asyncio.get_running_loop().call_later(random.uniform(*THINK_S), self._say, said)

    def _say(self, said: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(said)


class Search(asyncio.DatagramProtocol):
    """One search protocol at the group: every device that speaks it answers from its own address."""

    def __init__(self, answering: Sequence[Callable[[bytes, tuple[str, int]], None]]) -> None:
        self._answering = answering

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Have each device answer after a delay of its own."""
        for answer in self._answering:
            asyncio.get_running_loop().call_later(random.uniform(0, SEARCH_DELAY_S), answer, data, addr)


async def serve(
    layout: Sequence[tuple[str, Profile, str]], interface: str, contexts: dict[str, ssl.SSLContext]
) -> int:
    """Open every socket of the fleet; return how many."""
    loop = asyncio.get_running_loop()
    opened = 0
    talks: dict[str, Answer | None] = {
        "http": answers.web, "https": answers.web, "https-old": answers.web, "rtsp": answers.rtsp,
        SILENT: None, TARPIT: None,
    }  # fmt: skip
    for address, profile, serial in layout:
        for port, kind in profile.ports.items():
            make = partial(Talk, profile, serial, talks[kind])
            await loop.create_server(make, address, port, ssl=contexts.get(kind), backlog=_BACKLOG)
            opened += 1
    for name in answers.DISCOVERIES:
        opened += await _search(name, [device for device in layout if name in device[1].discovery], interface)
    return opened


async def _search(name: str, devices: Sequence[tuple[str, Profile, str]], interface: str) -> int:
    group, port, answer = answers.DISCOVERIES[name]
    loop = asyncio.get_running_loop()
    answering = []
    for address, profile, serial in devices:
        sock = _bound(address, port)
        say = partial(_say, sock, partial(answer, profile, serial, address))
        await loop.create_datagram_endpoint(partial(Search, (say,)), sock=sock)
        answering.append(say)
    if devices:
        heard = _bound(group, port)
        member = struct.pack("4s4s", socket.inet_aton(group), socket.inet_aton(interface))
        heard.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, member)
        await loop.create_datagram_endpoint(partial(Search, answering), sock=heard)
    return len(devices) + bool(devices)


def _say(sock: socket.socket, answer: Callable[[bytes], bytes], data: bytes, to: tuple[str, int]) -> None:
    # A full send buffer loses a datagram here as it would in a camera.
    with contextlib.suppress(OSError):
        sock.sendto(answer(data), to)


def _bound(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind((address, port))
    return sock


def tls_contexts(folder: Path) -> dict[str, ssl.SSLContext]:
    """Return a context of today, and one that speaks nothing newer than TLS 1.0 with a key of 1024 bits."""
    today = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    today.load_cert_chain(_certificate(folder / "today.pem", 2048))
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    old.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        # Python says that TLS 1.0 is old; that is why it is here.
        warnings.simplefilter("ignore", DeprecationWarning)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1
    old.load_cert_chain(_certificate(folder / "old.pem", 1024))
    return {"https": today, "https-old": old}


def _certificate(file: Path, bits: int) -> Path:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "device")])
    begin = datetime(2020, 1, 1, tzinfo=UTC)
    signed = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=7300)).sign(key, hashes.SHA256())
    )  # fmt: skip
    plain = serialization.NoEncryption()
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(secret + signed.public_bytes(serialization.Encoding.PEM))
    return file


async def _run(layout: Sequence[tuple[str, Profile, str]], interface: str) -> None:
    with tempfile.TemporaryDirectory(prefix="camaudit-bench-") as folder:
        contexts = tls_contexts(Path(folder))
    opened = await serve(layout, interface, contexts)
    print(f"ready {opened} sockets", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


def main() -> int:
    """Serve the layout of the first argument until standard input ends."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    layout = [
        (address, BY_NAME[profile], serial)
        for address, profile, serial in json.loads(Path(sys.argv[1]).read_text("utf-8"))
    ]
    asyncio.run(_run(layout, sys.argv[2]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
