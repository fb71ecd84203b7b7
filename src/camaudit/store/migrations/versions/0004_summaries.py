"""What a run came to in one line: a report over hundreds of sites need not judge them all again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the table of summaries."""
    op.create_table(
        "summaries",
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("line", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Take the summaries away; they are made anew when they are wanted."""
    op.drop_table("summaries")
