"""The gate: the only place that opens a socket. Scope, pace, limits, deadlines and byte ceilings hold here.

In goes an address of the scope, out comes a ``Host`` that probes talk to. Whatever a device says about where to
go next passes through ``Gate.host`` again, and is refused there when it is out of scope.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator

from camaudit.model import Outcome
from camaudit.net.connect import Reach
from camaudit.net.connections import Connections
from camaudit.net.datagram import ask_from, ask_once, sender_to
from camaudit.net.dealings import Dealings
from camaudit.net.limits import (
    ANSWER_S,
    CONNECTIONS_AT_ONCE,
    HOST_BYTES,
    LATE_RETRIES,
    OBEDIENT_PORTS,
    SETTLE_S,
    Tally,
)
from camaudit.net.manners import USUAL, Manners
from camaudit.net.pace import Pace, Urgency
from camaudit.net.patience import Patience
from camaudit.net.replies import ReplyPorts
from camaudit.net.scope import Scope
from camaudit.net.stream import Stream
from camaudit.net.timing import LagMeter, RoundTrip
from camaudit.net.window import Window
from camaudit.net.wire import Sender, Stopped

__all__ = ["CONNECTIONS_AT_ONCE", "Gate", "HostGate", "Reach", "Tally"]

CLOSED = "the port is closed"
NO_CONNECTION = "no connection in time"
"""The notes of talks that never began: at a port that was open before, they say that the host went away."""


class Gate:
    """Hands out hosts. ``pace`` counts every packet that camaudit originates."""

    def __init__(self, scope: Scope, pace: Pace, *, answer_s: float = ANSWER_S, manners: Manners = USUAL) -> None:
        self.manners = manners
        self._dealings: dict[str, Dealings] = {}
        self.scope = scope
        self.pace = pace
        self.answer_s = answer_s
        self.network = RoundTrip()
        self.answers = RoundTrip()
        """How long devices here take to begin an answer."""
        self.lag = LagMeter()
        self.window = Window()
        self.replies = ReplyPorts()

    def answer(self, seconds: float) -> None:
        """Take into account how long a device took to begin an answer."""
        self.answers.add(seconds)
        self.window.answered(seconds, self.lag.lag_s)

    def dealings(self, address: str) -> Dealings:
        """Return what was done to an address so far."""
        found = self._dealings.get(address)
        if found is None:
            found = self._dealings[address] = Dealings(self.manners, self.window, self.pace.quiet)
        return found

    def forget(self, address: str) -> None:
        """Forget what was done to an address that will not be asked again."""
        self._dealings.pop(address, None)

    def host(self, address: str, *, doubtful: frozenset[int] = frozenset()) -> HostGate:
        """Return the host at ``address``; raises ``Stopped`` where it may not be asked.

        ``doubtful`` are ports where silence is to be expected and proves no tarpit.
        """
        self.check(address)
        return HostGate(self, address, doubtful)

    def check(self, address: str) -> None:
        """Raise ``Stopped`` where an address may not be asked."""
        if not self.scope.contains(address):
            raise Stopped(Outcome.OUT_OF_SCOPE, f"{address[:60]} is out of scope and was not asked")


class HostGate:
    """One host behind the limits: a ``Host`` for probes, and ``reach`` for the sweep."""

    def __init__(self, gate: Gate, address: str, doubtful: frozenset[int]) -> None:
        self._gate = gate
        self._address = address
        self._doubtful = doubtful
        self.dealings = gate.dealings(address)
        self.manners = gate.manners
        self._talks = asyncio.Semaphore(gate.manners.talks)
        self._alone = asyncio.Lock()
        self._may_reuse = True
        self._deadline_s: float | None = None
        self._patience = Patience(gate.answers, gate.answer_s, gate.answer)
        self.tally = self.dealings.tally
        self._connections = Connections(address, gate.pace, gate.network, self.tally, gate.manners)

    @property
    def address(self) -> str:
        """The address that is asked."""
        return self._address

    @property
    def is_tarpit(self) -> bool:
        """Whether so many open ports said nothing that asking on is no use."""
        return self._patience.is_tarpit

    async def reach(
        self, port: int, *, wait: int = 1, keep: bool = False, urgency: Urgency = Urgency.ASKING
    ) -> Reach:
        """Knock at a TCP port once, and wait ``wait`` times as long as an answer takes here.

        ``keep`` lets an open connection wait for the probe that comes next. A knock during which this machine was
        late is made again: our lateness is not the port's silence.
        """
        for _ in range(LATE_RETRIES):
            started_s = time.monotonic()
            timeout_s = self._connections.timeout_s(wait)
            reached, sock = await self._connections.open(port, timeout_s=timeout_s, urgency=urgency)
            if reached is not Reach.SILENT or not self._gate.lag.was_late(started_s):
                break
        if sock is not None:
            self._patience.open_ports += 1
            if keep:
                self._connections.keep(port, sock)
            else:
                self._connections.drop(sock)
        return reached

    @contextlib.asynccontextmanager
    async def talk(self, port: int, *, tls: bool = False) -> AsyncIterator[Stream]:
        """Open a connection for a probe, or take one up that an earlier probe left (see ``Host``)."""
        if port in OBEDIENT_PORTS:
            raise Stopped(Outcome.NOT_ASKED, f"port {port}: printers and machines do what they are sent")
        async with self._talks, self._one_by_one(), self._gate.window:
            self.dealings.check()
            if self.is_tarpit:
                raise Stopped(Outcome.SILENT, "its other open ports said nothing, so it was not asked further")
            stream = self._connections.parked(port, tls=tls) or await self._stream(port)
            before = stream.received
            unharmed = False
            try:
                if tls and stream.tls is None:
                    await stream.shake_hands()
                yield stream
                unharmed = True
            except Stopped as stopped:
                stream.stalled |= stopped.outcome is Outcome.SILENT and stream.received == before
                raise
            finally:
                self._count(port, stream, before)
                if unharmed and stream.open and stream.received and self._may_reuse:
                    self._connections.park(port, stream, tls=tls)
                else:
                    self._connections.drop(stream)
                if stream.stalled:
                    # The talk that began beside this one is about to end the same way; the next must know it.
                    await asyncio.sleep(SETTLE_S)

    @contextlib.asynccontextmanager
    async def _one_by_one(self) -> AsyncIterator[None]:
        """Let a device that has trouble be asked over one connection at a time."""
        if not self.dealings.temper.is_troubled:
            yield
            return
        async with self._alone:
            yield

    def _count(self, port: int, stream: Stream, before: int) -> None:
        self.tally.bytes_in += stream.received - before
        if stream.stalled and stream.reused:
            # It promised to keep the connection and then forgot it: a fault, no silence.
            self._may_reuse = False
            return
        # A drip that ran into the deadline is as useless as silence, and costs as much.
        self._patience.talked(
            answered=stream.received > before, stalled=stream.stalled, doubtful=port in self._doubtful
        )

    async def _stream(self, port: int) -> Stream:
        return Stream(
            await self._socket_for(port),
            self._patience,
            self.dealings,
            answer_s=self._gate.answer_s,
            deadline_s=self._deadline(),
            byte_ceiling=max(1, HOST_BYTES - self.tally.bytes_in),
            doubtful=port in self._doubtful,
        )

    async def _socket_for(self, port: int) -> socket.socket:
        if time.monotonic() >= self._deadline():
            raise self.dealings.too_late()
        if self.tally.bytes_in >= HOST_BYTES:
            raise Stopped(Outcome.SILENT, "it sent more than it is allowed to; the rest was not asked")
        kept = self._connections.kept(port)
        if kept is not None:
            return kept
        late = 0
        for wait in (1, 2, 4):
            started_s = time.monotonic()
            timeout_s = max(0.3 * wait, self._connections.timeout_s(wait))
            reached, sock = await self._connections.open(port, timeout_s=timeout_s)
            if sock is not None:
                return sock
            if reached is Reach.REFUSED:
                raise Stopped(Outcome.REFUSED, CLOSED)
            late += self._gate.lag.was_late(started_s)
        raise Stopped(Outcome.SILENT, NO_CONNECTION + (" (this machine was busy)" if late else ""))

    def _deadline(self) -> float:
        if self._deadline_s is None:
            self._deadline_s = time.monotonic() + self.manners.deadline_s
        return self._deadline_s

    @property
    def sender(self) -> Sender:
        """This machine as the host sees it."""
        return sender_to(self._address)

    async def datagram(
        self, port: int, payload: bytes, *, wait_s: float, reply_port: int = 0
    ) -> tuple[bytes, ...]:
        """Send one UDP datagram and collect the answers of this host (see ``Host``)."""
        await self._gate.pace.take()
        self.tally.datagrams += 1
        self.tally.bytes_out += len(payload)
        answers = (
            await ask_from(self._gate.replies, reply_port, self._address, port, payload, wait_s=wait_s)
            if reply_port
            else await ask_once(self._address, port, payload, wait_s=wait_s)
        )
        self.tally.bytes_in += sum(len(answer) for answer in answers)
        return answers

    def close(self) -> None:
        """Close what was kept open and not used."""
        self._connections.close()
