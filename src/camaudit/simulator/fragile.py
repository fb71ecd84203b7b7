"""An old device that does not bear much. In: connections and requests as they come. Out: what broke it, if any.

No clock and no socket here: whoever serves it tells the time, and cuts its connections when it has fallen.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from camaudit.simulator.section import Section

_METHOD = re.compile(rb"[A-Z_-]{1,30}(?= )")
_TLS_HELLO = b"\x16\x03"
_WINDOW_S = 1.0


@dataclass(frozen=True, slots=True)
class Fragile:
    """What an old device bears: one step beyond, and it starts anew and answers nothing for ``reboot_s``.

    The values and where they come from are in the device file.
    """

    connections: int
    """Most TCP connections at once."""
    opened_a_second: int
    """Most TCP connections that are opened within one second."""
    requests_a_second: int
    held_s: float
    """Longest that one connection may stay open."""
    head_bytes: int
    """Longest head of a request."""
    methods: tuple[str, ...]
    """Every other method is one that its firmware does not survive."""
    answers_in_s: float
    """How long it thinks about each answer; it works on one at a time."""
    reboot_s: float


def parse_limits(section: Section) -> Fragile:
    """Read ``fragile`` of a device file."""
    limits = Fragile(
        connections=section.whole("connections"),
        opened_a_second=section.whole("opened_a_second"),
        requests_a_second=section.whole("requests_a_second"),
        held_s=section.number("held_s", 60.0),
        head_bytes=section.whole("head_bytes"),
        methods=section.texts("methods"),
        answers_in_s=section.number("answers_in_s", 0.0),
        reboot_s=section.number("reboot_s", 120.0),
    )
    section.close()
    return limits


class Endurance:
    """How one fragile device fares. Every method takes the time (seconds, any clock) and returns what broke it."""

    def __init__(self, limits: Fragile) -> None:
        self.limits = limits
        self._up_at_s = float("-inf")
        self._free_at_s = float("-inf")
        self._open: dict[int, tuple[float, Callable[[], None]]] = {}
        self._opened: deque[float] = deque()
        self._asked: deque[float] = deque()

    def is_down(self, now_s: float) -> bool:
        """Return whether it is starting anew and answers nobody."""
        return now_s < self._up_at_s

    def opened(self, connection: int, now_s: float, hang_up: Callable[[], None]) -> str:
        """Take a new connection into account, by any number of the caller's; ``hang_up`` cuts it."""
        self._open[connection] = now_s, hang_up
        if self.is_down(now_s):
            return ""
        if len(self._open) > self.limits.connections:
            return self._fall(now_s, f"{len(self._open)} connections at once")
        many = _within(self._opened, now_s)
        return (
            self._fall(now_s, f"{many} connections within a second") if many > self.limits.opened_a_second else ""
        )

    def closed(self, connection: int, now_s: float) -> str:
        """Take the end of a connection into account."""
        since_s, _ = self._open.pop(connection, (now_s, None))
        held_s = now_s - since_s
        if self.is_down(now_s) or held_s <= self.limits.held_s:
            return ""
        return self._fall(now_s, f"a connection held for {held_s:.0f} seconds")

    def asked(self, payload: bytes, now_s: float) -> str:
        """Take a request into account."""
        if self.is_down(now_s) or payload.startswith(_TLS_HELLO):
            return ""
        head = payload.partition(b"\r\n\r\n")[0]
        method = _METHOD.match(head)
        named = method.group().decode() if method else ""
        if named not in self.limits.methods:
            return self._fall(now_s, f"a request of an unknown kind ({named or 'no method'})")
        if len(head) > self.limits.head_bytes:
            return self._fall(now_s, f"a request head of {len(head)} bytes")
        many = _within(self._asked, now_s)
        return (
            self._fall(now_s, f"{many} requests within a second") if many > self.limits.requests_a_second else ""
        )

    def thinks_s(self, now_s: float) -> float:
        """Return how long the next answer takes: it works on one at a time, in the order of the requests."""
        self._free_at_s = max(self._free_at_s, now_s) + self.limits.answers_in_s
        return self._free_at_s - now_s

    def _fall(self, now_s: float, why: str) -> str:
        self._up_at_s = now_s + self.limits.reboot_s
        self._opened.clear()
        self._asked.clear()
        for _, hang_up in tuple(self._open.values()):
            hang_up()
        return why


def _within(times: deque[float], now_s: float) -> int:
    """Add a moment, forget those of more than a second ago, and return how many are left."""
    times.append(now_s)
    while times[0] <= now_s - _WINDOW_S:
        times.popleft()
    return len(times)
