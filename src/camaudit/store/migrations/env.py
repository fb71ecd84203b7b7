"""Alembic runs this file for each move; the connection is the one that ``store.growing`` gives it."""

from alembic import context

from camaudit.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.metadata,
    # SQLite cannot change a column in place: Alembic then writes the table anew.
    render_as_batch=True,
    transaction_per_migration=False,
)
context.run_migrations()
