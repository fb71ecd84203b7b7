"""How a store grows from one camaudit to the next: Alembic's scripts, each with its way back."""
