"""The jobs of an estate in the store: planned, then ended once, however often their result arrives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from camaudit.errors import UsageError
from camaudit.store import tables
from camaudit.store.database import Store
from camaudit.store.packing import pack
from camaudit.store.transfer import put_packed, put_rows

PARTS = ("swept", "hosts", "observations")
"""The tables that a result may hold rows of; nothing else is taken from a worker."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class StoredJob:
    """A job as the store knows it. ``state`` is ``waiting``, ``done``, ``refused`` or ``failed``."""

    id: str
    batch: str
    site: str
    run: str
    targets: tuple[str, ...]
    exclude: tuple[str, ...]
    state: str
    planned: datetime
    ended: datetime | None
    note: str


def put_jobs(store: Store, rows: Iterable[Mapping[str, Any]], planned: datetime) -> None:
    """Store jobs as waiting."""
    values = [{**row, "state": "waiting", "planned": planned, "note": "", "limits": []} for row in rows]
    if values:
        with store.transaction() as connection:
            connection.execute(insert(tables.jobs), values)


def jobs_of(store: Store, batch: str | None = None) -> tuple[StoredJob, ...]:
    """Return the jobs of a batch in the order of their sites; without a name those of the newest batch."""
    table = tables.jobs
    with store.transaction() as connection:
        name = batch or connection.execute(select(table.c.batch).order_by(table.c.batch.desc()).limit(1)).scalar()
        query = select(table).where(table.c.batch == name).order_by(table.c.run, table.c.planned, table.c.id)
        return tuple(map(_job, connection.execute(query)))


def any_waits(store: Store, batch: str) -> bool:
    """Say whether a job of this batch is not ended yet."""
    table = tables.jobs
    query = select(table.c.id).where(table.c.batch == batch, table.c.state == "waiting").limit(1)
    with store.transaction() as connection:
        return connection.execute(query).first() is not None


def job_of(store: Store, name: str) -> StoredJob | None:
    """Return one job by its id; None where there is no such one."""
    with store.transaction() as connection:
        row = connection.execute(select(tables.jobs).where(tables.jobs.c.id == name)).one_or_none()
        return _job(row) if row is not None else None


def _job(row: Row[Any]) -> StoredJob:
    return StoredJob(
        row.id,
        row.batch,
        row.site,
        row.run,
        tuple(row.targets),
        tuple(row.exclude),
        row.state,
        row.planned,
        row.ended,
        row.note,
    )


def end_job(
    store: Store,
    job: str,
    state: str,
    rows: Mapping[str, Iterable[Mapping[str, Any]]],
    limits: Iterable[str],
    note: str,
    at: datetime,
) -> bool:
    """Take the result of a job; return whether it was new. One that came before changes nothing.

    Raises ``UsageError`` where there is no such job or its rows are none of a run.
    """
    table = tables.jobs
    with store.transaction() as connection:
        ours = table.c.id == job
        # The change comes first: two results of one job then wait for each other on every database.
        change = update(table).where(ours, table.c.state == "waiting")
        said = {"state": state, "ended": at, "note": note, "limits": list(limits)}
        if not connection.execute(change.values(said)).rowcount:
            if connection.execute(select(table.c.id).where(ours)).scalar() is None:
                raise UsageError(f"{job[:80]}: no such job here")
            return False
        run: str = connection.execute(select(table.c.run).where(ours)).scalar_one()
        _take(connection, run, rows)
        _finish_run(connection, run, at)
    return True


def _take(connection: Connection, run: str, rows: Mapping[str, Iterable[Mapping[str, Any]]]) -> None:
    for name in PARTS:
        mine = [{**row, "run": run} for row in rows.get(name, ())]
        if name == "hosts":
            # Two jobs of a run may meet the same host (a unit with two addresses); the later word holds.
            addresses = [str(row.get("address")) for row in mine]
            for at in range(0, len(addresses), _AT_ONCE):
                known = tables.hosts.c.address.in_(addresses[at : at + _AT_ONCE])
                connection.execute(delete(tables.hosts).where(tables.hosts.c.run == run, known))
        if name == "observations":
            # A job's hosts are done: what they said goes to where a finished run's would, at once.
            put_packed(connection, run, mine)
        else:
            put_rows(connection, name, mine)


def _finish_run(connection: Connection, run: str, at: datetime) -> None:
    """Finish a run whose last job has ended; a job that was refused or failed is named as a limit."""
    table = tables.jobs
    waits = select(table.c.id).where(table.c.run == run, table.c.state == "waiting").limit(1)
    if connection.execute(waits).first() is not None:
        return
    query = select(table.c.state, table.c.limits, table.c.note, table.c.targets).where(table.c.run == run)
    ended = connection.execute(query.order_by(table.c.id)).all()
    limits = list(dict.fromkeys(limit for row in ended for limit in row.limits))
    limits += [f"{', '.join(row.targets)}: not scanned: {row.note}" for row in ended if row.state != "done"]
    change = update(tables.runs).where(tables.runs.c.id == run)
    connection.execute(change.values(finished=at, limits=limits))
    pack(connection, run)


def newest_runs(store: Store) -> dict[str, str]:
    """Return the newest finished run of each site by the site's id; where there is none, the newest begun."""
    runs = runs_by_site(store)
    return {site: next((run for run, whole in mine if whole), mine[0][0]) for site, mine in runs.items()}


def runs_by_site(store: Store) -> dict[str, list[tuple[str, bool]]]:
    """Return the runs of each site that jobs brought something for, the newest first, and which are finished."""
    table, runs = tables.jobs, tables.runs
    query = select(table.c.site, table.c.run, table.c.planned, runs.c.finished).distinct()
    query = query.join(runs, runs.c.id == table.c.run).where(table.c.state != "waiting")
    found: dict[str, list[tuple[str, bool]]] = {}
    with store.transaction() as connection:
        for row in connection.execute(query.order_by(table.c.planned.desc(), table.c.run.desc())):
            found.setdefault(row.site, []).append((row.run, row.finished is not None))
    return found


def waiting_since(store: Store) -> dict[str, datetime]:
    """Return since when jobs of a site wait, by the site's id, of the newest pass over it."""
    table = tables.jobs
    newest = select(table.c.site, func.max(table.c.planned).label("planned")).group_by(table.c.site).subquery()
    here = (table.c.site == newest.c.site) & (table.c.planned == newest.c.planned)
    query = select(table.c.site, table.c.planned).join(newest, here).where(table.c.state == "waiting").distinct()
    with store.transaction() as connection:
        return {row.site: row.planned for row in connection.execute(query)}
