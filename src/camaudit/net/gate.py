"""The gate: the only place that opens a socket. Scope, pace, limits, deadlines and byte ceilings hold here.

In goes an address of the scope, out comes a ``Host`` that probes talk to. Whatever a device says about where to
go next passes through ``Gate.host`` again, and is refused there when it is out of scope.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

from camaudit.model import Outcome
from camaudit.net.datagram import ask_once
from camaudit.net.pace import Pace
from camaudit.net.scope import Scope
from camaudit.net.stream import Stream, new_socket
from camaudit.net.timing import LagMeter, RoundTrip
from camaudit.net.wire import Stopped

CONNECTIONS_AT_ONCE = 4
TALKS_AT_ONCE = 2
HOST_DEADLINE_S = 30.0
HOST_BYTES = 1024 * 1024
ANSWER_S = 4.0
QUICK_ANSWER_S = 1.5
TARPIT_PORTS = 2
"""Silent ports after which an open host is taken for a tarpit and costs no more."""

_KEPT_OPEN = 2
_SETTLE_S = 0.05
_LATE_RETRIES = 3
_NO_ROUTE = (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EHOSTDOWN)


class Reach(StrEnum):
    """What a port did when knocked at."""

    OPEN = "open"
    REFUSED = "refused"
    SILENT = "silent"
    UNREACHABLE = "unreachable"


@dataclass(slots=True)
class Tally:
    """What was done to one host; shown in coverage and checked by tests."""

    connections: int = 0
    datagrams: int = 0
    bytes_in: int = 0
    at_once: int = 0


class Gate:
    """Hands out hosts. ``pace`` counts every packet that camaudit originates."""

    def __init__(self, scope: Scope, pace: Pace, *, answer_s: float = ANSWER_S) -> None:
        self.scope = scope
        self.pace = pace
        self.answer_s = answer_s
        self.network = RoundTrip()
        self.lag = LagMeter()

    def host(self, address: str) -> HostGate:
        """Return the host at ``address``; raises ``Stopped`` where it may not be asked."""
        if not self.scope.contains(address):
            raise Stopped(Outcome.OUT_OF_SCOPE, f"{address[:60]} is out of scope and was not asked")
        return HostGate(self, address)


class HostGate:
    """One host behind the limits: a ``Host`` for probes, and ``reach`` for the sweep."""

    def __init__(self, gate: Gate, address: str) -> None:
        self._gate = gate
        self._address = address
        self._connections = asyncio.Semaphore(CONNECTIONS_AT_ONCE)
        self._talks = asyncio.Semaphore(TALKS_AT_ONCE)
        self._kept: dict[int, socket.socket] = {}
        self._deadline_s: float | None = None
        self._silent_talks = 0
        self._answered_talks = 0
        self._slowest_s = 0.0
        self._open = 0
        self.round_trip = RoundTrip()
        self.tally = Tally()

    @property
    def address(self) -> str:
        """The address that is asked."""
        return self._address

    @property
    def is_tarpit(self) -> bool:
        """Whether so many open ports said nothing that asking on is no use."""
        return self._silent_talks >= (TARPIT_PORTS if not self._answered_talks else TARPIT_PORTS + 1)

    async def reach(self, port: int, *, tries: int, keep: bool = False) -> Reach:
        """Knock at a TCP port. ``keep`` lets an open connection wait for the probe that comes next."""
        late = 0
        attempt = 0
        while True:
            started = time.monotonic()
            reached, sock = await self._connect(port, self._timeout_s(attempt))
            if reached is Reach.SILENT and late < _LATE_RETRIES and self._gate.lag.was_late(started):
                late += 1
                continue
            attempt += 1
            if reached is not Reach.SILENT or attempt >= tries:
                break
        if sock is not None:
            self._settle(port, sock, keep)
        return reached

    def _timeout_s(self, attempt: int) -> float:
        own = self.round_trip if self.round_trip.known else self._gate.network
        return min(2.0, own.timeout_s() * (1, 2, 2, 4)[min(attempt, 3)])

    def _settle(self, port: int, sock: socket.socket, keep: bool) -> None:
        if keep and len(self._kept) < _KEPT_OPEN and port not in self._kept:
            self._kept[port] = sock
        else:
            self._drop(sock)

    def _drop(self, sock: socket.socket) -> None:
        sock.close()
        self._open -= 1
        self._connections.release()

    async def _connect(self, port: int, timeout_s: float) -> tuple[Reach, socket.socket | None]:
        await self._connections.acquire()
        await self._gate.pace.take()
        sock = new_socket(self._address)
        self._open += 1
        self.tally.connections += 1
        self.tally.at_once = max(self.tally.at_once, self._open)
        started = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                await asyncio.get_running_loop().sock_connect(sock, (self._address, port))
        except TimeoutError:
            result = Reach.SILENT
        except ConnectionRefusedError:
            self._measure(time.monotonic() - started)
            result = Reach.REFUSED
        except OSError as error:
            result = Reach.UNREACHABLE if error.errno in _NO_ROUTE else Reach.REFUSED
        except BaseException:
            self._drop(sock)
            raise
        else:
            self._measure(time.monotonic() - started)
            return Reach.OPEN, sock
        self._drop(sock)
        return result, None

    def _measure(self, seconds: float) -> None:
        self.round_trip.add(seconds)
        self._gate.network.add(seconds)

    @contextlib.asynccontextmanager
    async def talk(self, port: int, *, tls: bool = False) -> AsyncIterator[Stream]:
        """Open a connection for a probe (see ``Host``)."""
        async with self._talks:
            if self.is_tarpit:
                raise Stopped(Outcome.SILENT, "its other open ports said nothing, so it was not asked further")
            sock = await self._socket_for(port)
            stream = Stream(
                sock,
                answer_s=self._answer_s(),
                deadline_s=self._deadline(),
                byte_ceiling=max(1, HOST_BYTES - self.tally.bytes_in),
            )
            try:
                if tls:
                    await stream.shake_hands()
                yield stream
            except Stopped as stopped:
                stream.stalled = stream.stalled or (stopped.outcome is Outcome.SILENT and not stream.received)
                raise
            finally:
                # A drip that ran into the deadline is as useless as silence, and costs as much.
                self._silent_talks += stream.stalled
                self._answered_talks += bool(stream.received) and not stream.stalled
                self._slowest_s = max(self._slowest_s, stream.slowest_s)
                self.tally.bytes_in += stream.received
                stream.close()
                self._drop(sock)
                if stream.stalled:
                    # The talk that began beside this one is about to end the same way; the next must know it.
                    await asyncio.sleep(_SETTLE_S)

    def _answer_s(self) -> float:
        """Return how long to wait for an answer: less from a device that has shown how quick it is."""
        if not self._answered_talks:
            return self._gate.answer_s
        return min(self._gate.answer_s, max(QUICK_ANSWER_S, 20 * self._slowest_s))

    async def _socket_for(self, port: int) -> socket.socket:
        if time.monotonic() >= self._deadline():
            raise Stopped(Outcome.SILENT, f"the {HOST_DEADLINE_S:.0f} s allowed for this host were used up")
        if self.tally.bytes_in >= HOST_BYTES:
            raise Stopped(Outcome.SILENT, "it sent more than it is allowed to; the rest was not asked")
        kept = self._kept.pop(port, None)
        if kept is not None:
            return kept
        late = 0
        for attempt in range(3):
            started = time.monotonic()
            reached, sock = await self._connect(port, max(1.0, self._timeout_s(attempt)))
            if sock is not None:
                return sock
            if reached is Reach.REFUSED:
                raise Stopped(Outcome.REFUSED, "the port is closed")
            late += self._gate.lag.was_late(started)
        raise Stopped(Outcome.SILENT, "no connection in time" + (" (this machine was busy)" if late else ""))

    def _deadline(self) -> float:
        if self._deadline_s is None:
            self._deadline_s = time.monotonic() + HOST_DEADLINE_S
        return self._deadline_s

    async def datagram(self, port: int, payload: bytes, *, wait_s: float) -> tuple[bytes, ...]:
        """Send one UDP datagram and collect the answers of this host (see ``Host``)."""
        await self._gate.pace.take()
        self.tally.datagrams += 1
        answers = await ask_once(self._address, port, payload, wait_s=wait_s)
        self.tally.bytes_in += sum(len(answer) for answer in answers)
        return answers

    def close(self) -> None:
        """Close what was kept open and not used."""
        for sock in self._kept.values():
            self._drop(sock)
        self._kept.clear()
