"""Holding a run: two programs that scan the same run would ask every device twice.

In go an engine and a run, out comes whether nobody else holds it. The kernel, or PostgreSQL, lets go of it when
the program that holds it is gone, however it went.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine, text


@contextmanager
def held(engine: Engine, run_id: str) -> Iterator[bool]:
    """Hold a run while the block lasts; gives whether it was free."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            asked = text("SELECT pg_try_advisory_lock(hashtext('camaudit run'), hashtext(:run))")
            free = bool(connection.execute(asked, {"run": run_id}).scalar())
            # No transaction may stay open beside the scan; the lock is the connection's, not the transaction's.
            connection.commit()
            try:
                yield free
            finally:
                connection.invalidate()
    elif engine.dialect.name == "sqlite" and engine.url.database:
        yield from _held_by_file(Path(f"{engine.url.database}.{run_id}.lock"))
    else:
        yield True


def _held_by_file(file: Path) -> Iterator[bool]:
    handle = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        if not _is_still(file, handle):
            # Whoever held it has just ended and taken the file away: another may hold a new one.
            yield False
            return
        try:
            yield True
        finally:
            with suppress(OSError):
                file.unlink()
    finally:
        os.close(handle)


def _is_still(file: Path, handle: int) -> bool:
    try:
        return os.fstat(handle).st_ino == file.stat().st_ino
    except FileNotFoundError:
        return False
