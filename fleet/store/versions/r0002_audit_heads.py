"""How far terminals' logs reach."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the tables of heads."""
    op.create_table(
        "audit_log",
        sa.Column("terminal", _text(64), sa.ForeignKey("terminal.name"), primary_key=True),
        sa.Column("life", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", _text(64), nullable=False),
        sa.Column("first_line", sa.BigInteger(), nullable=False),
        sa.Column("origin", _text(64), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("received_at", _moment(), nullable=False, index=True),
        sa.Column("certified_from", _moment(), nullable=False),
    )
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("terminal", _text(64), sa.ForeignKey("terminal.name"), nullable=False),
        sa.Column("life", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("digest", _text(64), nullable=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("received_at", _moment(), nullable=False),
        sa.Column("finding", _text(20), nullable=False),
        sa.Column("explained", _text(200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("signature", _text(200), nullable=False),
        sa.Column("certificate", _text(64), nullable=False),
        sa.Index("audit_head_line", "terminal", "life", "sequence"),
    )
    op.create_table(
        "certificate",
        sa.Column("digest", _text(64), primary_key=True),
        sa.Column("pem", sa.Text(), nullable=False),
    )


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _text(length: int) -> sa.String:
    return sa.String(length=length)
