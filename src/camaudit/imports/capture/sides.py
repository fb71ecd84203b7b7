"""One side of a TCP conversation: in go its segments as they come, out come its bytes in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from camaudit.imports.capture.exchanges import Request
from camaudit.net.wire import REPLY_LIMIT

ROUND = 1 << 32
"""Sequence numbers begin again here."""

_HALF_ROUND = 1 << 31
_MOST_WAITING = 32

Key = bytes
"""Sender's address, receiver's address, sender's port, receiver's port, as they stand in the packet."""


@dataclass(slots=True, eq=False)
class Side:
    """One direction: the bytes in order that nobody has read yet, and segments that came too early."""

    key: Key
    talk: Talk
    client: bool
    next: int = -1
    """The sequence number that comes next; -1 until the first segment."""
    data: bytearray = field(default_factory=bytearray)
    waiting: dict[int, bytes] = field(default_factory=dict)
    passing: bool = False
    """Whether what comes now is let pass until the next request."""

    @property
    def held(self) -> int:
        """Bytes that this side holds."""
        return len(self.data) + (sum(map(len, self.waiting.values())) if self.waiting else 0)

    def put(self, sequence: int, payload: bytes) -> bool:
        """Take a segment in its place; return False where so much is missing that the rest is of no use."""
        if self.next < 0:
            self.next = sequence
        ahead = (sequence - self.next) % ROUND
        if ahead >= _HALF_ROUND:
            payload = payload[ROUND - ahead :]
        elif ahead:
            self.waiting[sequence] = payload
            return len(self.waiting) <= _MOST_WAITING and self.held <= 2 * REPLY_LIMIT
        self._append(payload)
        while self.waiting:
            ready = [at for at in self.waiting if (at - self.next) % ROUND >= _HALF_ROUND or at == self.next]
            if not ready:
                break
            early = self.waiting.pop(ready[0])
            self._append(early[(self.next - ready[0]) % ROUND :])
        return True

    def _append(self, payload: bytes) -> None:
        self.data += payload
        self.next = (self.next + len(payload)) % ROUND


@dataclass(slots=True, eq=False)
class Talk:
    """One connection; ``tls`` is set once a handshake was seen."""

    sides: list[Side] = field(default_factory=list)
    request: Request | None = None
    tls: bool = False
    exchanges: int = 0
    at: float = 0.0


def reverse(key: Key) -> Key:
    """Return the key of the other direction."""
    address = (len(key) - 4) // 2
    return key[address : 2 * address] + key[:address] + key[-2:] + key[-4:-2]
