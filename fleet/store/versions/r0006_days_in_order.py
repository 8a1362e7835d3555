"""A day's rows in the order of terminals, so that a hundred thousand are read part by part."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Put an index of both in the place of the day's."""
    op.drop_index("ix_day_day", "day", if_exists=True)
    op.create_index("day_of_terminals", "day", ["day", "terminal"])
