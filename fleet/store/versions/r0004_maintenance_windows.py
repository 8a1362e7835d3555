"""Times in which a group or place is out of service because somebody works there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "maintenance_window",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("recipient", sa.String(66), nullable=False),
        sa.Column("words", sa.String(60), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(10), nullable=False),
        sa.Column("planned_by", sa.String(64), nullable=False),
    )
    op.create_index("ix_maintenance_window_step", "maintenance_window", ["step"])
