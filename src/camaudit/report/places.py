"""Many addresses in few words: in go addresses, out come ranges (``192.0.2.10-14``) and how many are left out."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

MAX_RANGES = 60
"""Ranges that one list names; beyond it the table and the register are the better place."""


def in_short(addresses: Iterable[str], most: int = MAX_RANGES) -> tuple[tuple[str, ...], int]:
    """Return addresses as ranges in order, at most ``most``, and the number of addresses beyond them."""
    numbers: list[tuple[int, int]] = []
    others: list[str] = []
    for address in dict.fromkeys(addresses):
        try:
            parsed = ipaddress.ip_address(address)
            numbers.append((parsed.version, int(parsed)))
        except ValueError:
            others.append(address)
    ranges = [(_written(*each), each[2] - each[1] + 1) for each in _ranges(sorted(numbers))]
    ranges += [(other, 1) for other in sorted(others)]
    return tuple(text for text, _ in ranges[:most]), sum(size for _, size in ranges[most:])


def _ranges(numbers: list[tuple[int, int]]) -> Iterable[tuple[int, int, int]]:
    start: tuple[int, int] | None = None
    last = (0, 0)
    for number in numbers:
        if start is not None and number == (last[0], last[1] + 1):
            last = number
            continue
        if start is not None:
            yield start[0], start[1], last[1]
        start = last = number
    if start is not None:
        yield start[0], start[1], last[1]


def _written(version: int, first: int, last: int) -> str:
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address
    if first == last:
        return str(kind(first))
    end = str(kind(last))
    return f"{kind(first)}-{end.rpartition('.')[2] if version == 4 and first >> 8 == last >> 8 else end}"
