"""What was read out of a host's answers, once for all runs; and for which days the line of a run holds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the table of readings; lines are worked out anew, since nobody kept for which days they hold."""
    op.create_table(
        "readings",
        sa.Column("digest", sa.String(32), primary_key=True),
        sa.Column("knowledge", sa.String(32), nullable=False),
        sa.Column("told", sa.Text, nullable=False),
    )
    op.create_index("jobs_of_run", "jobs", ["run"])
    _summaries(sa.Column("first", sa.String(10), nullable=False), sa.Column("last", sa.String(10), nullable=False))


def downgrade() -> None:
    """Forget what was worked out; every line is worked out anew."""
    _summaries()
    op.drop_index("jobs_of_run", "jobs")
    op.drop_table("readings")


def _summaries(*more: sa.Column[str]) -> None:
    op.drop_table("summaries")
    op.create_table(
        "summaries",
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        *more,
        sa.Column("line", sa.JSON, nullable=False),
    )
