"""What one host costs at most, and the tally of what it did cost."""

from __future__ import annotations

import os
import resource
from dataclasses import asdict, dataclass

from camaudit.model import Load

CONNECTIONS_AT_ONCE = 4
"""To one host; by this many hosts the open files of this process are shared out (see ``manners``)."""
HOST_BYTES = 1024 * 1024
ANSWER_S = 4.0
"""How long a device may think before it begins an answer, where nothing says that it never will."""

KNOCKED_AT_ONCE = 1024
"""Addresses that are knocked at side by side: a dark one takes a second, and at 5000 packets a second 833 do."""

ASKED_AT_ONCE = 256
"""Hosts that are asked side by side."""

_WANTED_FILES = 8192
_FILES_FOR_OTHERS = 40
"""For multicast sockets, the store, the helper process and whatever the libraries open."""

_FILES_A_HOST = 2 * CONNECTIONS_AT_ONCE
"""What a host that is asked may hold: its connections, and as many sockets for its datagrams."""

OBEDIENT_PORTS = frozenset({102, 502, 515, 1911, 2404, 4911, *range(9100, 9108), 44818, 47808})
"""Ports that are never talked to: printers print what they are sent, and controllers of machines do it."""

SETTLE_S = 0.05
LATE_RETRIES = 3


def room_for_hosts() -> int:
    """Raise this process's limit of open files as far as it may go; return how many addresses fit in at once."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _WANTED_FILES if hard == resource.RLIM_INFINITY else min(_WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    if soft == resource.RLIM_INFINITY:
        return KNOCKED_AT_ONCE
    free = soft - _open_files() - _FILES_FOR_OTHERS
    fitting = free // _FILES_A_HOST
    if fitting > ASKED_AT_ONCE:
        # Who is only knocked at holds connections and nothing else.
        fitting = ASKED_AT_ONCE + (free - ASKED_AT_ONCE * _FILES_A_HOST) // CONNECTIONS_AT_ONCE
    return max(1, min(KNOCKED_AT_ONCE, fitting))


def _open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))
    except OSError:
        return _FILES_FOR_OTHERS


@dataclass(slots=True)
class Tally:
    """What was done to one host so far; ``load`` is what is kept of it and shown (see ``Load``)."""

    knocks: int = 0
    connections: int = 0
    at_once: int = 0
    """Connections that are still being opened are among them."""
    requests: int = 0
    """Questions over connections; a TLS handshake is one."""
    datagrams: int = 0
    bytes_out: int = 0
    bytes_in: int = 0

    def load(self) -> Load:
        """Return what it comes to."""
        return Load(**asdict(self))
