"""Ranges of addresses of one family, and the arithmetic that a scope is made of."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_MAX_SWEPT_IPV6 = 1 << 16


@dataclass(frozen=True, slots=True)
class Span:
    """A first and last address of one family, both included."""

    first: Address
    last: Address

    @property
    def size(self) -> int:
        """Return how many addresses lie between the ends, both included."""
        return int(self.last) - int(self.first) + 1

    @property
    def is_swept(self) -> bool:
        """Return whether each address is asked; of a larger IPv6 network only the neighbours that are met are."""
        return self.first.version == 4 or self.size <= _MAX_SWEPT_IPV6

    @property
    def zone(self) -> str:
        """Return the interface that link-local addresses were written with; empty where it does not matter."""
        return (self.first.scope_id or "") if isinstance(self.first, ipaddress.IPv6Address) else ""

    def __str__(self) -> str:
        return f"{self.first}-{self.last}" if self.first != self.last else str(self.first)

    def __contains__(self, address: Address) -> bool:
        if isinstance(address, ipaddress.IPv6Address) and self.zone not in ("", address.scope_id):
            return False
        same_family = address.version == self.first.version
        return same_family and int(self.first) <= int(address) <= int(self.last)


def without(first: int, last: int, span: Span) -> Iterator[tuple[int, int]]:
    """Yield what is left of the numbers ``first`` to ``last`` without those of ``span``."""
    before, after = int(span.first), int(span.last)
    if before > last or after < first:
        yield first, last
        return
    if first < before:
        yield first, before - 1
    if after < last:
        yield after + 1, last


def merged(spans: Iterable[Span]) -> list[tuple[str, int, int]]:
    joined: list[tuple[str, int, int]] = []
    for link, first, last in sorted((f"{s.first.version}{s.zone}", int(s.first), int(s.last)) for s in spans):
        if joined and joined[-1][0] == link and first <= joined[-1][2] + 1:
            joined[-1] = (link, joined[-1][1], max(last, joined[-1][2]))
        else:
            joined.append((link, first, last))
    return joined


def address_in(number: int, span: Span) -> Address:
    if span.first.version == 4:
        return ipaddress.IPv4Address(number)
    return zoned(ipaddress.IPv6Address(number), span.zone)


def zoned(address: Address, zone: str) -> Address:
    return ipaddress.IPv6Address(f"{address}%{zone}") if zone else address
