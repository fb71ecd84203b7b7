"""A finished run made small: what its hosts said is kept once, however many runs and hosts say it.

While a scan runs, each observation is a row of its own, as it arrives. When the run is finished its hosts are
packed: a row for each host says which contents it gave, when, and with which volatile values. Reading gives the
same observations back, in the same order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from camaudit.model import Observation, Outcome, Target
from camaudit.store import tables
from camaudit.store.volatile import Template, join, part

_AT_ONCE = 500
_STREAMED = 2000
_MICROSECOND = timedelta(microseconds=1)

Body = list[Any]
"""A content: probe, outcome, note, and the fields with their templates."""
_Content = tuple[str, Outcome, str, dict[str, list[Template]], dict[str, Any]]
"""A content, taken apart, with its fields as they are where there are no gaps in them."""

Part = list[Any]
"""What a host gave once: the content's id, the port, microseconds since the run began, and volatile values."""


def pack(connection: Connection, run_id: str) -> None:
    """Pack the observations of a run; what is packed already stays as it is."""
    table = tables.observations
    found = connection.execute(select(table).where(table.c.run == run_id).order_by(table.c.id))
    pack_rows(connection, run_id, (row._asdict() for row in found))
    connection.execute(delete(table).where(table.c.run == run_id))


def pack_rows(connection: Connection, run_id: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep observations packed; they come as rows of their table, in the order in which they were made."""
    began = connection.execute(select(tables.runs.c.started).where(tables.runs.c.id == run_id)).scalar_one()
    hosts: dict[str, list[tuple[str, tuple[int | None, int, list[str]]]]] = {}
    bodies: dict[str, str] = {}
    for row in rows:
        body, values = _body(row["probe"], row["outcome"], row["note"], row["fields"])
        digest = hashlib.blake2b(body.encode(), digest_size=16).hexdigest()
        bodies[digest] = body
        since = (row["at"] - began) // _MICROSECOND
        hosts.setdefault(row["address"], []).append((digest, (row["port"], since, values)))
    ids = _ids(connection, bodies)
    looks = [
        {"run": run_id, "address": address, "parts": [_part(ids[digest], *rest) for digest, rest in given]}
        for address, given in hosts.items()
    ]
    for at in range(0, len(looks), _AT_ONCE):
        connection.execute(insert(tables.looks), looks[at : at + _AT_ONCE])


def _body(probe: str, outcome: str, note: str, fields: Mapping[str, Iterable[str]]) -> tuple[str, list[str]]:
    values: list[str] = []
    shown: dict[str, list[Any]] = {}
    for name, texts in fields.items():
        parted = [part(text) for text in texts]
        shown[name] = [template for template, _ in parted]
        values += [value for _, found in parted for value in found]
    return json.dumps([probe, outcome, note, shown], separators=(",", ":")), values


def _part(content: int, port: int | None, since: int, values: list[str]) -> Part:
    return [content, port, since, values] if values else [content, port, since]


def _ids(connection: Connection, bodies: Mapping[str, str]) -> dict[str, int]:
    """Return the id of each content, by its digest; those that are new are kept."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    found = _known_ids(connection, list(bodies))
    # In one order for all who write at once, so that no two wait for each other.
    new = sorted(digest for digest in bodies if digest not in found)
    for at in range(0, len(new), _AT_ONCE):
        rows = [{"digest": digest, "body": json.loads(bodies[digest])} for digest in new[at : at + _AT_ONCE]]
        connection.execute(dialect.insert(tables.contents).on_conflict_do_nothing(), rows)
    return found | _known_ids(connection, new)


def _known_ids(connection: Connection, digests: list[str]) -> dict[str, int]:
    table = tables.contents
    found: dict[str, int] = {}
    for at in range(0, len(digests), _AT_ONCE):
        query = select(table.c.digest, table.c.id).where(table.c.digest.in_(digests[at : at + _AT_ONCE]))
        found.update((row.digest, row.id) for row in connection.execute(query))
    return found


def unpack(
    connection: Connection, run_id: str, began: datetime, addresses: Collection[str] | None = None
) -> Iterator[Observation]:
    """Yield the packed observations of a run, host by host, each host's in the order in which they came.

    With ``addresses`` only those of these hosts; a database takes some hundreds at once.
    """
    table = tables.looks
    query = select(table.c.address, table.c.parts).where(table.c.run == run_id).order_by(table.c.id)
    if addresses is not None:
        query = query.where(table.c.address.in_(addresses))
    looks = connection.execute(query).all()
    contents = _contents(connection, {each[0] for look in looks for each in look.parts})
    for look in looks:
        for content, port, since, *rest in look.parts:
            probe, outcome, note, shown, whole = contents[content]
            # Of what holds no gaps all hosts said the same.
            fields = _filled(shown, rest[0]) if rest else whole
            at = began + since * _MICROSECOND
            yield Observation(Target(look.address, port), probe, outcome, fields, at, note)


def _filled(shown: Mapping[str, list[Template]], values: Iterable[str]) -> dict[str, tuple[str, ...]]:
    left = iter(values)
    return {name: tuple([join(each, left) for each in templates]) for name, templates in shown.items()}


def _contents(connection: Connection, ids: Iterable[int]) -> dict[int, _Content]:
    table, wanted = tables.contents, sorted(ids)
    found: dict[int, _Content] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        query = select(table.c.id, table.c.body).where(table.c.id.in_(wanted[at : at + _AT_ONCE]))
        found.update((row.id, _content(row.body)) for row in connection.execute(query))
    return found


def _content(body: Body) -> _Content:
    probe, outcome, note, shown = body
    whole = {name: tuple(texts) for name, texts in shown.items()}
    return probe, Outcome(outcome), note, shown, whole


def forget_unused(connection: Connection) -> None:
    """Remove the contents that no run holds any more."""
    used: set[int] = set()
    for row in connection.execute(select(tables.looks.c.parts).execution_options(yield_per=_STREAMED)):
        used.update(each[0] for each in row.parts)
    table = tables.contents
    unused = [row.id for row in connection.execute(select(table.c.id)) if row.id not in used]
    for at in range(0, len(unused), _AT_ONCE):
        connection.execute(delete(table).where(table.c.id.in_(unused[at : at + _AT_ONCE])))
    if unused:
        # The number of a content may be given out again, and a reading is known by such numbers.
        connection.execute(delete(tables.readings))


def unpack_all(connection: Connection) -> None:
    """Give every packed observation of every run its own row again; what an older camaudit can read."""
    for run in connection.execute(select(tables.runs.c.id, tables.runs.c.started)).all():
        rows = [row_of(run.id, each) for each in unpack(connection, run.id, run.started)]
        for at in range(0, len(rows), _AT_ONCE):
            connection.execute(insert(tables.observations), rows[at : at + _AT_ONCE])


def row_of(run_id: str, observation: Observation) -> dict[str, Any]:
    """Return the row of one observation."""
    return {
        "run": run_id,
        "address": observation.target.address,
        "port": observation.target.port,
        "probe": observation.probe,
        "outcome": observation.outcome.value,
        "fields": {name: list(values) for name, values in observation.fields.items()},
        "at": observation.at,
        "note": observation.note[:300],
    }
