"""TLS with devices that never stop sending: the scan goes on beside them, and each costs a bounded time."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from camaudit.model import Outcome
from camaudit.net.gate import Gate, HostGate
from camaudit.net.pace import Pace
from camaudit.net.scope import parse_scope
from camaudit.net.wire import Stopped
from camaudit.probes.framing import Framing
from camaudit.simulator.device import TlsSpec
from camaudit.simulator.tls import server_context

ADDRESS = "127.81.0.2"
# As many hello requests as one record holds; a client that shakes hands drops each (RFC 5246 section 7.4.1.1).
HELLO_REQUESTS = b"\x16\x03\x03" + (16380).to_bytes(2, "big") + bytes(16380)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextlib.contextmanager
def serving(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each connection in a thread: a device does not wait for our event loop."""
    listening = socket.create_server((ADDRESS, 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=quietly, args=(connection,), daemon=True).start()

    def quietly(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            serve(connection)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def without_end(connection: socket.socket) -> None:
    connection.recv(4096)
    while True:
        connection.sendall(HELLO_REQUESTS * 16)


def a_byte_each(connection: socket.socket) -> None:
    connection.recv(4096)
    connection.sendall(HELLO_REQUESTS[:3] + b"\x3f\xfc")
    while True:
        connection.sendall(b"\0")
        time.sleep(0.001)


@pytest.fixture(scope="module")
def identity() -> ssl.SSLContext:
    return server_context(TlsSpec("CN=camera", None, 2048, "TLSv1.3"))


def over_tls(identity: ssl.SSLContext, answer: Callable[[ssl.SSLSocket], None]) -> Callable[[socket.socket], None]:
    def serve(connection: socket.socket) -> None:
        with identity.wrap_socket(connection, server_side=True) as secure:
            answer(secure)

    return serve


def host(answer_s: float) -> HostGate:
    return Gate(parse_scope([ADDRESS]), Pace(5000), answer_s=answer_s).host(ADDRESS)


async def beside(doing: Awaitable[bytes]) -> tuple[bytes | Stopped, float, float]:
    """Return what came of it, how long it took, and the longest time that nobody else had a turn (seconds)."""
    worst_s = 0.0

    async def others() -> None:
        nonlocal worst_s
        while True:
            began_s = time.monotonic()
            await asyncio.sleep(0.01)
            worst_s = max(worst_s, time.monotonic() - began_s)

    waiting = asyncio.ensure_future(others())
    began_s = time.monotonic()
    try:
        came: bytes | Stopped = await doing
    except Stopped as stopped:
        came = stopped
    took_s = time.monotonic() - began_s
    waiting.cancel()
    return came, took_s, worst_s


async def asked(port: int, answer_s: float, request: bytes = b"GET / HTTP/1.1\r\n\r\n") -> bytes:
    async with host(answer_s).talk(port, tls=True) as talk:
        return await talk.ask(request, Framing())


@pytest.mark.parametrize("serve", [without_end, a_byte_each])
def test_a_handshake_without_end_is_given_up_and_holds_nobody_else_up(
    serve: Callable[[socket.socket], None],
) -> None:
    with serving(serve) as port:
        came, took_s, worst_s = asyncio.run(beside(asked(port, 0.5)))
    assert isinstance(came, Stopped)
    assert came.outcome in (Outcome.MALFORMED, Outcome.SILENT)
    assert took_s < 5
    assert worst_s < 1


def test_an_answer_without_end_in_tiny_records_is_cut_off(identity: ssl.SSLContext) -> None:
    def answer(secure: ssl.SSLSocket) -> None:
        secure.recv(4096)
        secure.sendall(CHUNKED)
        while True:
            secure.sendall(b"1\r\na\r\n")

    with serving(over_tls(identity, answer)) as port:
        came, took_s, worst_s = asyncio.run(beside(asked(port, 0.5)))
    assert isinstance(came, bytes)
    assert came.startswith(CHUNKED)
    assert took_s < 5
    assert worst_s < 1


def test_a_request_that_does_not_fit_in_at_once_arrives_whole(identity: ssl.SSLContext) -> None:
    size = 3_000_000

    def answer(secure: ssl.SSLSocket) -> None:
        time.sleep(0.2)
        left = size
        while left:
            left -= len(secure.recv(min(65536, left)))
        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes")

    with serving(over_tls(identity, answer)) as port:
        came, _, _ = asyncio.run(beside(asked(port, 8, b"x" * size)))
    assert isinstance(came, bytes)
    assert came.endswith(b"yes")


def test_an_end_without_a_word_leaves_what_came_before(identity: ssl.SSLContext) -> None:
    def answer(secure: ssl.SSLSocket) -> None:
        secure.recv(4096)
        secure.sendall(b"HTTP/1.1 200 OK\r\n\r\nhalf a page")
        socket.socket.shutdown(secure, socket.SHUT_WR)

    with serving(over_tls(identity, answer)) as port:
        came, _, _ = asyncio.run(beside(asked(port, 3)))
    assert isinstance(came, bytes)
    assert came.endswith(b"half a page")
