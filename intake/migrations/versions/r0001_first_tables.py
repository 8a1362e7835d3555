"""The tables as they were when revisions began.

What is there already was made by a program without revisions, and stays as it is.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


Table = tuple[str, tuple[Any, ...], dict[str, list[str]]]
"""Name, columns and constraints, indexes with their columns."""


def upgrade() -> None:
    """Make every table that is not there."""
    there = set(sa.inspect(op.get_bind()).get_table_names())
    for name, columns, indexes in (own() for own in TABLES):
        if name not in there:
            op.create_table(name, *columns)
            for index, of in indexes.items():
                op.create_index(index, name, of)


def _moment() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _application() -> Table:
    return (
        "application",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("submission_id", sa.String(length=36), nullable=False),
            sa.Column("body_digest", sa.String(length=64), nullable=False),
            sa.Column("application_no", sa.String(length=24), nullable=False),
            sa.Column("local_no", sa.String(length=32), nullable=False),
            sa.Column("progress_key", sa.String(length=64), nullable=False),
            sa.Column("thing", sa.String(length=64), nullable=False),
            sa.Column("thing_name", sa.String(length=100), nullable=False),
            sa.Column("jurisdiction", sa.String(length=12), nullable=False),
            sa.Column("catalogue_version", sa.String(length=64), nullable=False),
            sa.Column("terminal", sa.String(length=64), nullable=False),
            sa.Column("applicant_name", sa.String(length=100), nullable=False),
            sa.Column("applicant_id_no", sa.String(length=18), nullable=False),
            sa.Column("details", sa.JSON(), nullable=False),
            sa.Column("envelope", sa.LargeBinary(), nullable=False),
            sa.Column("signature", sa.JSON(), nullable=False),
            sa.Column("created_at", _moment(), nullable=False),
            sa.Column("received_at", _moment(), nullable=False),
            sa.Column("standing", sa.String(length=24), nullable=False),
            sa.Column("due_at", _moment(), nullable=True),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("application_no"),
            sa.UniqueConstraint("progress_key"),
            sa.UniqueConstraint("submission_id"),
        ),
        {
            "ix_application_applicant_id_no": ["applicant_id_no"],
            "ix_application_due_at": ["due_at"],
            "ix_application_local_no": ["local_no"],
            "ix_application_terminal": ["terminal"],
        },
    )


def _item() -> Table:
    return (
        "item",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("position", sa.Integer(), nullable=False),
            sa.Column("code", sa.String(length=64), nullable=False),
            sa.Column("name", sa.String(length=200), nullable=False),
            sa.Column("department", sa.String(length=100), nullable=False),
            sa.Column("no", sa.String(length=28), nullable=False),
            sa.Column("state", sa.String(length=24), nullable=False),
            sa.Column("state_at", _moment(), nullable=False),
            sa.Column("due_at", _moment(), nullable=True),
            sa.Column("accepted_at", _moment(), nullable=True),
            sa.Column("supplement", sa.Text(), nullable=False),
            sa.Column("outcome", sa.String(length=24), nullable=False),
            sa.Column("note", sa.Text(), nullable=False),
            sa.CheckConstraint(
                "state IN ('submitted', 'supplement_required', 'received', 'accepted', "
                "'not_accepted', 'in_review', 'decided_granted', 'decided_refused', "
                "'completed', 'withdrawn')",
                name="known_state",
            ),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("application_id", "code"),
            sa.UniqueConstraint("no"),
        ),
        {
            "item_by_state": ["state", "application_id"],
            "ix_item_application_id": ["application_id"],
        },
    )


def _about_child() -> Table:
    return (
        "about_child",
        (
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("key", sa.String(length=64), nullable=False),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.PrimaryKeyConstraint("application_id", "key"),
        ),
        {"ix_about_child_key": ["key"]},
    )


def _event() -> Table:
    return (
        "event",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("item_id", sa.Integer(), nullable=True),
            sa.Column("kind", sa.String(length=40), nullable=False),
            sa.Column("actor", sa.String(length=64), nullable=False),
            sa.Column("at", _moment(), nullable=False),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
            sa.PrimaryKeyConstraint("id"),
        ),
        {"ix_event_application_id": ["application_id"]},
    )


def _material() -> Table:
    return (
        "material",
        (
            sa.Column("sha256", sa.String(length=64), nullable=False),
            sa.Column("size", sa.Integer(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.Column("uploaded_by", sa.String(length=64), nullable=False),
            sa.Column("received_at", _moment(), nullable=False),
            sa.PrimaryKeyConstraint("sha256"),
        ),
        {},
    )


def _attachment() -> Table:
    return (
        "attachment",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("name", sa.String(length=200), nullable=False),
            sa.Column("sha256", sa.String(length=64), nullable=False),
            sa.Column("size", sa.Integer(), nullable=False),
            sa.Column("media_type", sa.String(length=100), nullable=False),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.ForeignKeyConstraint(["sha256"], ["material.sha256"]),
            sa.PrimaryKeyConstraint("id"),
        ),
        {"ix_attachment_application_id": ["application_id"]},
    )


def _handed_in() -> Table:
    return (
        "handed_in",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("material", sa.String(length=100), nullable=False),
            sa.Column("event_id", sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.ForeignKeyConstraint(["event_id"], ["event.id"]),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("application_id", "material"),
            sa.UniqueConstraint("event_id"),
        ),
        {"ix_handed_in_application_id": ["application_id"]},
    )


def _notice() -> Table:
    return (
        "notice",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("item_id", sa.Integer(), nullable=False),
            sa.Column("kind", sa.String(length=40), nullable=False),
            sa.Column("no", sa.String(length=40), nullable=False),
            sa.Column("issuer", sa.String(length=100), nullable=False),
            sa.Column("at", _moment(), nullable=False),
            sa.Column("text", sa.Text(), nullable=False),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.ForeignKeyConstraint(["item_id"], ["item.id"]),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("no"),
        ),
        {"ix_notice_application_id": ["application_id"], "ix_notice_item_id": ["item_id"]},
    )


def _upload() -> Table:
    return (
        "upload",
        (
            sa.Column("id", sa.String(length=32), nullable=False),
            sa.Column("terminal", sa.String(length=64), nullable=False),
            sa.Column("sha256", sa.String(length=64), nullable=False),
            sa.Column("size", sa.Integer(), nullable=False),
            sa.Column("media_type", sa.String(length=100), nullable=False),
            sa.Column("received", sa.Integer(), nullable=False),
            sa.Column("touched_at", _moment(), nullable=False),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("terminal", "sha256"),
        ),
        {"ix_upload_touched_at": ["touched_at"]},
    )


def _upload_piece() -> Table:
    return (
        "upload_piece",
        (
            sa.Column("upload_id", sa.String(length=32), nullable=False),
            sa.Column("start", sa.Integer(), nullable=False),
            sa.Column("body", sa.LargeBinary(), nullable=False),
            sa.ForeignKeyConstraint(["upload_id"], ["upload.id"], ondelete="CASCADE"),
            sa.PrimaryKeyConstraint("upload_id", "start"),
        ),
        {},
    )


def _number_sequence() -> Table:
    return (
        "number_sequence",
        (
            sa.Column("day", sa.String(length=12), nullable=False),
            sa.Column("last", sa.Integer(), nullable=False),
            sa.PrimaryKeyConstraint("day"),
        ),
        {},
    )


def _licence_code() -> Table:
    return (
        "licence_code",
        (
            sa.Column("digest", sa.String(length=64), nullable=False),
            sa.Column("uscc", sa.String(length=18), nullable=False),
            sa.Column("name", sa.String(length=200), nullable=False),
            sa.Column("issued_at", _moment(), nullable=False),
            sa.Column("used_at", _moment(), nullable=True),
            sa.Column("id_no", sa.String(length=18), nullable=False),
            sa.Column("role", sa.String(length=16), nullable=False),
            sa.Column("terminal", sa.String(length=64), nullable=False),
            sa.PrimaryKeyConstraint("digest"),
        ),
        {},
    )


def _evaluation() -> Table:
    return (
        "evaluation",
        (
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("key", sa.String(length=36), nullable=False),
            sa.Column("application_id", sa.Integer(), nullable=False),
            sa.Column("assess_number", sa.Integer(), nullable=False),
            sa.Column("satisfaction", sa.Integer(), nullable=False),
            sa.Column("options", sa.JSON(), nullable=False),
            sa.Column("channel", sa.Integer(), nullable=False),
            sa.Column("terminal", sa.String(length=64), nullable=False),
            sa.Column("at", _moment(), nullable=False),
            sa.CheckConstraint("assess_number IN (1, 2)", name="one_follow_up"),
            sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name="five_grades"),
            sa.ForeignKeyConstraint(["application_id"], ["application.id"]),
            sa.PrimaryKeyConstraint("id"),
            sa.UniqueConstraint("application_id", "assess_number"),
            sa.UniqueConstraint("key"),
        ),
        {},
    )


TABLES = (
    _application,
    _item,
    _about_child,
    _event,
    _material,
    _attachment,
    _handed_in,
    _notice,
    _upload,
    _upload_piece,
    _number_sequence,
    _licence_code,
    _evaluation,
)
"""In the order in which they lean on each other."""
