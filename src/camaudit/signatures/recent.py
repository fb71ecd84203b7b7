"""What was worked out lately, by what it was worked out from: bounded, and what is asked for again stays. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from camaudit.signatures.load import Knowledge

T = TypeVar("T")

MOST = 8192
"""Results of one generation; two are held."""
_SHORT = 4096
"""Characters of values up to which it is remembered what was read out of them."""


class Recent(Generic[T]):
    """Results by their keys, of the last ``most`` that were new or asked for again, and as many before those.

    Serial numbers and nonces come once and go; what every unit of a model says is found again, however late the
    first such unit came.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._young: dict[Hashable, T] = {}
        self._old: dict[Hashable, T] = {}

    def get(self, key: Hashable) -> T | None:
        """Return what was kept under ``key``, or ``None``."""
        found = self._young.get(key)
        if found is None and (found := self._old.get(key)) is not None:
            self.put(key, found)
        return found

    def put(self, key: Hashable, result: T) -> None:
        """Keep a result; the oldest that nobody asked for again make room."""
        if len(self._young) >= self._most:
            self._old, self._young = self._young, {}
        self._young[key] = result


def once(
    read: Callable[[str, tuple[str, ...], Knowledge], Iterable[T]],
    field: str,
    values: tuple[str, ...],
    knowledge: Knowledge,
) -> tuple[T, ...]:
    """Return what ``read`` makes of a field's values and of nothing else; of equal values it is asked once."""
    key = read, field, values
    found = knowledge.recent.get(key)
    if found is None:
        found = tuple(read(field, values, knowledge))
        if sum(map(len, values)) <= _SHORT:
            knowledge.recent.put(key, found)
    return found
