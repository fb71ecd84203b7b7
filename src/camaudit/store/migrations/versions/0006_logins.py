"""Which device was tried with which account, so that none is tried twice; never what it was tried with."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table of logins."""
    op.create_table(
        "logins",
        sa.Column(
            "run", sa.String(40), sa.ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True, nullable=False
        ),
        sa.Column("device", sa.String(200), primary_key=True),
        sa.Column("credential", sa.String(200), primary_key=True),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    """Forget who was tried; a login that was refused would be sent again."""
    op.drop_table("logins")
