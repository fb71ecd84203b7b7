"""What a running scan writes: observations and finished hosts, in small transactions as they arrive."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, insert, null

from camaudit.model import Load, Observation
from camaudit.store import tables
from camaudit.store.packing import row_of

_FLUSH_S = 0.25
_FLUSH_ROWS = 500

Transaction = Callable[[], AbstractContextManager[Connection]]


class RunWriter:
    """Collects rows and commits them every quarter of a second: that much, at most, dies with the process."""

    def __init__(self, run_id: str, transaction: Transaction) -> None:
        self.run_id = run_id
        self._transaction = transaction
        self._observations: list[dict[str, object]] = []
        self._hosts: dict[str, dict[str, object]] = {}
        self._swept: list[dict[str, object]] = []
        self._flushed_s = time.monotonic()

    def observation(self, observation: Observation) -> None:
        """Store one observation."""
        self._observations.append(row_of(self.run_id, observation))
        self._flush_when_due()

    def host(self, address: str, outcome: str, notes: tuple[str, ...] = (), load: Load | None = None) -> None:
        """Store that a host is finished, and what asking it cost it; a resumed run does not ask it again."""
        row = {"run": self.run_id, "address": address, "outcome": outcome, "notes": list(notes)}
        self._hosts[address] = {**row, "load": asdict(load) if load is not None else null()}
        self._flush_when_due()

    def swept(self, first: str, last: str, addresses: int, silent: int) -> None:
        """Store that a block of addresses is finished, and how many of them said nothing."""
        row = {"run": self.run_id, "first": first, "last": last, "addresses": addresses, "silent": silent}
        self._swept.append(row)
        self._flush_when_due()

    def login(self, devices: tuple[str, ...], credential: str, outcome: str, at: datetime) -> None:
        """Store for good, before returning, that a login is tried or how it ended; never the password."""
        self.flush()
        table = tables.logins
        rows = [
            {
                "run": self.run_id,
                "device": device[:200],
                "credential": credential[:200],
                "outcome": outcome,
                "at": at,
            }
            for device in devices
        ]
        mine = (table.c.run == self.run_id, table.c.credential == credential[:200])
        with self._transaction() as connection:
            known = table.c.device.in_([row["device"] for row in rows])
            connection.execute(delete(table).where(*mine, known))
            connection.execute(insert(table), rows)

    def _flush_when_due(self) -> None:
        full = len(self._observations) >= _FLUSH_ROWS
        if full or time.monotonic() - self._flushed_s >= _FLUSH_S:
            self.flush()

    def flush(self) -> None:
        """Commit what is held."""
        if self._observations or self._hosts or self._swept:
            with self._transaction() as connection:
                if self._observations:
                    connection.execute(insert(tables.observations), self._observations)
                if self._hosts:
                    known = tables.hosts.c.address.in_(list(self._hosts))
                    connection.execute(delete(tables.hosts).where(tables.hosts.c.run == self.run_id, known))
                    connection.execute(insert(tables.hosts), list(self._hosts.values()))
                if self._swept:
                    connection.execute(insert(tables.swept), self._swept)
        self._observations, self._hosts, self._swept = [], {}, []
        self._flushed_s = time.monotonic()
