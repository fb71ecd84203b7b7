"""What a running scan writes: observations and finished hosts, in small transactions as they arrive."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Table, bindparam, delete, insert, null

from camaudit.errors import StoreBusy
from camaudit.model import Load, Observation
from camaudit.store import tables
from camaudit.store.packing import row_of

T = TypeVar("T")
Transaction = Callable[[], AbstractContextManager[Connection]]
Row = dict[str, Any]

_FLUSH_S = 0.25
_FLUSH_ROWS = 500
PATIENCE_S = 20.0
"""How long a scan waits for a store that is locked or away, before it ends."""


@dataclass(slots=True)
class _Held:
    """Rows that are not committed yet; those of one key replace each other."""

    observations: list[Row] = field(default_factory=list)
    hosts: dict[str, Row] = field(default_factory=dict)
    swept: dict[str, Row] = field(default_factory=dict)
    stages: dict[str, Row] = field(default_factory=dict)
    logins: dict[tuple[str, str], Row] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.observations or self.hosts or self.swept or self.stages or self.logins)

    def then(self, later: _Held) -> _Held:
        """Return these rows with ``later`` ones behind them."""
        return _Held(
            self.observations + later.observations,
            self.hosts | later.hosts,
            self.swept | later.swept,
            self.stages | later.stages,
            self.logins | later.logins,
        )


class RunWriter:
    """Collects rows and commits them every quarter of a second: that much, at most, dies with the process.

    ``while_kept`` commits beside the scan, so that a slow disk does not hold it up; ``beside`` is false for a
    database that only the thread sees that opened it.
    """

    def __init__(self, run_id: str, transaction: Transaction, *, beside: bool = True) -> None:
        self.run_id = run_id
        self._transaction = transaction
        self._beside = beside
        self._held = _Held()
        self._flushed_s = time.monotonic()
        self._steady = False

    def observation(self, observation: Observation) -> None:
        """Store one observation."""
        self._held.observations.append(row_of(self.run_id, observation))
        self._flush_when_due()

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        """Store that a host is finished, and what asking it cost it; a resumed run does not ask it again."""
        row = {"run": self.run_id, "address": address, "outcome": outcome, "notes": list(notes)}
        self._held.hosts[address] = {**row, "load": asdict(load) if load is not None else null()}
        self._flush_when_due()

    def swept(self, first: str, last: str, addresses: int, silent: int) -> None:
        """Store that a block of addresses is finished, and how many of them said nothing."""
        row = {"run": self.run_id, "first": first, "last": last, "addresses": addresses, "silent": silent}
        self._held.swept[first] = row
        self._flush_when_due()

    def stage(self, name: str, said: object, at: datetime) -> None:
        """Store that something that is done once in a run is done, and what is to be said of it (JSON)."""
        self._held.stages[name] = {"run": self.run_id, "name": name, "said": said, "at": at}
        self._flush_when_due()

    def login(self, devices: tuple[str, ...], credential: str, outcome: str, at: datetime) -> None:
        """Store for good, before returning, that a login is tried or how it ended; never the password.

        What was stored before is committed with it: how a login ended never stands there without what it read.
        """
        for device in devices:
            key = device[:200], credential[:200]
            row = {"run": self.run_id, "device": key[0], "credential": key[1], "outcome": outcome, "at": at}
            self._held.logins[key] = row
        self.flush()

    def _flush_when_due(self) -> None:
        if self._steady:
            return
        full = len(self._held.observations) >= _FLUSH_ROWS
        if full or time.monotonic() - self._flushed_s >= _FLUSH_S:
            self.flush()

    def flush(self) -> None:
        """Commit what is held; where that fails it is held on."""
        held, self._held = self._held, _Held()
        try:
            self._commit(held)
        except BaseException:
            self._held = held.then(self._held)
            raise

    async def while_kept(self, work: Coroutine[Any, Any, T]) -> T:
        """Do ``work`` and commit beside it what it stores, also while it stores nothing more for a time.

        What is stored without waiting in between is committed together. Raises StoreError where it cannot be.
        """
        working, keeping = asyncio.create_task(work), asyncio.create_task(self._keep())
        try:
            await asyncio.wait((working, keeping), return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                keeping.result()
            return await working
        finally:
            for task in (working, keeping):
                task.cancel()
            await asyncio.gather(working, keeping, return_exceptions=True)

    async def _keep(self) -> None:
        self._steady = True
        try:
            while True:
                await asyncio.sleep(_FLUSH_S)
                held, self._held = self._held, _Held()
                await self._commit_beside(held)
        finally:
            self._steady = False

    async def _commit_beside(self, held: _Held) -> None:
        if not held:
            return
        if not self._beside:
            self._commit_patiently(held)
            return
        committing = asyncio.get_running_loop().run_in_executor(None, self._commit_patiently, held)
        try:
            # A thread cannot be stopped: whoever ends this waits for it, or the rows would be written twice.
            await asyncio.wait((committing,))
        except asyncio.CancelledError:
            await asyncio.wait((committing,))
            raise
        finally:
            if not committing.done() or committing.exception() is not None:
                self._held = held.then(self._held)
        committing.result()

    def _commit_patiently(self, held: _Held) -> None:
        end_s = time.monotonic() + PATIENCE_S
        while True:
            try:
                return self._commit(held)
            except StoreBusy:
                if time.monotonic() >= end_s:
                    raise
                time.sleep(_FLUSH_S)

    def _commit(self, held: _Held) -> None:
        if held:
            with self._transaction() as connection:
                if held.observations:
                    connection.execute(insert(tables.observations), held.observations)
                for table, rows in (
                    (tables.hosts, held.hosts),
                    (tables.swept, held.swept),
                    (tables.stages, held.stages),
                    (tables.logins, held.logins),
                ):
                    _replace(connection, table, list(rows.values()))
        self._flushed_s = time.monotonic()


def _replace(connection: Connection, table: Table, rows: list[Row]) -> None:
    """Write rows in the place of those with the same key: writing them once more changes nothing."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key.columns]
    same = delete(table).where(*(table.c[name] == bindparam(f"old_{name}") for name in keys))
    connection.execute(same, [{f"old_{name}": row[name] for name in keys} for row in rows])
    connection.execute(insert(table), rows)
