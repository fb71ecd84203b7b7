"""The jobs of an estate: what was planned for which site, and what came of it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of jobs."""
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(80), primary_key=True),
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("batch", sa.String(40), nullable=False),
        sa.Column("site", sa.String(40), nullable=False),
        sa.Column("targets", sa.JSON, nullable=False),
        sa.Column("exclude", sa.JSON, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("planned", sa.DateTime, nullable=False),
        sa.Column("ended", sa.DateTime),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("limits", sa.JSON, nullable=False),
    )
    op.create_index("jobs_of_batch", "jobs", ["batch", "site"])


def downgrade() -> None:
    """Take the table away; the runs that the jobs filled stay."""
    op.drop_table("jobs")
