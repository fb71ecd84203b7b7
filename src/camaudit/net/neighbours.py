"""Who is on our own link by IPv6: one echo request to all nodes, and what the kernel knows already.

In go interfaces, out come addresses with their interface; nobody is asked anything else here. A sweep is no way in
IPv6: a link has room for more addresses than a scan has time.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import itertools
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import ifaddr

import camaudit
from camaudit.errors import NetworkUnavailable
from camaudit.net.pace import Pace
from camaudit.net.raw import BEGIN
from camaudit.net.raw.echo import echo_socket, replied, send_echo
from camaudit.net.raw.neighbours6 import neighbours6
from camaudit.net.scope import Scope
from camaudit.net.span import Span

_ROUNDS = 2
_BETWEEN_S = 0.25
_MOST_REPLIES = 16384
_END_S = 2.0
_ECHO = "from camaudit.net.raw.echo import main; sys.exit(main(sys.argv[2], int(sys.argv[3])))"


@dataclass(frozen=True, slots=True)
class Link6:
    """One IPv6 address of one interface, and the network it is in."""

    name: str
    index: int
    address: str
    network: ipaddress.IPv6Network


def links6(names: Iterable[str] = ()) -> tuple[Link6, ...]:
    """Return every IPv6 address of this machine, or of the interfaces named, but for loopback."""
    wanted = frozenset(names)
    found = []
    for adapter in ifaddr.get_adapters():
        if adapter.index is None or (wanted and adapter.name not in wanted):
            continue
        for ip in adapter.ips:
            if isinstance(ip.ip, tuple) and ip.ip[0] != "::1":
                network = ipaddress.IPv6Network(f"{ip.ip[0]}/{ip.network_prefix}", strict=False)
                found.append(Link6(adapter.name, adapter.index, ip.ip[0], network))
    return tuple(found)


def links_in(scope: Scope, names: Iterable[str] = ()) -> tuple[Link6, ...]:
    """Return the links that hold some of a scope's IPv6 addresses, of the interfaces named where any are."""
    spans = [span for span in scope.spans if span.first.version == 6]
    wanted = frozenset(names)
    return tuple(
        link
        for link in links6()
        if any(link.name == span.zone or (not span.zone and _overlaps(link, span)) for span in spans)
        and (not wanted or link.name in wanted)
    )


def _overlaps(link: Link6, span: Span) -> bool:
    first, last = int(span.first), int(span.last)
    return first <= int(link.network.broadcast_address) and last >= int(link.network.network_address)


def check_zone(zone: str) -> None:
    """Raise NetworkUnavailable where a scope names an interface that this machine does not have."""
    try:
        socket.if_nametoindex(zone)
    except OSError:
        known = ", ".join(sorted(name for _, name in socket.if_nameindex())) or "none"
        raise NetworkUnavailable(f"no interface {zone} here; there are: {known}") from None


def known_neighbours(links: Iterable[Link6]) -> dict[str, str]:
    """Return what the kernel knows on these links: address (a link-local one with its interface) to MAC."""
    names = {link.name for link in links}
    return {zoned(row.address, row.interface): row.mac for row in neighbours6() if row.interface in names}


def zoned(address: str, interface: str) -> str:
    """Return an address as it can be connected to: a link-local one carries its interface."""
    plain = address.partition("%")[0]
    return f"{plain}%{interface}" if ipaddress.IPv6Address(plain).is_link_local else plain


async def echo_all_nodes(
    link: Link6, pace: Pace, hear: Callable[[str], None], *, window_s: float, began: Callable[[], None]
) -> None:
    """Ask all nodes of a link for an echo and hand each address that answers to ``hear``.

    Replies come from addresses of the same kind as ``link.address``. Where a raw socket is needed, a
    process of its own has it. ``began`` is called once there is one. Raises OSError where none can be had.
    """
    async with contextlib.AsyncExitStack() as stack:
        try:
            sock = stack.enter_context(echo_socket(link.address, link.index, socket.SOCK_DGRAM))
        except OSError:
            # Most systems let no group use the unprivileged kind (net.ipv4.ping_group_range).
            ask, listening = await stack.enter_async_context(_echo_process(link, hear))
        else:
            ask = partial(_send_numbered, sock, link.index, itertools.count())
            listening = asyncio.create_task(_hear_echoes(sock, link, hear))
        began()
        try:
            for number in range(_ROUNDS):
                if number:
                    await asyncio.sleep(_BETWEEN_S)
                await pace.take()
                ask()
            await asyncio.sleep(window_s)
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await listening


def _send_numbered(sock: socket.socket, index: int, numbers: Iterator[int]) -> None:
    send_echo(sock, index, next(numbers))


async def _hear_echoes(sock: socket.socket, link: Link6, hear: Callable[[str], None]) -> None:
    loop = asyncio.get_running_loop()
    for _ in range(_MOST_REPLIES):
        data, sender = await loop.sock_recvfrom(sock, 2048)
        found = replied(data, sender[0], link.address)
        if found:
            hear(zoned(found, link.name))


@contextlib.asynccontextmanager
async def _echo_process(
    link: Link6, hear: Callable[[str], None]
) -> AsyncIterator[tuple[Callable[[], None], asyncio.Task[None]]]:
    """Start the process that has the raw socket; give what lets it ask, and the task that hears its answers."""
    pipe, root = subprocess.PIPE, str(Path(camaudit.__file__).parent.parent)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", BEGIN + _ECHO, root, link.address, str(link.index)),
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        # Ctrl-C is for camaudit; this process ends when its stdin does.
        start_new_session=True,
    )
    stdin, stdout, stderr = process.stdin, process.stdout, process.stderr
    assert stdin is not None  # noqa: S101 - it was asked for above
    assert stdout is not None  # noqa: S101 - so was this
    assert stderr is not None  # noqa: S101 - and this; asserts here only tell the types
    try:
        if await stdout.readline() != b"ready\n":
            said = (await stderr.readline()).decode("utf-8", "replace").strip()
            raise OSError(said[:200] or "the process for IPv6 echoes ended")
        yield partial(stdin.write, b"\n"), asyncio.create_task(_hear_lines(stdout, link, hear))
    finally:
        stdin.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await process.wait()


async def _hear_lines(lines: asyncio.StreamReader, link: Link6, hear: Callable[[str], None]) -> None:
    while line := await lines.readline():
        with contextlib.suppress(ValueError):
            hear(zoned(line.decode("ascii").strip(), link.name))
