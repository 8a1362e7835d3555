"""Tables of the fleet. Nothing of a citizen has a place here; persons are those of the office.

* ``terminal.name`` is the name in its certificate.
* ``answer`` has one row a command and terminal: a command is done once.
* ``day`` has one row a terminal and day, replaced by each newer state of that day.
* ``alarm`` has one open row a terminal and fault.
* ``audit_log`` has one row a terminal: how far its log reaches, as it was believed last;
  ``audit_head`` keeps what it follows from, each with its proof.
* ``entry.sequence`` and ``entry.digest`` chain the audit: a row that was changed or taken is seen.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    Date,
    Double,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from kiosk.database import Utc


class Base(DeclarativeBase):
    """Root of the tables."""

    type_annotation_map: ClassVar = {
        float: Double,
        datetime: Utc,
        date: Date,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Terminal(Base):
    """One machine: what the office says of it, and the newest it said of itself.

    Columns from ``here`` on follow from ``state``; they are kept for lists of any length.
    """

    __tablename__ = "terminal"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    site: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(20), default="hall")
    """Of the site: hall, bank, post, telecom, park, mall, building."""
    jurisdiction: Mapped[str] = mapped_column(String(12), default="", index=True)
    group: Mapped[str] = mapped_column("release_group", String(64), default="stable", index=True)
    ring: Mapped[int] = mapped_column(default=3)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    enrolled_at: Mapped[datetime]
    replaces: Mapped[str | None] = mapped_column(String(64))
    here: Mapped[bool] = mapped_column(default=False)
    here_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    state: Mapped[dict[str, Any] | None]
    service: Mapped[str] = mapped_column(String(16), default="unknown")
    level: Mapped[int] = mapped_column(default=0, index=True)
    """0 well, 1 something soon, 2 something is missing, 3 nobody can be served, 4 not there."""
    software: Mapped[str] = mapped_column(String(40), default="")
    release: Mapped[str] = mapped_column("release_version", String(40), default="")
    paper: Mapped[str] = mapped_column(String(10), default="")
    waiting: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    visits: Mapped[int] = mapped_column(default=0)


class Expected(Base):
    """A terminal that the office expects: where it will stand. It goes when the machine is let in.

    ``batch`` is the import that it came with, which may be taken back while it is unused.
    """

    __tablename__ = "expected"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    site: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    jurisdiction: Mapped[str] = mapped_column(String(12))
    release_group: Mapped[str] = mapped_column(String(64))
    ring: Mapped[int]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    batch: Mapped[str] = mapped_column(String(32), index=True)
    imported_by: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]


class Day(Base):
    """The counts of one terminal's day."""

    __tablename__ = "day"
    __table_args__ = (Index("day_of_terminals", "day", "terminal"),)
    terminal: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    visits: Mapped[int]
    submitted: Mapped[int]
    abandoned: Mapped[int]
    timed_out: Mapped[int]
    crashed: Mapped[int]
    slips_missing: Mapped[int]
    ratings: Mapped[list[Any]]
    hours: Mapped[list[Any]]
    seen_minutes: Mapped[int] = mapped_column(default=0)
    """In which it was connected."""
    things: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    left_at: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Pages on which visits ended with nothing filed."""


class DaySummary(Base):
    """The sums of a day that is over, of one place (`fleet.reports.summary`)."""

    __tablename__ = "day_summary"
    day: Mapped[date] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(String(12), primary_key=True)
    body: Mapped[dict[str, Any]]


class Alarm(Base):
    """A fault of a terminal, from when it was told until it was told no more."""

    __tablename__ = "alarm"
    __table_args__ = (Index("alarm_open", "ended_at", "level"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    terminal: Mapped[str] = mapped_column(ForeignKey("terminal.name"), index=True)
    fault: Mapped[str] = mapped_column(String(60))
    level: Mapped[int]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    taken_by: Mapped[str | None] = mapped_column(String(64))
    """Work number of who looks after it."""


class AuditLog(Base):
    """How far one terminal's log reaches: the newest head that was believed."""

    __tablename__ = "audit_log"
    terminal: Mapped[str] = mapped_column(ForeignKey("terminal.name"), primary_key=True)
    life: Mapped[int]
    """Which log it is: another one begins with each break."""
    sequence: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    first: Mapped[int] = mapped_column("first_line", BigInteger)
    origin: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    """By the terminal's clock."""
    received_at: Mapped[datetime] = mapped_column(index=True)
    certified_from: Mapped[datetime]


