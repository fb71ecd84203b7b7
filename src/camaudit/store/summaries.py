"""Summaries in the store: a line for a run, found only by the digest of all that it was judged by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from camaudit.store import tables
from camaudit.store.database import Store


@dataclass(frozen=True, slots=True)
class Kept:
    """The line of a run, the digest of what it was judged by, and the days by whose law it says the same."""

    key: str
    first: date
    last: date
    line: Mapping[str, Any]


def summary_of(store: Store, run: str, key: str, day: date) -> Mapping[str, Any] | None:
    """Return the line of a run made under ``key`` that holds for ``day``; None where there is none."""
    table = tables.summaries
    mine = (table.c.run == run, table.c.key == key)
    holds = (table.c.first <= day.isoformat(), table.c.last >= day.isoformat())
    with store.transaction() as connection:
        found = connection.execute(select(table.c.line).where(*mine, *holds)).scalar()
    return dict(found) if found is not None else None


def put_summary(store: Store, run: str, kept: Kept) -> None:
    """Keep a line in the place of an earlier one."""
    table = tables.summaries
    days = {"first": kept.first.isoformat(), "last": kept.last.isoformat()}
    with store.transaction() as connection:
        connection.execute(delete(table).where(table.c.run == run))
        connection.execute(insert(table).values(run=run, key=kept.key, **days, line=dict(kept.line)))
