"""Terminals enrol: who asked, who is a terminal, with which keys and certificates."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the tables."""
    _enrolment()
    op.create_table(
        "enrolled_terminal",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("jurisdiction", sa.String(12), nullable=False),
        sa.Column("provider", sa.String(20), nullable=False),
        sa.Column("enrolled_at", _moment(), nullable=False),
        sa.Column("revoked_at", _moment(), nullable=True),
    )
    _keys_and_certificates()
    op.create_table(
        "wrong_code",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
    )
    op.create_index("ix_wrong_code_at", "wrong_code", ["at"])


def _enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("digest", sa.String(64), nullable=False, unique=True),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("center_nonce", sa.String(32), nullable=False),
        sa.Column("code", sa.String(9), nullable=True, unique=True),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("asked_from", sa.String(64), nullable=False),
        sa.Column("asked_at", _moment(), nullable=False),
        sa.Column("expires_at", _moment(), nullable=False),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("jurisdiction", sa.String(12), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False),
        sa.Column("decided_at", _moment(), nullable=True),
        sa.Column("certificate", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "stage IN ('begun', 'waiting', 'approved', 'refused')", name="known_stage"
        ),
    )
    op.create_index("ix_enrolment_asked_from", "enrolment", ["asked_from"])
    op.create_index("ix_enrolment_asked_at", "enrolment", ["asked_at"])


def _keys_and_certificates() -> None:
    op.create_table(
        "terminal_key",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("use", sa.String(10), nullable=False),
        sa.Column("public", sa.LargeBinary(), nullable=False),
        sa.Column("since", _moment(), nullable=False),
        sa.Column("until", _moment(), nullable=True),
        sa.Column("trusted", sa.Boolean(), nullable=False),
    )
    op.create_index("key_of_terminal", "terminal_key", ["terminal", "use", "until"])
    op.create_table(
        "terminal_certificate",
        sa.Column("serial", sa.String(40), primary_key=True),
        sa.Column("terminal", sa.String(32), nullable=False),
        sa.Column("issued_at", _moment(), nullable=False),
        sa.Column("ends_at", _moment(), nullable=False),
        sa.Column("revoked_at", _moment(), nullable=True),
    )
    op.create_index("ix_terminal_certificate_terminal", "terminal_certificate", ["terminal"])


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)
