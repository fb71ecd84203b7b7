"""What is known of one host already: in go its observations, out comes what an interview need not ask. Pure.

A resumed run stores nothing twice and asks nothing twice: each question looks here first. So does the second look
at a host that went away while it was asked.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from camaudit.model import Observation, Outcome
from camaudit.model.figures import whole_number
from camaudit.net.connect import Reach

NO_WAY = "this machine had no way there"
"""The note of knocks that never left; they say nothing of the host."""

_AT_OPEN_PORTS = frozenset({"http", "rtsp"})


class Recall:
    """The observations of one host, found again by probe and port. Of several the last one holds."""

    def __init__(self, stored: Iterable[Observation] = ()) -> None:
        self._stored = [item for item in stored if item.note != NO_WAY]
        self._ids = frozenset(map(id, self._stored))

    def __bool__(self) -> bool:
        return bool(self._stored)

    def holds(self, observation: Observation) -> bool:
        """Return whether this very observation is one of the stored."""
        return id(observation) in self._ids

    def at(self, port: int, *probes: str) -> tuple[Observation, ...]:
        """Return what these probes left at a port, one for each; nothing where the first of them left nothing."""
        found = {item.probe: item for item in self._stored if item.target.port == port and item.probe in probes}
        return tuple(found[probe] for probe in probes if probe in found) if probes[0] in found else ()

    def anywhere(self, *probes: str) -> tuple[Observation, ...]:
        """Return what these probes left, whatever the port."""
        return tuple(item for item in self._stored if item.probe in probes)

    @property
    def ports(self) -> Observation | None:
        """Return what its ports came to, where they were knocked at to the end."""
        return next((item for item in reversed(self._stored) if item.probe == "port"), None)

    def reached(self, ports: Collection[int]) -> dict[int, Reach]:
        """Return what is known of ``ports`` without a knock."""
        whole = self.ports
        spoke = [
            item.target.port
            for item in self._stored
            if item.probe in _AT_OPEN_PORTS and item.outcome is Outcome.ANSWERED and item.target.port
        ]
        found = dict.fromkeys(spoke, Reach.OPEN)
        if whole is not None:
            # Which of them refused and which said nothing is not kept: closed is closed.
            others = Reach.SILENT if whole.outcome is Outcome.SILENT else Reach.REFUSED
            opened = (whole_number(text, 65535) for text in whole.fields.get("port.open", ()))
            found = {**dict.fromkeys(ports, others), **found, **dict.fromkeys(filter(None, opened), Reach.OPEN)}
        return found
