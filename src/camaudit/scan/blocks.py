"""The scope in blocks of addresses: how far a sweep has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from camaudit.net.scope import Scope

BLOCK = 256


@dataclass(slots=True)
class Block:
    """Addresses that are swept together; ``left`` and ``silent`` count down and up as they end."""

    addresses: tuple[str, ...]
    silent: int = 0
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = len(self.addresses)

    @property
    def ends(self) -> tuple[str, str]:
        """Return the first and last address: the block's name in the store."""
        return self.addresses[0], self.addresses[-1]


def blocks_of(scope: Scope) -> Iterator[Block]:
    """Yield the scope block by block; the same scope gives the same blocks every time."""
    waiting: list[str] = []
    for address in scope.addresses():
        waiting.append(address)
        if len(waiting) == BLOCK:
            yield Block(tuple(waiting))
            waiting = []
    if waiting:
        yield Block(tuple(waiting))
