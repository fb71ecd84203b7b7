"""What makers' own tools send to find units. In: a port and a datagram. Out: whether it is that search.

Written down from the facts about each protocol, apart from the probes, so that either would show the other's slip.
"""

from __future__ import annotations

import re

_SEARCHES: dict[int, tuple[bytes, ...]] = {
    1757: (rb"\x99\x39\xa4\x27[\s\S]{4}\xff\x00\x06\xde",),
    2000: (rb"\xaa\xaa\x00\x00",),
    2380: (rb"\x02ENQ:allinfo\xff\x03",),
    3000: (rb"\xbe\xbe\xe5\xe5\x00{4}\x1e\x00IP\tIP\tNEWM4V00\tCMD\tSEEKNVSS\n\n\n",),
    5050: (rb"\xa3\x01\x00\x01\x00{12}\x02\x00{15}",),
    7701: (rb"\x01\x00{261}",),
    8600: (rb"DH\x01\x01",),
    9999: (rb"\xd0\xf2\x81\xf8\x8b\xff\x9a\xf7\xd5\xef\x94\xb6\xd1\xb4\xc0\x9f[\s\S]{13}",),
    10000: (rb"\x01\x4a\x5d\x8f\x1c", rb"MO_I\x00{11}\x04\x00{3}\x04\x00{6}\x01"),
    10001: (rb"\x01\x00\x00\x00",),
    10670: (
        rb"\x00\x01\x00\x00\x00\x0d\x00{6}[\s\S]{10}\x00\x01\x20\x11\x1e\x11\x23\x1f\x1e\x19\x13"
        rb"\x00\x00\x02\x00{12}\xff\xff[\s\S]{2}",
    ),
    20002: (rb"\x02\x00\x00\x01\x00{8}\x46\x3c\xb5\xd3",),
    34569: (rb"\xff\x00{13}\xfa\x05\x00{4}",),
}


PORTS = frozenset(_SEARCHES)


def is_search(port: int, payload: bytes) -> bool:
    """Say whether a datagram is what a maker's tool sends to this port; other ports take anything."""
    known = _SEARCHES.get(port)
    return known is None or any(re.fullmatch(each, payload) for each in known)
