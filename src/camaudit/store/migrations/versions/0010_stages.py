"""What is done once in a run, so that a run that was ended early does not do it again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table of stages."""
    op.create_table(
        "stages",
        sa.Column(
            "run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        sa.Column("name", sa.String(20), primary_key=True),
        sa.Column("said", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Forget the stages: a run that was ended early does them again."""
    op.drop_table("stages")
