"""Summaries in the store: a line for a run, found only by the digest of all that it was judged by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, insert, select

from camaudit.store import tables
from camaudit.store.database import Store


def summary_of(store: Store, run: str, key: str) -> Mapping[str, Any] | None:
    """Return the line of a run that was made under ``key``; None where there is none, or one of another key."""
    table = tables.summaries
    with store.transaction() as connection:
        found = connection.execute(select(table.c.line).where(table.c.run == run, table.c.key == key)).scalar()
    return dict(found) if found is not None else None


def put_summary(store: Store, run: str, key: str, line: Mapping[str, Any]) -> None:
    """Keep a line in the place of an earlier one."""
    table = tables.summaries
    with store.transaction() as connection:
        connection.execute(delete(table).where(table.c.run == run))
        connection.execute(insert(table).values(run=run, key=key, line=dict(line)))
