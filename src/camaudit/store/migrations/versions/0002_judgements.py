"""What was said of each run, and by what: `camaudit diff` compares it with what is said today."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the table of judgements."""
    op.create_table(
        "judgements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("judged", sa.DateTime, nullable=False),
        sa.Column("as_of", sa.String(10), nullable=False),
        sa.Column("tool_version", sa.String(40), nullable=False),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("marks", "site", "waivers", "chosen", "units")),
    )
    op.create_index("judgements_of_run", "judgements", ["run"])


def downgrade() -> None:
    """Take the judgements away; the runs can be judged again."""
    op.drop_table("judgements")
