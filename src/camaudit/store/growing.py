"""Bringing a store to the form that this camaudit reads: a new one at once, an older one step by step.

Alembic does the moving and is loaded only when there is something to move. Its own table of one row says which
form a store has; the first camaudit kept a number in a table of its own, which is still understood.
"""

from __future__ import annotations

from sqlalchemy import Connection, insert, inspect, select, text

from camaudit.errors import StoreError
from camaudit.store import tables

HEAD = "0007"
"""The form that this camaudit reads and writes: the last of ``migrations/versions``."""
KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""All forms, the oldest first."""
_FIRST, _OLD_MARK = "0001", "camaudit_schema"


def bring_up(connection: Connection) -> None:
    """Make or move the tables so that this camaudit can use them.

    Raises ``StoreError`` where the store was made by a newer camaudit: it is left as it is.
    """
    if form_of(connection) == HEAD and not inspect(connection).has_table(_OLD_MARK):
        return
    _wait_alone(connection)
    form = form_of(connection)
    if form is None:
        tables.metadata.create_all(connection)
        connection.execute(insert(tables.form).values(version_num=HEAD))
    elif form not in KNOWN:
        raise StoreError(f"made by a newer camaudit (form {form}; this one reads up to {HEAD}): use that one")
    else:
        move(connection, HEAD)


def _wait_alone(connection: Connection) -> None:
    """Let two that open a new store at once make it one after the other."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('camaudit store'))"))


def form_of(connection: Connection) -> str | None:
    """Return the form that a store has; None for an empty database."""
    there = set(inspect(connection).get_table_names())
    if tables.form.name in there:
        found: str | None = connection.execute(select(tables.form.c.version_num)).scalar()
        return found
    return _FIRST if _OLD_MARK in there else None


def _forget_old_mark(connection: Connection) -> None:
    if inspect(connection).has_table(_OLD_MARK):
        connection.execute(text(f"DROP TABLE {_OLD_MARK}"))
        tables.form.create(connection)
        connection.execute(insert(tables.form).values(version_num=_FIRST))


def move(connection: Connection, form: str) -> None:
    """Move a store up or down to a form; raise ``StoreError`` where there is no such one."""
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "camaudit.store:migrations")
    here = form_of(connection) or "base"
    if here == _FIRST:
        _forget_old_mark(connection)
    try:
        (command.upgrade if here == "base" or (form != "base" and form > here) else command.downgrade)(
            config, form
        )
    except CommandError as error:
        raise StoreError(f"cannot be moved from form {here} to {form}: {error}") from None
