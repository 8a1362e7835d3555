"""Entries chained by digests, written in the same transaction as the act.

An act without its entry can't be: both are one commit. ``digest`` is over the digest before and the
entry's own values; whoever changes or takes a row breaks the chain there, and who cuts its end is
seen by a head that was noted elsewhere (`kiosk-fleet journal verify --head`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select, text

from fleet.store.model import Entry
from standards import canonical

ACTIONS: Final = frozenset(
    {
        "signed_in",
        "sign_in_refused",
        "signed_out",
        "password_changed",
        "person_added",
        "person_disabled",
        "command_given",
        "command_not_sent",
        "alarm_taken",
        "log_accepted",
        "terminal_placed",
        "terminal_added",
        "terminal_replaced",
        "terminals_imported",
        "import_taken_back",
        "enrolment_refused",
        "window_planned",
        "window_cancelled",
        "rollout_begun",
        "rollout_approved",
        "rollout_paused",
        "rollout_resumed",
        "rollout_stopped",
        "rollout_went_on",
        "rollout_aborted",
        "rollout_asked",
        "rollout_limited",
        "rollout_passed",
        "rollout_done",
        "terminals_placed",
        "report_taken",
        "file_taken",
    }
)
FIRST: Final = "0" * 64
_LOCK: Final = 0x5969_6A6F
"""Number of the advisory lock that makes entries one after another on PostgreSQL."""


class JournalBroken(Exception):
    """The chain does not hold; the message says where."""


def append(
    connection: Connection,
    person: str,
    action: str,
    subject: str,
    *,
    detail: str = "",
    at: datetime | None = None,
) -> None:
    """Write an entry in the transaction of its act.

    Args:
        connection: of that transaction.
        person: work number, or ``-`` for the console itself.
        action: one of `ACTIONS`.
        subject: what it was done to: a terminal, a group, a rollout, a work number.
        detail: more, for people; no secret, nothing of citizens.
        at: when; now by default.

    Raises:
        ValueError: there is no such action.
    """
    if action not in ACTIONS:
        raise ValueError(f"there is no action {action}")
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    last = connection.execute(
        select(Entry.sequence, Entry.digest).order_by(Entry.sequence.desc()).limit(1)
    ).one_or_none()
    sequence, before = (last.sequence + 1, last.digest) if last else (1, FIRST)
    values: dict[str, Any] = {
        "sequence": sequence,
        "at": (at or datetime.now(UTC)).replace(microsecond=0),
        "person": person,
        "action": action,
        "subject": subject[:100],
        "detail": detail,
    }
    connection.execute(insert(Entry).values(**values, digest=_digest(before, values)))


def newest(engine: Engine, count: int, before: int | None = None) -> Sequence[Any]:
    """Return entries, newest first; those before a sequence number when it is given."""
    wanted = select(Entry).order_by(Entry.sequence.desc()).limit(count)
    if before is not None:
        wanted = wanted.where(Entry.sequence < before)
    with engine.connect() as connection:
        return connection.execute(wanted).all()


def verify(engine: Engine) -> tuple[int, str]:
    """Check every entry; returns the newest one's number and digest.

    Raises:
        JournalBroken: an entry was changed, or one is missing.
    """
    sequence, before = 0, FIRST
    with engine.connect() as connection:
        for row in connection.execute(select(Entry).order_by(Entry.sequence)):
            values = {
                "sequence": row.sequence,
                "at": row.at,
                "person": row.person,
                "action": row.action,
                "subject": row.subject,
                "detail": row.detail,
            }
            if row.sequence != sequence + 1:
                raise JournalBroken(f"entry {sequence + 1} is missing")
            if row.digest != _digest(before, values):
                raise JournalBroken(f"entry {row.sequence} was changed")
            sequence, before = row.sequence, row.digest
    return sequence, before


def _digest(before: str, values: dict[str, Any]) -> str:
    told = {**values, "at": values["at"].astimezone(UTC).isoformat(), "before": before}
    return canonical.digest(told)
