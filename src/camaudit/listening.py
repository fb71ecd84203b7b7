"""The use case of ``camaudit listen``: what units say to others becomes a run; nothing is sent."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from camaudit import __version__
from camaudit.audit import now
from camaudit.importing import units_of
from camaudit.imports import read_stream, settle
from camaudit.imports.entry import Entry
from camaudit.model import Run, Site
from camaudit.net.raw.listener import Listener
from camaudit.net.raw.privilege import DAC_OVERRIDE, give_up
from camaudit.store import RunWriter, Store

LISTENED = "listen"
_LIMIT = (
    "nothing was sent: this run holds what units said while {interface} was listened to, and who kept silent or "
    "was not carried to this interface is not in it (a switch carries to a port what is meant for it)"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """The run that was made, and how many units it knows."""

    run: str
    units: int


@dataclass(slots=True)
class _Sink:
    """Stores entries as they come, each where its unit is known to be by then; told of the same MAC once."""

    writer: RunWriter
    interface: str
    heard: Callable[[str], None]
    units: set[str] = field(default_factory=set)
    _where: dict[str, str] = field(default_factory=dict)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def take(self, entry: Entry) -> None:
        if entry.address and entry.mac:
            self._where[entry.mac] = entry.address
        address = entry.address or self._where.get(entry.mac, entry.mac)
        note = f"heard on {self.interface}"
        for item in settle(entry, address, entry.at or now(), note, self._told):
            self.writer.observation(item)
        if address not in self.units:
            self.units.add(address)
            self.writer.host(address, "answered")
            self.heard(address)


def listen(
    store: Store,
    site: Site,
    interface: str,
    seconds: float | None,
    *,
    began: Callable[[Callable[[], None]], None] = lambda stop: None,
    heard: Callable[[str], None] = lambda address: None,
) -> Heard:
    """Listen on ``interface`` for so many seconds, or until told to stop, and store what is heard as it comes.

    ``began`` is called once packets come in, with what ends the listening; ``heard`` for each new unit. Raises
    NetworkUnavailable, and stores nothing, where this machine cannot listen.
    """
    started = now()
    run = Run(
        id=f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}",
        started=started,
        finished=None,
        tool_version=__version__,
        scope=(f"heard on {interface}",),
        origin=LISTENED,
    )
    with Listener(interface) as ear:
        writer = store.begin(run, site, ((), ()))
        sink = _Sink(writer, interface, heard)
        began(ear.stop)
        alarm = threading.Timer(seconds, ear.stop) if seconds is not None else None
        if alarm is not None:
            alarm.start()
        try:
            _, notes = read_stream(_Flushing(ear, writer), sink.take, units_of(site))
        finally:
            if alarm is not None:
                alarm.cancel()
            writer.flush()
    lost = f"{ear.dropped} packets came too fast and were not heard" if ear.dropped else ""
    limits = (_LIMIT.format(interface=interface), *(f"{interface}: {note}" for note in notes), lost)
    store.finish(run.id, now(), tuple(filter(None, limits)))
    return Heard(run.id, len(sink.units))


def give_up_privilege() -> None:
    """Drop what privilege this process has, but for writing its store; raises OSError where it may not."""
    give_up(keep=(DAC_OVERRIDE,))


@dataclass(frozen=True, slots=True)
class _Flushing:
    """Commits what is held before it waits for more: a silent network must not keep anything in memory."""

    ear: Listener
    writer: RunWriter

    def read(self, size: int, /) -> bytes:
        """Return what is heard next."""
        self.writer.flush()
        return self.ear.read(size)
