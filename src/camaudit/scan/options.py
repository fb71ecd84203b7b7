"""What a scan is told, whom it tells, and what it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from camaudit.credentials import Credential
from camaudit.model import Load, Observation
from camaudit.net.manners import USUAL, Manners
from camaudit.net.quiet import Quiet, parse_quiet
from camaudit.scan.ports import PORTS, Speaks


class Engine(StrEnum):
    """Who finds hosts and open ports: we, we without raw sockets, or nmap."""

    AUTO = "auto"
    CONNECT = "connect"
    NMAP = "nmap"


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts that the operator handed over. ``tried`` and ``refused`` are (mark of a device, credential).

    ``tried`` holds what this run has tried already, ``refused`` what a device refused in an earlier run.
    """

    credentials: tuple[Credential, ...]
    maker_of: Callable[[Iterable[Observation]], str]
    """The id of the maker where it is at least probable, else empty."""
    tried: frozenset[tuple[str, str]] = frozenset()
    refused: frozenset[tuple[str, str]] = frozenset()


Apart = Callable[[Observation, Observation], bool]
"""Says whether two front pages at one address are plainly of two makers, and so of two units."""


def never_apart(_one: Observation, _other: Observation) -> bool:
    """Take every address for one unit."""
    return False


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """How to scan. ``rate`` is packets a second."""

    rate: float = 1000.0
    ports: Mapping[int, Speaks] = field(default_factory=lambda: PORTS)
    interfaces: tuple[str, ...] = ()
    multicast: bool = True
    engine: Engine = Engine.AUTO
    communities: tuple[str, ...] = field(default=(), repr=False)
    """Read communities of SNMP, in the order in which they are tried; without one nobody is asked by SNMP."""
    accounts: Accounts | None = None
    manners: Manners = USUAL
    quiet: tuple[Quiet, ...] = ()
    """Times of day in which nothing is sent."""
    are_apart: Apart = never_apart


def heeding(options: ScanOptions, quiet_hours: tuple[str, ...]) -> ScanOptions:
    """Return how to scan a site that has quiet hours; those that the operator gave for this scan go first.

    Raises UsageError where they are no times of the day.
    """
    return replace(options, quiet=options.quiet or parse_quiet(quiet_hours))


class Sink(Protocol):
    """Where everything goes as it arrives (the store's ``RunWriter``)."""

    def observation(self, observation: Observation) -> None:
        """Take one observation."""

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        """Take the end of one host, and what asking it cost it; the last word on it counts."""

    def login(self, devices: tuple[str, ...], credential: str, outcome: str, at: datetime) -> None:
        """Take, and keep for good before returning, that a login is tried or how it ended."""

    def swept(self, first: str, last: str, addresses: int, silent: int) -> None:
        """Take the end of a block of addresses."""

    def stage(self, name: str, said: object, at: datetime) -> None:
        """Take that something which a scan does once is done, and what is to be said of it (JSON)."""


class Phase(StrEnum):
    """What a scan is busy with; most of it goes on side by side, and this names what the end waits for."""

    SWEEP = "sweep"
    MET = "met"
    AGAIN = "again"


class ScanWatcher(Protocol):
    """Who wants to see progress; the scan itself knows no console."""

    def began(self, addresses: int) -> None:
        """The scan begins over so many addresses."""

    def phase(self, phase: Phase) -> None:
        """The scan goes on to something else."""

    def swept(self, addresses: int) -> None:
        """So many more addresses are done."""

    def found(self, address: str) -> None:
        """A host answered."""

    def told(self, text: str) -> None:
        """Something that the user must know now: the scan waits, or goes on."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan came to; the rest is in the store."""

    answered: int
    limits: tuple[str, ...]
