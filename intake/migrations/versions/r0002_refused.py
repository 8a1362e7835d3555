"""Refusals are counted, by day, terminal and code."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "refused",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("terminal", sa.String(64), primary_key=True),
        sa.Column("code", sa.String(40), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
    )
