"""The devices of a stored run without reading every host again: in go a run and what is known, out come units.

What a host's answers told is kept in the store by a digest of the answers and of all that read them; nine hosts of
ten say the same as last year. Only a host that says something else is read, and one that tells of others too: a
recorder with its list, a unit at two addresses. What comes out is what ``devices_of`` gives, less the evidence.
"""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache

from camaudit.cache import code_digest
from camaudit.catalogue import Catalogue
from camaudit.devices import Remembered, devices_of
from camaudit.exposure import is_off
from camaudit.hosts import Host, has_several_units, read_host
from camaudit.model import Device, Observation, Run
from camaudit.recorders import PROBE, has_list
from camaudit.store import Store
from camaudit.store.readings import forget_other_readings, heard, looks, put_readings, readings
from camaudit.store.volatile import part
from camaudit.yamlio import adapter

_TELLS_MORE = frozenset({PROBE, "traffic", "switch"})
"""Probes whose answers are about somebody else; their hosts are read each time."""
_CLOCKS = ("onvif.utc", "isapi.time")
_NOTHING = "null"
"""What is kept of a host that did not answer as a device."""
_AT_ONCE = 2000
_COLLECT_EVERY = 200_000


class Memory:
    """What is read by one catalogue out of one store; it holds each reading once, however many runs share it."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._knowledge = knowledge_digest(catalogue)
        self._told: dict[str, Host | None] = {}
        self._alone = False
        """Whether what was read under other knowledge has been forgotten: once, before the first is kept."""

    def devices(self, run: Run) -> tuple[Device, ...]:
        """Return the devices of a run; what was read for the first time is kept."""
        of_address = looks(self._store, run, is_off)
        self._recall(of_address.values())
        known, unread = {}, []
        for address, digest in of_address.items():
            if digest not in self._told:
                unread.append(address)
            elif (host := self._told[digest]) is not None:
                known[address] = host
        seen = dict(self._read(run, unread, of_address, known))
        again = Remembered(known, lambda addresses: heard(self._store, run, addresses))
        return devices_of(seen, self._catalogue.knowledge, self._catalogue.oui, again)

    def forget(self) -> None:
        """Let go of what is held; the store keeps it."""
        self._told.clear()

    def _recall(self, digests: Iterable[str]) -> None:
        wanted = {digest for digest in digests if digest and digest not in self._told}
        told = adapter(Host)
        for digest, text in readings(self._store, self._knowledge, wanted):
            self._told[digest] = None if text == _NOTHING else told.validate_json(text)

    def _read(
        self, run: Run, unread: list[str], of_address: Mapping[str, str], known: dict[str, Host]
    ) -> Iterable[tuple[str, tuple[Observation, ...]]]:
        """Read hosts and remember them; yield what those said who must be read each time."""
        for at in range(0, len(unread), _AT_ONCE):
            new: dict[str, str] = {}
            for address, items in heard(self._store, run, unread[at : at + _AT_ONCE]).items():
                if not of_address[address] or not is_of_itself(items):
                    yield address, items
                    continue
                host = read_host(items, self._catalogue.knowledge, self._catalogue.oui, ledger=False)
                if host is not None and has_several_units(
                    items, host, self._catalogue.knowledge, self._catalogue.oui
                ):
                    yield address, items
                    continue
                digest = of_address[address]
                new[digest] = _text(host)
                self._told[digest] = host
                if host is not None:
                    known[address] = host
            self._keep(new)

    def _keep(self, new: Mapping[str, str]) -> None:
        if not self._alone:
            forget_other_readings(self._store, self._knowledge)
            self._alone = True
        put_readings(self._store, self._knowledge, new)


def _text(host: Host | None) -> str:
    text: str = adapter(Host).dump_json(host, exclude_defaults=True).decode() if host else _NOTHING
    return text


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for garbage seldom: a hundred thousand devices make none, and looking takes a quarter of the time."""
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_EVERY, before[1], before[2])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Shared:
    """The memory of a store for whoever learns only later by which catalogue it is to be read."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._memory: Memory | None = None

    def devices(self, run: Run, catalogue: Catalogue) -> tuple[Device, ...]:
        """Return the devices of a run; the same catalogue is to be given each time."""
        self._memory = self._memory or Memory(self._store, catalogue)
        return self._memory.devices(run)


def is_of_itself(items: Iterable[Observation]) -> bool:
    """Say whether what a host said is of itself alone, and its digest tells whether its clock is right."""
    said = tuple(items)
    if has_list(said) or any(item.probe in _TELLS_MORE for item in said):
        return False
    clocks = (text for item in said for name in _CLOCKS for text in item.fields.get(name, ()))
    return all(part(text)[0] == ["", None, ""] for text in clocks)


def knowledge_digest(catalogue: Catalogue) -> str:
    """Return a digest of all that makes a device out of answers: signatures, MAC prefixes, and our own code."""
    marks = catalogue.marks
    said = "\n".join((marks["signatures"], marks["oui"], _code()))
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


@cache
def _code() -> str:
    return code_digest("", "signatures", "model")