class AuditHead(Base):
    """One head with its proof."""

    __tablename__ = "audit_head"
    __table_args__ = (Index("audit_head_line", "terminal", "life", "sequence"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    terminal: Mapped[str] = mapped_column(ForeignKey("terminal.name"))
    life: Mapped[int]
    sequence: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
    received_at: Mapped[datetime]
    finding: Mapped[str] = mapped_column(String(20), default="")
    """What was wrong with it; ``replaced`` where another log was to be expected."""
    explained: Mapped[str] = mapped_column(String(200), default="")
    """Who said what became of it, and what."""
    body: Mapped[str] = mapped_column(Text)
    signature: Mapped[str] = mapped_column(String(200))
    certificate: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the certificate."""


class Certificate(Base):
    """A certificate that heads were signed with, once."""

    __tablename__ = "certificate"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column("pem", Text)


class Person(Base):
    """Somebody of the office who may sign in to the console."""

    __tablename__ = "person"
    work_no: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str] = mapped_column(String(200))
    """Argon2id."""
    second_factor: Mapped[str] = mapped_column(String(64))
    """Secret of the time-based code, base32."""
    last_code: Mapped[int] = mapped_column(default=0)
    """Number of the newest time step that was used: a code serves once."""
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled: Mapped[bool] = mapped_column(default=False)
    must_change: Mapped[bool] = mapped_column(default=False)


class SignIn(Base):
    """A signed-in browser; only the digest of its token is kept."""

    __tablename__ = "sign_in"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    work_no: Mapped[str] = mapped_column(ForeignKey("person.work_no"))
    form_key: Mapped[str] = mapped_column(String(64))
    """What every form of this browser carries (against forged requests)."""
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Order(Base):
    """A command that was given."""

    __tablename__ = "command"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    recipient: Mapped[str] = mapped_column(String(66), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    argument: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column("given_by", String(64))
    issued_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]


class Window(Base):
    """A time in which a group or place is out of service because somebody works there."""

    __tablename__ = "maintenance_window"
    id: Mapped[int] = mapped_column(primary_key=True)
    recipient: Mapped[str] = mapped_column(String(66))
    words: Mapped[str] = mapped_column(String(60))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    step: Mapped[str] = mapped_column(String(10), index=True)
    """``planned``, ``begun``, ``ended``, ``cancelled`` or ``missed`` (`fleet.orders.windows`)."""
    by: Mapped[str] = mapped_column("planned_by", String(64))


class Answer(Base):
    """What became of a command at one terminal."""

    __tablename__ = "answer"
    command: Mapped[str] = mapped_column(ForeignKey("command.id"), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(64), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(30))
    why: Mapped[str | None] = mapped_column(String(30))
    at: Mapped[datetime]


class Rollout(Base):
    """A release on its way through the rings."""

    __tablename__ = "rollout"
    id: Mapped[int] = mapped_column(primary_key=True)
    release: Mapped[str] = mapped_column("release_version", String(40))
    group: Mapped[str] = mapped_column("release_group", String(64))
    note: Mapped[str] = mapped_column(String(200), default="")
    course: Mapped[dict[str, Any]]
    """Rings, gates and where it stands (`fleet.rollout`)."""
    step: Mapped[str] = mapped_column(String(20), index=True)
    by: Mapped[str] = mapped_column("begun_by", String(64))
    began_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class Entry(Base):
    """One line of the console's own audit, chained by digests."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("digest"),)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40), index=True)
    subject: Mapped[str] = mapped_column(String(100))
    detail: Mapped[str] = mapped_column(Text, default="")
    digest: Mapped[str] = mapped_column(String(64))
