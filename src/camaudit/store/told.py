"""What receivers of news were told, and who could not be reached: values in and out, by receiver and site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, insert, select

from camaudit.store import tables
from camaudit.store.database import Store

_MAX_SITE, _MAX_PROBLEM = 300, 300


@dataclass(frozen=True, slots=True)
class Told:
    """What a receiver knows of a site: the judgement of ``run`` made at ``judged``, the ``number``th thing told.

    ``absent`` maps the id of a unit that went missing to what was open of it: see ``telling.absent``.
    """

    receiver: str
    site: str
    run: str
    judged: datetime
    number: int
    at: datetime
    absent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Untold:
    """A receiver that could not be reached: since when, how often it was tried, and what was wrong last."""

    receiver: str
    site: str
    tries: int
    first: datetime
    last: datetime
    problem: str


def told_of(store: Store, receiver: str, site: str) -> Told | None:
    """Return what a receiver knows of a site; ``None`` where it was told nothing yet."""
    table = tables.told
    with store.transaction() as connection:
        row = connection.execute(select(table).where(_of(table, receiver, site))).one_or_none()
    if row is None:
        return None
    return Told(row.receiver, row.site, row.run, row.judged, row.number, row.at, row.absent)


def untold_of(store: Store, receiver: str, site: str) -> Untold | None:
    """Return since when a receiver could not be told of a site; ``None`` where nothing waits."""
    table = tables.untold
    with store.transaction() as connection:
        row = connection.execute(select(table).where(_of(table, receiver, site))).one_or_none()
    return None if row is None else Untold(row.receiver, row.site, row.tries, row.first, row.last, row.problem)


def known_runs(store: Store) -> frozenset[str]:
    """Return the runs that receivers were told last: what they are told next is compared with those."""
    with store.transaction() as connection:
        return frozenset(connection.execute(select(tables.told.c.run)).scalars())


def was_told(store: Store, told: Told) -> None:
    """Record what a receiver knows now; nothing waits for it any more."""
    values = {
        "receiver": told.receiver,
        "site": told.site[:_MAX_SITE],
        "run": told.run,
        "judged": told.judged,
        "number": told.number,
        "absent": dict(told.absent),
        "at": told.at,
    }
    with store.transaction() as connection:
        _forget(connection, told.receiver, told.site, tables.told, tables.untold)
        connection.execute(insert(tables.told).values(values))


def was_not_told(store: Store, receiver: str, site: str, at: datetime, problem: str) -> Untold:
    """Record that a receiver could not be reached, once more; what it knows stays as it was."""
    before = untold_of(store, receiver, site)
    found = Untold(
        receiver,
        site[:_MAX_SITE],
        before.tries + 1 if before else 1,
        before.first if before else at,
        at,
        problem[:_MAX_PROBLEM],
    )
    with store.transaction() as connection:
        _forget(connection, receiver, site, tables.untold)
        values = {name: getattr(found, name) for name in ("receiver", "site", "tries", "first", "last", "problem")}
        connection.execute(insert(tables.untold).values(values))
    return found


def _forget(connection: Connection, receiver: str, site: str, *of: Table) -> None:
    for table in of:
        connection.execute(delete(table).where(_of(table, receiver, site)))


def _of(table: Table, receiver: str, site: str) -> Any:
    return and_(table.c.receiver == receiver, table.c.site == site[:_MAX_SITE])
