"""How far each run reached, without reading what it collected: in goes the store, out come numbers by run."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from camaudit.store import tables
from camaudit.store.database import Store
from camaudit.store.reading import Resolved


@dataclass(frozen=True, slots=True)
class Reach:
    """The scope of a run as ranges, the addresses that it has swept or met, and how many answered."""

    resolved: Resolved
    swept: int
    met: int
    answered: int


def reaches(store: Store) -> dict[str, Reach]:
    """Return the reach of every run by its id."""
    runs, swept, hosts = tables.runs, tables.swept, tables.hosts
    with store.transaction() as connection:
        summed = select(swept.c.run, func.sum(swept.c.addresses)).group_by(swept.c.run)
        sizes = dict(connection.execute(summed).all())
        outcomes = connection.execute(
            select(hosts.c.run, hosts.c.outcome, func.count()).group_by(hosts.c.run, hosts.c.outcome)
        )
        met: dict[str, dict[str, int]] = {}
        for run, outcome, number in outcomes:
            met.setdefault(run, {})[outcome] = number
        rows = connection.execute(select(runs.c.id, runs.c.resolved)).all()
    return {
        run: Reach(
            (tuple(resolved[0]), tuple(resolved[1])),
            int(sizes.get(run, 0)),
            sum(met.get(run, {}).values()),
            met.get(run, {}).get("answered", 0),
        )
        for run, resolved in rows
    }
