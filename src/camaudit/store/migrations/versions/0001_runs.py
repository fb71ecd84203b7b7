"""The first store: runs, the blocks they swept, the hosts they met, and every observation."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def _run(*, key: bool = False) -> sa.Column[str]:
    """Return the column that says which run a row belongs to; it goes with its run."""
    return sa.Column(
        "run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=key, nullable=False
    )


def upgrade() -> None:
    """Make the tables of the first store."""
    op.create_table(
        "runs",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("site", sa.JSON, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("finished", sa.DateTime),
        sa.Column("tool_version", sa.String(40), nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("scope", "excluded", "resolved", "limits")),
    )
    op.create_table(
        "swept",
        _run(key=True),
        sa.Column("first", sa.String(45), primary_key=True),
        sa.Column("last", sa.String(45), nullable=False),
        sa.Column("addresses", sa.Integer, nullable=False),
        sa.Column("silent", sa.Integer, nullable=False),
    )
    op.create_table(
        "hosts",
        _run(key=True),
        sa.Column("address", sa.String(45), primary_key=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("notes", sa.JSON, nullable=False),
    )
    op.create_table(
        "observations",
        sa.Column("id", sa.Integer, primary_key=True),
        _run(),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("port", sa.Integer),
        sa.Column("probe", sa.String(20), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
    )
    op.create_index("observations_of_run", "observations", ["run", "address"])


def downgrade() -> None:
    """Take the tables away again, with all that is in them."""
    for table in ("observations", "hosts", "swept", "runs"):
        op.drop_table(table)
