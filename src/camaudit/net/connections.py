"""The connections of one host: at most so many at once, kept or parked where another question will follow.

In go ports, out come connected sockets. A kept one was knocked at and waits for its question; a parked one has
answered and may be asked again. Whatever only waits gives way to what is needed.
"""

from __future__ import annotations

import asyncio
import socket
import time
from functools import partial

from camaudit.net.connect import Reach, connect, new_socket, patient
from camaudit.net.limits import Tally
from camaudit.net.manners import Manners
from camaudit.net.pace import Pace, Urgency
from camaudit.net.stream import Stream
from camaudit.net.timing import RoundTrip

_LONGEST_S = 0.95
"""After a second the kernel sends its SYN again, a packet that nobody has paid for; we ask anew ourselves."""


class Connections:
    """Opens, keeps and closes the connections of one address. ``network`` is the round trip of all its hosts."""

    def __init__(self, address: str, pace: Pace, network: RoundTrip, tally: Tally, manners: Manners) -> None:
        self.round_trip = RoundTrip()
        self._address = address
        self._pace = pace
        self._network = network
        self._tally = tally
        self._places = asyncio.Semaphore(manners.connections)
        self._most_kept = manners.kept
        self._kept: dict[int, socket.socket] = {}
        self._parked: dict[tuple[int, bool], Stream] = {}
        self._open = 0

    def timeout_s(self, wait: int) -> float:
        """Return how long to wait for a connection: ``wait`` times as long as one takes here."""
        own = self.round_trip if self.round_trip.known else self._network
        # Where nothing was measured yet, the first guess is a long one already.
        return min(_LONGEST_S, own.timeout_s() * (wait if own.known else 1))

    async def open(
        self, port: int, *, timeout_s: float, urgency: Urgency = Urgency.ASKING
    ) -> tuple[Reach, socket.socket | None]:
        """Connect, once there is a place and a packet may leave; the socket comes where the port is open."""
        timeout_s = min(timeout_s, _LONGEST_S)
        if self._places.locked() and self._parked:
            self.drop(self._parked.pop(next(iter(self._parked))))
        await self._places.acquire()
        try:
            await self._pace.take(urgency=urgency)
            sock = await patient(partial(new_socket, self._address))
        except BaseException:
            self._places.release()
            raise
        self._open += 1
        self._tally.knocks += 1
        self._tally.at_once = max(self._tally.at_once, self._open)
        started_s = time.monotonic()
        try:
            reached, _ = await connect(sock, self._address, port, timeout_s=timeout_s)
        except BaseException:
            self.drop(sock)
            raise
        if reached in (Reach.OPEN, Reach.REFUSED):
            for round_trip in (self.round_trip, self._network):
                round_trip.add(time.monotonic() - started_s)
        if reached is Reach.OPEN:
            self._tally.connections += 1
            return reached, sock
        self.drop(sock)
        return reached, None

    def keep(self, port: int, sock: socket.socket) -> None:
        """Keep a socket for the question that comes next, where there is room; else close it."""
        # The last free place is never kept: whatever is knocked at next would wait for a talk to end.
        if len(self._kept) < self._most_kept and port not in self._kept and not self._places.locked():
            self._kept[port] = sock
        else:
            self.drop(sock)

    def kept(self, port: int) -> socket.socket | None:
        """Return the socket that was kept for a port, and keep it no longer."""
        return self._kept.pop(port, None)

    def park(self, port: int, stream: Stream, *, tls: bool) -> None:
        """Leave a connection open for the next probe, unless its place is needed."""
        # Where every place is taken, one that is needed may wait for this one.
        if (port, tls) in self._parked or self._places.locked():
            self.drop(stream)
        else:
            stream.reused = True
            self._parked[port, tls] = stream

    def parked(self, port: int, *, tls: bool) -> Stream | None:
        """Return the connection that an earlier probe left, and park it no longer."""
        return self._parked.pop((port, tls), None)

    def drop(self, connection: socket.socket | Stream) -> None:
        """Close one connection and free its place."""
        connection.close()
        self._open -= 1
        self._places.release()

    def close(self) -> None:
        """Close whatever only waits."""
        for sock in self._kept.values():
            self.drop(sock)
        for stream in self._parked.values():
            self.drop(stream)
        self._kept.clear()
        self._parked.clear()
