"""What was read out of a host's answers, kept so that it is read once: in go digests of looks, out come texts.

A look is what one host said in one run, as ``packing`` keeps it. Its digest leaves out what a host says otherwise
each time (clocks, nonces) but for what a reading can hang on: their form, and whether a clock is wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from camaudit.model import HostCoverage, Observation, Run
from camaudit.store import tables
from camaudit.store.database import Store
from camaudit.store.packing import Part
from camaudit.store.reading import StoredRun, read_head, read_observations

_AT_ONCE = 500
_MICROSECOND = timedelta(microseconds=1)
_CLASSES = str.maketrans(
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "h" * 16 + "z" * 20 + "H" * 6 + "Z" * 20,
)  # fmt: skip

ClockIsOff = Callable[[str, datetime], bool]


def glance(store: Store, name: str | None = None) -> StoredRun:
    """Return a run without what its hosts said: which they were, and what came of them."""
    run = store.find(name)
    with store.transaction() as connection:
        stored = read_head(connection, run)
        table = tables.hosts
        query = select(table).where(table.c.run == run.id).order_by(table.c.address)
        hosts = (HostCoverage(row.address, row.outcome, {}, tuple(row.notes)) for row in connection.execute(query))
        return replace(stored, hosts=tuple(hosts))


def looks(store: Store, run: Run, is_off: ClockIsOff) -> dict[str, str]:
    """Return the digest of what each host of a run said, by its address; of a host that is not packed nothing.

    A host that was met more than once has one digest over all of it. ``is_off`` says whether a clock is wrong.
    """
    table = tables.looks
    query = select(table.c.address, table.c.parts).where(table.c.run == run.id).order_by(table.c.id)
    loose = select(tables.observations.c.address).where(tables.observations.c.run == run.id).distinct()
    found: dict[str, str] = {}
    with store.transaction() as connection:
        for address, parts in connection.execute(query):
            before = found.get(address, "")
            found[address] = _digest(before, parts, run.started, is_off)
        for (address,) in connection.execute(loose):
            found[address] = ""
    return found


def _digest(before: str, parts: Iterable[Part], began: datetime, is_off: ClockIsOff) -> str:
    said = [before]
    for content, port, since, *rest in parts:
        at = began + since * _MICROSECOND if rest else began
        forms = "|".join([_form(value, at, is_off) for value in rest[0]]) if rest else ""
        said.append(f"{content}:{port}:{forms}")
    return hashlib.blake2b("\n".join(said).encode("utf-8", "replace"), digest_size=16).hexdigest()


def _form(value: str, at: datetime, is_off: ClockIsOff) -> str:
    """Return what a reading can hang on: a time's year and whether it is off, a nonce's letters' kinds."""
    if value[10:11] == "T" and value[4:5] == "-":
        return f"{value[:4]}{len(value)}{is_off(value, at)}"
    if value.endswith(" GMT"):
        return value[-17:-13]
    return value.translate(_CLASSES) + ("9" if value.isdecimal() else "")


def heard(store: Store, run: Run, addresses: Iterable[str]) -> dict[str, tuple[Observation, ...]]:
    """Return what some hosts of a run said, all of it."""
    wanted = sorted(set(addresses))
    found: dict[str, tuple[Observation, ...]] = {}
    with store.transaction() as connection:
        for at in range(0, len(wanted), _AT_ONCE):
            found |= read_observations(connection, run, wanted[at : at + _AT_ONCE])
    return found


def begun(store: Store, run: Run) -> dict[str, tuple[Observation, ...]]:
    """Return what those hosts of a run said that were not asked to the end."""
    said, hosts = tables.observations, tables.hosts
    ended = select(hosts.c.address).where(hosts.c.run == run.id)
    query = select(said.c.address).where(said.c.run == run.id, said.c.address.not_in(ended)).distinct()
    with store.transaction() as connection:
        addresses = connection.execute(query).scalars().all()
    return heard(store, run, addresses)


def readings(store: Store, knowledge: str, digests: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the digests that were read before under this knowledge, each with what was read."""
    table, wanted = tables.readings, sorted(set(digests))
    with store.transaction() as connection:
        for at in range(0, len(wanted), _AT_ONCE):
            some: ColumnElement[bool] = table.c.digest.in_(wanted[at : at + _AT_ONCE])
            query = select(table.c.digest, table.c.told).where(some, table.c.knowledge == knowledge)
            yield from ((row.digest, row.told) for row in connection.execute(query))


def put_readings(store: Store, knowledge: str, told: Mapping[str, str]) -> None:
    """Keep what was read under this knowledge."""
    rows: list[dict[str, Any]] = [
        {"digest": digest, "knowledge": knowledge, "told": text} for digest, text in sorted(told.items())
    ]
    with store.transaction() as connection:
        for at in range(0, len(rows), _AT_ONCE):
            _add(connection, rows[at : at + _AT_ONCE])


def forget_other_readings(store: Store, knowledge: str) -> None:
    """Forget what was read under any other knowledge; that looks through all that is kept."""
    table = tables.readings
    with store.transaction() as connection:
        connection.execute(delete(table).where(table.c.knowledge != knowledge))


def _add(connection: Connection, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(tables.readings).on_conflict_do_nothing(), rows)
