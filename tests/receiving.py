"""Receivers for tests, on loopback: a web server and a log server, with a certificate of a test authority."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Certified:
    """The authority of the tests, and a server's certificate with its key, as PEM files."""

    ca: Path
    server: Path

    def context(self) -> ssl.SSLContext:
        """Return what a server serves with."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(self.server)
        return made


def certify(folder: Path, *names: str) -> Certified:
    """Make an authority and a certificate for names and addresses."""
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    keys = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "camaudit test authority")])

    def made(subject: x509.Name, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        alternatives = [_alternative(name) for name in names]
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if not ca:
            builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        return builder.sign(keys[0], hashes.SHA256())

    authority, server = folder / "ca.pem", folder / "server.pem"
    authority.write_bytes(made(issuer, keys[0], ca=True).public_bytes(serialization.Encoding.PEM))
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server.write_bytes(private + made(subject, keys[1], ca=False).public_bytes(serialization.Encoding.PEM))
    return Certified(authority, server)


def _alternative(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


@dataclass
class Web:
    """A web server and what it was sent; ``status`` and ``headers`` are what it answers."""

    port: int = 0
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    wait: threading.Event | None = None


@contextlib.contextmanager
def web(certified: Certified | None = None) -> Iterator[Web]:
    """Run a web server for the block, with TLS where there is a certificate."""
    state = Web()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if state.wait is not None:
                state.wait.wait(10)
            state.got.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(state.status)
            for name, value in state.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if certified is not None:
        server.socket = certified.context().wrap_socket(server.socket, server_side=True)
    state.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()


@contextlib.contextmanager
def log_server(certified: Certified | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """Run a server that keeps all that each connection brings."""
    got: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with contextlib.suppress(OSError), connection:
                tls = certified.context().wrap_socket(connection, server_side=True) if certified else connection
                whole = b"".join(iter(lambda: tls.recv(65536), b""))  # noqa: B023
                got.append(whole)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1], got
    finally:
        listening.close()


@contextlib.contextmanager
def proxy() -> Iterator[tuple[int, list[str]]]:
    """Run a proxy that connects to where it is asked to; keep what it was asked."""
    asked: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listening.accept()
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(4096)
                asked.append(head.split(b"\r\n")[0].decode())
                host, _, port = asked[-1].split()[1].rpartition(":")
                behind = socket.create_connection((host, int(port)), timeout=5)
                connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
                for one, other in ((connection, behind), (behind, connection)):
                    threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1], asked
    finally:
        listening.close()


def _pass_on(source: socket.socket, to: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            to.sendall(data)
        to.shutdown(socket.SHUT_WR)


def unused_port() -> int:
    """Return a port of loopback at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port
