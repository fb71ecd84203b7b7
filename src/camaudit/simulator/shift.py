"""Where ports go when they may not be had as they are: in goes a device's port, out comes the one it gets."""

from __future__ import annotations

from dataclasses import dataclass

ALL = 65536


@dataclass(frozen=True, slots=True)
class Shift:
    """Adds ``by`` to the ports under ``below``; the others stay."""

    by: int = 0
    below: int = ALL

    def __call__(self, port: int) -> int:
        """Return the port that stands in for ``port``."""
        return port + self.by if port < self.below else port


def as_shift(shift: int | Shift) -> Shift:
    """Return a shift of every port where only a number is given."""
    return shift if isinstance(shift, Shift) else Shift(shift)
