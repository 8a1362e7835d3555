"""Terminals that the office expects, before their machines have enrolled."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "expected",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("title", sa.String(60), nullable=False),
        sa.Column("site", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("jurisdiction", sa.String(12), nullable=False),
        sa.Column("release_group", sa.String(64), nullable=False),
        sa.Column("ring", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("batch", sa.String(32), nullable=False),
        sa.Column("imported_by", sa.String(64), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_expected_batch", "expected", ["batch"])
