"""Values that stand once and are named by a number: in goes any value, out comes its number."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)


class Numbered(Generic[Key]):
    """Values by the order in which they first came: each is kept once and named by its number."""

    def __init__(self) -> None:
        self._numbers: dict[Key, int] = {}

    def __call__(self, value: Key) -> int:
        """Return the number of ``value``."""
        return self._numbers.setdefault(value, len(self._numbers))

    def all(self) -> list[Key]:
        """Return every value, in the order of the numbers."""
        return list(self._numbers)
