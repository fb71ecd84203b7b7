"""What each receiver of news was told, so that no change is told twice; and who could not be reached."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables of receivers."""
    op.create_table(
        "told",
        sa.Column("receiver", sa.String(80), primary_key=True),
        sa.Column("site", sa.String(300), primary_key=True),
        sa.Column("run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
        sa.Column("judged", sa.DateTime, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("absent", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "untold",
        sa.Column("receiver", sa.String(80), primary_key=True),
        sa.Column("site", sa.String(300), primary_key=True),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("first", sa.DateTime, nullable=False),
        sa.Column("last", sa.DateTime, nullable=False),
        sa.Column("problem", sa.String(300), nullable=False),
    )


def downgrade() -> None:
    """Forget who was told what; every receiver is then greeted anew."""
    op.drop_table("untold")
    op.drop_table("told")
