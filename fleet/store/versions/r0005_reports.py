"""Things and pages in the counts of a day, and the sums of days that are over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns and make the table."""
    with op.batch_alter_table("day") as table:
        for name in ("things", "left_at"):
            table.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "day_summary",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("jurisdiction", sa.String(12), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("day", "jurisdiction"),
    )
