"""What a terminal was told of its administration, and the group it belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns; who enrolled before was told nothing."""
    for table, name, kind in (
        ("enrolment", "mandate", sa.Text()),
        ("enrolment", "release_group", sa.String(31)),
        ("enrolled_terminal", "release_group", sa.String(31)),
    ):
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=""))
