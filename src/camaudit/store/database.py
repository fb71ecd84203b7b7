"""Opening the store and finding runs in it. SQLAlchemy Core, so that SQLite and PostgreSQL are one code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from camaudit.errors import StoreError, UsageError
from camaudit.model import Judgement, Run, Site
from camaudit.store import tables
from camaudit.store.growing import bring_up
from camaudit.store.holding import held
from camaudit.store.judgements import read_judgements, write_judgement
from camaudit.store.opening import default_url, open_engine, shown, told_plainly
from camaudit.store.packing import forget_unused, pack
from camaudit.store.reading import Resolved, StoredLogin, StoredRun, read_run, run_of
from camaudit.store.sites import saved_site
from camaudit.store.transfer import Row, put_rows, rows_of
from camaudit.store.writing import RunWriter


class Store:
    """All runs of this machine (or of an estate), behind one URL."""

    def __init__(self, url: str | None = None) -> None:
        self.url = url or default_url()
        self._engine, self.is_readable_only = open_engine(self.url)
        with told_plainly(self.url), self._engine.begin() as connection:
            try:
                bring_up(connection, may_write=not self.is_readable_only)
            except StoreError as error:
                raise StoreError(f"store {shown(self.url)}: {error}, or give another with --store") from None

    def begin(self, run: Run, site: Site, resolved: Resolved) -> RunWriter:
        """Record that a run has begun and return the writer of what it collects.

        ``resolved`` holds scope and exclusions as plain address ranges: a report must not look names up again.
        """
        row = {
            "id": run.id,
            "site": saved_site(site),
            "origin": run.origin,
            "started": run.started,
            "tool_version": run.tool_version,
            "scope": list(run.scope),
            "excluded": list(run.excluded),
            "resolved": [list(part) for part in resolved],
            "limits": [],
        }
        with self.transaction() as connection:
            connection.execute(insert(tables.runs).values(row))
        return self.resume(run.id)

    def resume(self, run_id: str) -> RunWriter:
        """Return a writer that goes on with a run that was ended early."""
        return RunWriter(run_id, self.transaction, beside=not self.lives_in_memory)

    @contextmanager
    def hold(self, run_id: str) -> Iterator[bool]:
        """Hold a run against other programs that would scan it too; gives whether it was free.

        It is free again when the block ends, or this program does, however it ends.
        """
        with told_plainly(self.url), held(self._engine, run_id) as free:
            yield free

    def finish(self, run_id: str, at: datetime, limits: tuple[str, ...]) -> None:
        """Record that a run has ended, and what it could not do."""
        change = update(tables.runs).where(tables.runs.c.id == run_id).values(finished=at, limits=list(limits))
        with self.transaction() as connection:
            connection.execute(change)
            pack(connection, run_id)

    def interrupt(self, run_id: str, limits: tuple[str, ...]) -> None:
        """Record why a run was ended early; it stays unfinished and can be resumed."""
        change = update(tables.runs).where(tables.runs.c.id == run_id).values(limits=list(limits))
        with self.transaction() as connection:
            connection.execute(change)

    def logins(self) -> tuple[StoredLogin, ...]:
        """Return every login that was ever tried, by whatever run."""
        with self.transaction() as connection:
            rows = connection.execute(select(tables.logins)).all()
        return tuple(StoredLogin(row.run, row.device, row.credential, row.outcome) for row in rows)

    def runs(self) -> tuple[Run, ...]:
        """Return every run, the newest first."""
        order = (tables.runs.c.started.desc(), tables.runs.c.id.desc())
        with self.transaction() as connection:
            return tuple(run_of(row) for row in connection.execute(select(tables.runs).order_by(*order)))

    def run(self, name: str | None = None) -> StoredRun:
        """Return one run by its id or the beginning of it; without a name the newest."""
        found = self.find(name)
        with self.transaction() as connection:
            return read_run(connection, found)

    def find(self, name: str | None = None) -> Run:
        """Return what ``run`` would, without what it holds."""
        with self.transaction() as connection:
            exact = connection.execute(select(tables.runs).where(tables.runs.c.id == name)).one_or_none()
        if exact is not None:
            return run_of(exact)
        found = [run for run in self.runs() if name is None or run.id.startswith(name)]
        if not found:
            what = f"no run {name} in" if name else "no runs yet in"
            raise UsageError(f"{what} {shown(self.url)}; see `camaudit runs`, or make one with `camaudit audit`")
        if name and len(found) > 1:
            raise UsageError(f"{name}: {len(found)} runs begin so; give more of the id (see `camaudit runs`)")
        return found[0]

    def sites(self) -> dict[str, str]:
        """Return the name of the site of each run, by the run's id."""
        with self.transaction() as connection:
            return {
                row.id: row.site["name"]
                for row in connection.execute(select(tables.runs.c.id, tables.runs.c.site))
            }

    def remove(self, run_ids: Iterable[str]) -> None:
        """Remove runs with all that they hold, and give their space back."""
        with self.transaction() as connection:
            for run_id in run_ids:
                connection.execute(delete(tables.runs).where(tables.runs.c.id == run_id))
            forget_unused(connection)
        self._give_space_back()

    def _give_space_back(self) -> None:
        if self._engine.dialect.name == "sqlite":
            try:
                with told_plainly(self.url), self._engine.connect() as raw:
                    raw.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM")
            except StoreError:
                # It takes as much room as the file itself. Without it the room is free for the next runs.
                return

    def rows(self, run_id: str) -> tuple[tuple[str, Row], ...]:
        """Return one run as rows that JSON knows, each with the name of its table."""
        with self.transaction() as connection:
            return tuple(rows_of(connection, run_id))

    def add(self, parts: Mapping[str, Iterable[Row]]) -> None:
        """Add a run that another store gave out, whole or not at all; ``parts`` holds its rows by table."""
        with self.transaction() as connection:
            for name, rows in parts.items():
                put_rows(connection, name, rows)

    def keep(self, judgement: Judgement) -> None:
        """Keep what was said of a run, unless the last one kept was made by the same and says the same."""
        with self.transaction() as connection:
            write_judgement(connection, judgement)

    def judgements(self, run_id: str) -> tuple[Judgement, ...]:
        """Return what was said of a run, the oldest first."""
        with self.transaction() as connection:
            return read_judgements(connection, run_id)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give a connection whose changes are kept whole, or not at all."""
        with told_plainly(self.url), self._engine.begin() as connection:
            yield connection

    @property
    def lives_in_memory(self) -> bool:
        """Say whether no other process can open it."""
        return self._engine.dialect.name == "sqlite" and self._engine.url.database in (None, "", ":memory:")

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()
