"""A stored run as rows that JSON knows, and back: how a run travels from one store to another.

The tables themselves say what there is to carry, so a new column travels without a change here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError

from camaudit.errors import UsageError
from camaudit.store import tables
from camaudit.store.packing import pack_rows, row_of, unpack
from camaudit.store.shapes import fits

Row = Mapping[str, Any]

_OWN_KEYS = {"observations": "id", "judgements": "id"}
"""Numbers that a store gives out itself; they order the rows and are not carried."""


_ONLY_HERE = (tables.jobs, tables.looks, tables.summaries, tables.told, tables.stages)
"""What belongs to this store: its jobs, its way of keeping observations small, what it worked out itself, whom it
told, and what it may resume."""


def _tables() -> Iterator[Table]:
    """Yield the table of runs, then every table that tells of a run, parents first."""
    for table in tables.metadata.sorted_tables:
        if table is tables.runs or ("run" in table.c and table not in _ONLY_HERE):
            yield table


def table_names() -> tuple[str, ...]:
    """Return the names of the tables that make up a run, in the order in which they must be read back."""
    return tuple(table.name for table in _tables())


def rows_of(connection: Connection, run_id: str) -> Iterator[tuple[str, Row]]:
    """Yield each row of one run with the name of its table, in an order that two stores share."""
    began = connection.execute(select(tables.runs.c.started).where(tables.runs.c.id == run_id)).scalar_one()
    for table in _tables():
        if table is tables.observations:
            for observation in unpack(connection, run_id, began):
                row = row_of(run_id, observation)
                yield table.name, {name: _plain(value) for name, value in row.items()}
        mine = table.c.id if table is tables.runs else table.c.run
        query = select(table).where(mine == run_id).order_by(*table.primary_key.columns)
        for found in connection.execute(query):
            kept = {c.name: found._mapping[c] for c in table.c if c.name != _OWN_KEYS.get(table.name)}
            yield table.name, {name: _plain(value) for name, value in kept.items()}


def put_rows(connection: Connection, name: str, rows: Iterable[Row]) -> None:
    """Add rows to the table ``name``; raise ``UsageError`` where one does not fit it."""
    table = next((each for each in _tables() if each.name == name), None)
    if table is None:
        raise UsageError(f"{name}: no such part of a run")
    values = [_row(table, row, number) for number, row in enumerate(rows, 1)]
    try:
        if values:
            connection.execute(insert(table), values)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise UsageError(f"{name}: cannot be read back: {reason[:200]}") from None


def put_packed(connection: Connection, run_id: str, rows: Iterable[Row]) -> None:
    """Add observations of hosts that are finished, packed at once; raise ``UsageError`` where one is none."""
    names = tuple(column.name for column in tables.observations.c if column.name not in ("id", "run"))
    values = []
    for number, row in enumerate(rows, 1):
        value = _row(tables.observations, row, number)
        if not all(name in value for name in names):
            raise UsageError(f"observations, row {number}: is no observation; made by another camaudit?")
        values.append(value)
    pack_rows(connection, run_id, values)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _row(table: Table, row: Row, number: int) -> dict[str, Any]:
    wanted = {column.name for column in table.c} - {_OWN_KEYS.get(table.name)}
    unknown = set(row) - wanted
    if unknown:
        raise UsageError(f"{table.name}, row {number}: unknown {min(unknown)[:40]}; made by a newer camaudit?")
    found: dict[str, Any] = {}
    for column in table.c:
        if column.name not in row:
            continue
        value = row[column.name]
        try:
            is_time = isinstance(column.type, tables.UtcDateTime) and value is not None
            found[column.name] = datetime.fromisoformat(value) if is_time else value
        except (TypeError, ValueError):
            raise UsageError(f"{table.name}, row {number}: {column.name} is no time") from None
        if not fits(column, found[column.name]):
            raise UsageError(
                f"{table.name}, row {number}: {column.name} holds what it cannot; made by another camaudit?"
            )
    return found
