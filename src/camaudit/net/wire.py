"""What a probe is handed instead of a socket: a host that can be talked to, and the ways in which that ends."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from camaudit.model import Outcome

REPLY_LIMIT = 64 * 1024
"""Bytes of one answer that are read; the rest is left unread."""

Complete = Callable[[bytes | bytearray], bool]
"""Says of the bytes so far whether the answer is whole; it may remember how far it has read them."""


class Stopped(Exception):
    """A probe got no usable answer: ``outcome`` says how, ``note`` why; ``came`` is how one began that came."""

    def __init__(self, outcome: Outcome, note: str = "", came: bytes = b"") -> None:
        super().__init__(f"{outcome}: {note}")
        self.outcome = outcome
        self.note = note
        self.came = came


@dataclass(frozen=True, slots=True)
class Sender:
    """This machine as a host sees it: its IPv4 address and MAC, for searches that carry them; empty if unknown."""

    address: str = ""
    mac: str = ""


@dataclass(frozen=True, slots=True)
class Tls:
    """What a TLS handshake showed: protocol version and the certificate as DER."""

    version: str
    certificate: bytes


class Conversation(Protocol):
    """One open connection to one port."""

    @property
    def tls(self) -> Tls | None:
        """What the handshake showed, or ``None`` on a plain connection."""

    @property
    def open(self) -> bool:
        """Whether the other side has not closed yet."""

    @property
    def reused(self) -> bool:
        """Whether an earlier probe has used this connection: the other side may end it at any time."""

    def end_use(self) -> None:
        """Let nobody use this connection again: what comes over it is not what was asked for."""

    async def ask(self, request: bytes, complete: Complete, *, limit: int = REPLY_LIMIT) -> bytes:
        """Send ``request`` and read until ``complete``, end of stream, ``limit`` bytes or the deadline.

        Raises ``Stopped`` where not one byte came.
        """


class Host(Protocol):
    """One address in scope, behind the gate's limits."""

    @property
    def address(self) -> str:
        """The address that is asked."""

    def talk(self, port: int, *, tls: bool = False) -> AbstractAsyncContextManager[Conversation]:
        """Open a connection; raises ``Stopped`` (refused, silent, out of scope) on entry."""

    @property
    def sender(self) -> Sender:
        """This machine as it is asked from."""

    async def datagram(
        self, port: int, payload: bytes, *, wait_s: float, reply_port: int = 0
    ) -> tuple[bytes, ...]:
        """Send one UDP datagram and return what came back within ``wait_s`` seconds; ``Stopped`` if nothing.

        ``reply_port`` is the port of this machine to which devices answer, where the protocol sets one.
        """
