"""TCP conversations put together as far as they are of use: in go segments, out come requests with their answers.

Only the first bytes of a side are looked at until they show HTTP, RTSP or TLS; everything else, video above all,
costs one look a segment. What is held is bounded in number and in bytes: the oldest conversation gives way.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from camaudit.imports.capture.exchanges import METHODS, Request, read_request
from camaudit.imports.capture.handshakes import asked_name, is_tls, server_part
from camaudit.imports.capture.sides import ROUND, Key, Side, Talk, reverse
from camaudit.net.wire import REPLY_LIMIT, Tls

_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_MOST_SIDES = 8192
_MOST_HELD = 32 * 1024 * 1024
_MOST_EXCHANGES = 64
"""Exchanges of one connection that are read: a poller asks the same for days."""

_REQUESTS = frozenset(METHODS)
_ANSWERS = frozenset({b"HTTP", b"RTSP"})


@dataclass(frozen=True, slots=True)
class Answered:
    """What a server sent to one request; ``tls`` where it was a handshake instead."""

    server: Key
    at: float
    data: bytes
    request: Request | None = None
    tls: Tls | None = None


Hear = Callable[[Answered], None]
Asked = Callable[[Key, float, str], None]
"""A client's key, the time, and the server name it asked for."""


class Talks:
    """All conversations of a capture. ``gaps`` counts those of which segments are missing."""

    def __init__(self, hear: Hear, asked: Asked) -> None:
        self.gaps = 0
        self._hear = hear
        self._asked = asked
        # Ordered, because the oldest is taken out in no time only there.
        self._sides: OrderedDict[Key, Side | None] = OrderedDict()
        self._held = 0

    def opened(self, key: Key, sequence: int, flags: int) -> None:
        """Take a SYN: a connection begins, with or without its other half in the capture."""
        known = self._sides.get(key)
        if known is not None and known.next == (sequence + 1) % ROUND:
            return  # the same SYN once more
        if flags & _ACK:
            client = self._sides.get(reverse(key))
            talk = client.talk if client is not None else Talk()
        else:
            talk = Talk()
        self._begin(key, talk, client=not flags & _ACK).next = (sequence + 1) % ROUND

    def segment(self, at: float, key: Key, data: bytes, top: int, end: int) -> None:
        """Take a segment whose TCP header begins at ``top`` and whose packet ends at ``end``."""
        body = top + (data[top + 12] >> 4) * 4
        known = self._sides.get(key)
        if known is None:
            # Most segments of most captures end here: video, or a conversation that is of no use.
            if key in self._sides or body >= end or not self._shows(data[body : body + 4]):
                return
            known = self._taken_up(key, data[body : body + 4])
        if body < end:
            known.talk.at = at
            sequence, told = int.from_bytes(data[top + 4 : top + 8], "big"), data[top + 8 : top + 12]
            self._feed(known, sequence, data[body:end], int.from_bytes(told, "big"))
        if data[top + 13] & (_FIN | _RST) and (not known.client or data[top + 13] & _RST):
            self._end(known.talk)

    def finish(self) -> None:
        """Read what is left when the capture ends."""
        for side in list(self._sides.values()):
            if side is not None:
                self._end(side.talk)

    @staticmethod
    def _shows(start: bytes) -> bool:
        return start in _ANSWERS or start in _REQUESTS or is_tls(start)

    def _taken_up(self, key: Key, start: bytes) -> Side:
        """Begin in the middle: the capture began later than the connection."""
        other = self._sides.get(reverse(key))
        if other is not None:
            return self._begin(key, other.talk, client=not other.client)
        # Of TLS only a hello can begin a stream; whose it is shows its sixth byte, which comes with it.
        return self._begin(key, Talk(), client=start in _REQUESTS or is_tls(start))

    def _begin(self, key: Key, talk: Talk, *, client: bool) -> Side:
        before = self._sides.pop(key, None)
        if before is not None and before.talk is not talk:
            self._end(before.talk)
        while self._sides and (len(self._sides) >= _MOST_SIDES or self._held > _MOST_HELD):
            _, oldest = self._sides.popitem(last=False)
            if oldest is not None and oldest.talk is not talk:
                self._end(oldest.talk)
        side = self._sides[key] = Side(key, talk, client)
        talk.sides.append(side)
        return side

    def _feed(self, side: Side, sequence: int, payload: bytes, acknowledged: int) -> None:
        if side.passing:
            return
        before = side.held
        whole = side.put(sequence, payload)
        self._held += side.held - before
        if not whole:
            self.gaps += 1
            self._end(side.talk)
            return
        if not side.talk.tls and is_tls(bytes(side.data[:3])):
            side.talk.tls = True
        if side.talk.tls:
            self._shake(side)
        elif side.client:
            self._ask(side, acknowledged)
        elif side.data[:1] == b"$" or (len(side.data) >= 4 and bytes(side.data[:4]) not in _ANSWERS):
            self._end(side.talk)
        elif len(side.data) >= REPLY_LIMIT:
            self._answer(side.talk)
            side.passing = True

    def _ask(self, side: Side, acknowledged: int) -> None:
        talk = side.talk
        if len(side.data) >= 4 and bytes(side.data[:4]) not in _REQUESTS:
            self._end(talk)
            return
        while True:
            request, end = read_request(bytes(side.data))
            if request is None:
                break
            self._answer(talk)
            talk.request = request
            self._drop(side, end)
            for other in talk.sides:
                if not other.client:
                    # What the client has acknowledged is where the next answer begins.
                    other.next, other.passing = acknowledged, False
                    self._forget_waiting(other)
        if len(side.data) > REPLY_LIMIT or talk.exchanges > _MOST_EXCHANGES:
            self._end(talk)

    def _shake(self, side: Side) -> None:
        if len(side.data) < 6:
            return
        side.client = side.data[5] == 1
        if side.client:
            done, name = asked_name(bytes(side.data))
            if name:
                self._asked(side.key, side.talk.at, name)
            if done:
                self._drop(side, len(side.data))
                side.passing = True
        elif server_part(bytes(side.data))[0] or len(side.data) > REPLY_LIMIT:
            self._end(side.talk)

    def _answer(self, talk: Talk) -> None:
        """Hand on what the server has sent since the last request."""
        for side in talk.sides:
            if side.client or not side.data:
                continue
            data = bytes(side.data)
            self._drop(side, len(data))
            talk.exchanges += 1
            if talk.tls:
                shown = server_part(data)[1]
                if shown is not None:
                    self._hear(Answered(side.key, talk.at, b"", tls=shown))
            else:
                self._hear(Answered(side.key, talk.at, data, talk.request))
            talk.request = None

    def _forget_waiting(self, side: Side) -> None:
        self._held -= side.held - len(side.data)
        side.waiting.clear()

    def _drop(self, side: Side, size: int) -> None:
        del side.data[:size]
        self._held -= size

    def _end(self, talk: Talk) -> None:
        """Read what is there, and let everything else of this connection pass."""
        self._answer(talk)
        for side in talk.sides:
            self._drop(side, len(side.data))
            self._forget_waiting(side)
            if self._sides.get(side.key) is side:
                # Kept as done: what follows must not be taken for a beginning.
                self._sides[side.key] = None
        talk.sides.clear()
