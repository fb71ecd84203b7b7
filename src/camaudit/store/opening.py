"""Opening the database: in goes a URL, out come an engine tuned for it, and errors as one line with a remedy."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

import platformdirs
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from camaudit.errors import StoreBusy, StoreError, UsageError

BUSY_MS = 5000
"""How long one change waits for another program that is writing."""

_CONNECT_S = 10
_GOES_ON = "what was finished is kept, and `camaudit scan --resume` goes on with a scan that this ended"
_BUSY = ("locked", "lock timeout")
_AWAY = ("closed the connection", "terminating connection", "refused", "starting up", "shutting down")
_REMEDIES = (
    (_BUSY, f"another program is writing to it: wait until it has ended; {_GOES_ON}"),
    (("full", "no space left", "disk i/o", "too large"), f"free some space there; {_GOES_ON}"),
    (("readonly", "read-only"), "it may be read here, not written: give another with --store"),
    (("malformed", "not a database"), "it is damaged or no store: put a copy in its place, or give another"),
    (_AWAY, f"is the server running? {_GOES_ON}"),
)
"""Words of SQLite and PostgreSQL, and what to do."""


def default_url() -> str:
    """Return the URL of the embedded database in the user's data folder."""
    return f"sqlite:///{Path(platformdirs.user_data_dir('camaudit', appauthor=False)) / 'camaudit.sqlite3'}"


@contextmanager
def told_plainly(url: str) -> Iterator[None]:
    """Turn a database's own errors into one line that says what to do."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        said = reason.lower()
        remedy = next((what for words, what in _REMEDIES if any(word in said for word in words)), "")
        remedy = remedy or "check its path, permissions and free space, or give another with --store"
        kind = StoreBusy if any(word in said for word in (*_BUSY, *_AWAY)) else StoreError
        raise kind(f"store {shown(url)}: {reason}; {remedy}") from None


def shown(url: str) -> str:
    """Return a URL without its password."""
    return make_url(url).render_as_string(hide_password=True)


def open_engine(url: str) -> tuple[Engine, bool]:
    """Return the engine of a URL, and whether it can only be read.

    A file of SQLite is made where it is missing, for its owner alone. Raises UsageError or StoreError.
    """
    readable_only = False
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite" and parsed.database:
            file = Path(parsed.database)
            readable_only = not _create_private(file)
            if readable_only:
                return create_engine("sqlite://", creator=partial(_read_only, file), poolclass=NullPool), True
        engine = create_engine(parsed)
    except ModuleNotFoundError as error:
        extra = "pip install 'camaudit[postgres]'" if (error.name or "").startswith("psycopg") else "install it"
        raise UsageError(
            f"{url.partition(':')[0]}: this store needs {error.name}, which is not here; {extra}"
        ) from None
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise UsageError(
            f"{_without_login(url)}: not a store URL; write sqlite:////path/to/file or leave --store out"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _tune_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "do_connect", _wait_bounded)
        event.listen(engine, "connect", _tune_postgresql)
    return engine, readable_only


def _without_login(url: str) -> str:
    """Return a URL that could not be read, less what may be a password."""
    head, at, rest = url.rpartition("@")
    return f"{head.partition('//')[0]}//***@{rest}" if at else url


def _create_private(path: Path) -> bool:
    """Create the file so that only its owner reads it: it maps the cameras of a site.

    Returns whether it may be written; one that may only be read is left as it is.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) and os.access(path, os.R_OK):
            return False
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        remedy = "free some space there, or give another" if full else "give a folder you may write to"
        raise StoreError(f"store {path}: {error.strerror}; {remedy} with --store") from None
    # Its companions are made as they are needed: whether the folder lets them be made shows now.
    return os.access(path.parent, os.W_OK)


def _read_only(path: Path) -> sqlite3.Connection:
    """Open a file that cannot be written, on a medium where SQLite's companions cannot be made either."""
    name = f"file:{quote(str(path.absolute()))}?mode=ro"
    left_over = path.with_name(f"{path.name}-wal")
    unchanging = not left_over.is_file() or not left_over.stat().st_size
    opened = sqlite3.connect(f"{name}&immutable=1" if unchanging else name, uri=True, check_same_thread=False)
    with closing(opened.cursor()) as cursor:
        cursor.execute("PRAGMA query_only=ON")
    return opened


def _tune_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the DB-API connection has no common type
    # The wait first: the others may already meet another program.
    for setting in (f"busy_timeout={BUSY_MS}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _wait_bounded(_dialect: object, _record: object, _arguments: object, parameters: dict[str, object]) -> None:
    parameters.setdefault("connect_timeout", _CONNECT_S)


def _tune_postgresql(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the DB-API connection has no common type
    cursor.execute(f"SET lock_timeout = {BUSY_MS}")
    connection.commit()  # type: ignore[attr-defined]  # as above: no common type
    cursor.close()
