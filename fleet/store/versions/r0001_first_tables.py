"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    _terminals()
    _people()
    _orders()
    _rollouts()


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _text(length: int) -> sa.String:
    return sa.String(length=length)


def _terminals() -> None:
    op.create_table(
        "terminal",
        sa.Column("name", _text(64), primary_key=True),
        sa.Column("title", _text(60), nullable=False),
        sa.Column("site", _text(100), nullable=False),
        sa.Column("kind", _text(20), nullable=False),
        sa.Column("jurisdiction", _text(12), nullable=False, index=True),
        sa.Column("release_group", _text(64), nullable=False, index=True),
        sa.Column("ring", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Double()),
        sa.Column("longitude", sa.Double()),
        sa.Column("enrolled_at", _moment(), nullable=False),
        sa.Column("replaces", _text(64)),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("here_at", _moment()),
        sa.Column("seen_at", _moment()),
        sa.Column("state", sa.JSON()),
        sa.Column("service", _text(16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False, index=True),
        sa.Column("software", _text(40), nullable=False),
        sa.Column("release_version", _text(40), nullable=False),
        sa.Column("paper", _text(10), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
    )
    op.create_table(
        "day",
        sa.Column("terminal", _text(64), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True, index=True),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("visits", "submitted", "abandoned", "timed_out", "crashed")
        ),
        sa.Column("slips_missing", sa.Integer(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("hours", sa.JSON(), nullable=False),
        sa.Column("seen_minutes", sa.Integer(), nullable=False),
    )
    op.create_table(
        "alarm",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "terminal", _text(64), sa.ForeignKey("terminal.name"), nullable=False, index=True
        ),
        sa.Column("fault", _text(60), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("began_at", _moment(), nullable=False),
        sa.Column("ended_at", _moment()),
        sa.Column("taken_by", _text(64)),
        sa.Index("alarm_open", "ended_at", "level"),
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("work_no", _text(64), primary_key=True),
        sa.Column("role", _text(16), nullable=False),
        sa.Column("password", _text(200), nullable=False),
        sa.Column("second_factor", _text(64), nullable=False),
        sa.Column("last_code", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", _moment()),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
    )
    op.create_table(
        "sign_in",
        sa.Column("token", _text(64), primary_key=True),
        sa.Column("work_no", _text(64), sa.ForeignKey("person.work_no"), nullable=False),
        sa.Column("form_key", _text(64), nullable=False),
        sa.Column("began_at", _moment(), nullable=False),
        sa.Column("seen_at", _moment(), nullable=False),
    )
    op.create_table(
        "entry",
        sa.Column("sequence", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("at", _moment(), nullable=False),
        sa.Column("person", _text(64), nullable=False),
        sa.Column("action", _text(40), nullable=False, index=True),
        sa.Column("subject", _text(100), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("digest", _text(64), nullable=False, unique=True),
    )


def _orders() -> None:
    op.create_table(
        "command",
        sa.Column("id", _text(64), primary_key=True),
        sa.Column("recipient", _text(66), nullable=False, index=True),
        sa.Column("kind", _text(30), nullable=False),
        sa.Column("argument", _text(60), nullable=False),
        sa.Column("given_by", _text(64), nullable=False),
        sa.Column("issued_at", _moment(), nullable=False, index=True),
        sa.Column("expires_at", _moment(), nullable=False),
    )
    op.create_table(
        "answer",
        sa.Column("command", _text(64), sa.ForeignKey("command.id"), primary_key=True),
        sa.Column("terminal", _text(64), primary_key=True),
        sa.Column("outcome", _text(30), nullable=False),
        sa.Column("why", _text(30)),
        sa.Column("at", _moment(), nullable=False),
    )


def _rollouts() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("release_version", _text(40), nullable=False),
        sa.Column("release_group", _text(64), nullable=False),
        sa.Column("note", _text(200), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
        sa.Column("step", _text(20), nullable=False, index=True),
        sa.Column("begun_by", _text(64), nullable=False),
        sa.Column("began_at", _moment(), nullable=False),
        sa.Column("changed_at", _moment(), nullable=False),
    )
