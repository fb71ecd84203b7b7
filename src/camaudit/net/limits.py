"""What one host costs at most, and the tally of what it did cost."""

from __future__ import annotations

from dataclasses import dataclass

CONNECTIONS_AT_ONCE = 4
TALKS_AT_ONCE = 2
HOST_DEADLINE_S = 30.0
HOST_BYTES = 1024 * 1024
ANSWER_S = 4.0
"""How long a device may think before it begins an answer, where nothing says that it never will."""

KEPT_OPEN = 3
"""Connections of the port stage that wait for their question, instead of being opened twice."""

SETTLE_S = 0.05
LATE_RETRIES = 3


@dataclass(slots=True)
class Tally:
    """What was done to one host; shown in coverage and checked by tests."""

    connections: int = 0
    datagrams: int = 0
    bytes_in: int = 0
    at_once: int = 0
