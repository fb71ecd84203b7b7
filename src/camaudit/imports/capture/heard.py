"""What a capture tells, kept small: in go statements about addresses, out come entries, each once.

A capture of a day says the same things a million times. Of each unit, protocol and topic a few different
statements are taken; who is not ours (a public address, unless the site's scope holds it) is only counted.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

from camaudit.imports.entry import Entry, as_address
from camaudit.probes.text import bounded

MOST_UNITS = 65536
_MOST_ALIKE = 2
_MOST_A_UNIT = 64
_MOST_NAMES = 256
_MOST_PORTS = 128
_MOST_OTHERS = 1 << 16
_LATEST = 253402300799.0
_FEW_ARE_MANY = {"traffic": _MOST_NAMES, "port": _MOST_PORTS, "mac": 4}

Ours = Callable[[str], bool]
"""Says whether an address may be one of the site's units."""


def is_private(address: str) -> bool:
    """Say whether an address is of a private network or of a link."""
    return not ipaddress.ip_address(address.partition("%")[0]).is_global


class Heard:
    """``take`` hands each entry to ``emit`` as it comes; ``others`` counts public addresses that were left out."""

    def __init__(self, emit: Callable[[Entry], None], ours: Ours = is_private) -> None:
        self.full = False
        self._emit = emit
        self._ours = ours
        self._others: set[str] = set()
        self._units: dict[str, bool] = {}
        self._said: set[int] = set()
        self._numbers: Counter[tuple[str, str, str]] = Counter()

    @property
    def others(self) -> int:
        """How many addresses were heard that are not ours."""
        return len(self._others)

    def take(
        self,
        probe: str,
        address: str,
        fields: Mapping[str, Iterable[str]],
        at: float,
        *,
        port: int | None = None,
        mac: str = "",
        topic: str = "",
    ) -> None:
        """Take one statement; ``topic`` groups those of which a few are as good as all."""
        if not self.knows(address or mac):
            return
        kept = bounded(fields)
        told = hash((probe, address, mac, port, tuple(kept.items())))
        whole, alike = (address or mac, probe, ""), (address or mac, probe, topic or "any")
        most = _FEW_ARE_MANY.get(probe, 0)
        if not kept or told in self._said or self._numbers[whole] >= (most or _MOST_A_UNIT):
            return
        if self._numbers[alike] >= (most or _MOST_ALIKE) and topic:
            return
        self._said.add(told)
        self._numbers[whole] += 1
        self._numbers[alike] += 1
        self._emit(Entry(probe, address, mac, port, kept, at=_moment(at)))

    def knows(self, unit: str) -> bool:
        """Return whether a unit, by its address or MAC, is ours and still has a place."""
        known = self._units.get(unit)
        if known is not None:
            return known
        if as_address(unit) and not self._ours(unit):
            if len(self._others) < _MOST_OTHERS:
                self._others.add(unit)
            return False
        self.full = self.full or len(self._units) >= MOST_UNITS
        if not unit or self.full:
            return False
        self._units[unit] = True
        return True


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(min(max(at, 0.0), _LATEST), UTC)
