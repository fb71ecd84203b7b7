"""What asking each host cost it: connections, questions and bytes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the column; of hosts asked before nothing is known."""
    op.add_column("hosts", sa.Column("load", sa.JSON))


def downgrade() -> None:
    """Forget what asking cost."""
    with op.batch_alter_table("hosts") as table:
        table.drop_column("load")
