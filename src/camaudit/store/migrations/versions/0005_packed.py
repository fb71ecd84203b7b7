"""Finished runs packed: what hosts said is kept once, and a row for each host says which of it, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the tables; runs that are there stay as they are and are read as before."""
    op.create_table(
        "contents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.Column("body", sa.JSON, nullable=False),
    )
    op.create_index("contents_by_digest", "contents", ["digest"], unique=True)
    op.create_table(
        "looks",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
    )
    op.create_index("looks_of_run", "looks", ["run"])


def downgrade() -> None:
    """Give every packed observation its own row again, then take the tables away."""
    from camaudit.store.packing import unpack_all

    unpack_all(op.get_bind())
    op.drop_table("looks")
    op.drop_table("contents")
