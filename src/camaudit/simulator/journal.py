"""Keep what the fleet was asked, as JSON lines, and count connections and bytes of each device."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TextIO

from camaudit.simulator.watch import Seen


@dataclass(slots=True)
class Counts:
    """What one device went through."""

    connections: int = 0
    open_now: int = 0
    most_open: int = 0
    requests: int = 0
    violations: int = 0
    bytes_in: int = 0
    broken: int = 0
    """How often it was asked more than it bears (fragile devices)."""


class Journal:
    """The log of one run; ``stream`` gets a JSON line for each request, and None keeps only the counts."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream
        self.counts: defaultdict[str, Counts] = defaultdict(Counts)
        self.violations: list[dict[str, object]] = []
        self.falls: list[tuple[str, str]] = []

    def opened(self, device: str) -> None:
        """Count a new connection."""
        counts = self.counts[device]
        counts.connections += 1
        counts.open_now += 1
        counts.most_open = max(counts.most_open, counts.open_now)

    def closed(self, device: str) -> None:
        """Count the end of a connection."""
        self.counts[device].open_now -= 1

    def received(self, device: str, size: int) -> None:
        """Count bytes that came in."""
        self.counts[device].bytes_in += size

    def broken(self, device: str, why: str) -> None:
        """Write down that a fragile device has fallen, and over what."""
        self.counts[device].broken += 1
        self.falls.append((device, why))
        self._write({"at": _now(), "device": device, "broken": why})

    def request(self, device: str, address: str, port: str, peer: str, seen: Seen, login: str = "") -> None:
        """Write one request down; ``port`` reads ``tcp/80``, ``login`` whether its credentials were right."""
        counts = self.counts[device]
        counts.requests += 1
        transport, _, number = port.partition("/")
        entry: dict[str, object] = {
            "at": _now(),
            "device": device,
            "address": address,
            "transport": transport,
            "port": int(number),
            "from": peer,
            "request": seen.summary,
        }
        if login:
            entry["login"] = login
        if seen.violation is not None:
            entry["violation"] = seen.violation
            counts.violations += 1
            self.violations.append(entry)
        self._write(entry)

    def close(self) -> None:
        """Write the counts of every device that was spoken to."""
        for device in sorted(self.counts):
            self._write({"device": device, "summary": asdict(self.counts[device])})
        if self._stream is not None:
            self._stream.flush()

    def _write(self, entry: dict[str, object]) -> None:
        if self._stream is not None:
            self._stream.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._stream.flush()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
