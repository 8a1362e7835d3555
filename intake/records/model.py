"""Tables of the intake: what is promised for ever is a constraint, not a line of code.

* ``application.submission_id`` is unique: the same submission can be filed once.
* ``application.application_no`` and ``item.no`` are unique: a number names one thing.
* ``application.progress_key`` is unique: a slip leads to one application.
* ``item.state`` only takes the words of :class:`State`.
* ``notice.no`` is unique: a notice (文书) is issued once, and is never changed.
* ``handed_in`` has a paper of an application once: what was promised is received once.

``envelope`` keeps the signed bytes exactly as they arrived; the columns beside it are what the
pages need from them.  Times are aware UTC datetimes in, and aware UTC datetimes out.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from kiosk.database import Utc


class State(StrEnum):
    """States of an item (事项); the value is stored.

    What leads from one to the next stands in :data:`intake.office.decisions.TABLE`.
    """

    SUBMITTED = "submitted"
    SUPPLEMENT_REQUIRED = "supplement_required"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    NOT_ACCEPTED = "not_accepted"
    IN_REVIEW = "in_review"
    DECIDED_GRANTED = "decided_granted"
    DECIDED_REFUSED = "decided_refused"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"

    @property
    def text(self) -> str:
        """The word citizens and clerks read."""
        return _STATE_TEXTS[self.value]


_STATE_TEXTS: Final = {
    "submitted": "已提交",
    "supplement_required": "待补正",
    "received": "已收件",
    "accepted": "已受理",
    "not_accepted": "不予受理",
    "in_review": "审批中",
    "decided_granted": "准予",
    "decided_refused": "不予许可",
    "completed": "已办结",
    "withdrawn": "已撤回",
}


class Base(DeclarativeBase):
    """Root of the tables."""

    type_annotation_map = {datetime: Utc, dict[str, Any]: JSON, list[dict[str, Any]]: JSON}  # noqa: RUF012


class Application(Base):
    """One filed application, 申报; a case with one or more items.

    ``standing`` is the key of the list's group of its neediest item and ``due_at`` the earliest due
    time of its items: both follow from the items and are kept here, for lists of any length.
    """

    __tablename__ = "application"
    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[str] = mapped_column(String(36), unique=True)
    body_digest: Mapped[str] = mapped_column(String(64))
    application_no: Mapped[str] = mapped_column(String(24), unique=True)
    local_no: Mapped[str] = mapped_column(String(32), index=True)
    progress_key: Mapped[str] = mapped_column(String(64), unique=True)
    thing: Mapped[str] = mapped_column(String(64))
    thing_name: Mapped[str] = mapped_column(String(100))
    jurisdiction: Mapped[str] = mapped_column(String(12))
    catalogue_version: Mapped[str] = mapped_column(String(64))
    terminal: Mapped[str] = mapped_column(String(64), index=True)
    applicant_name: Mapped[str] = mapped_column(String(100))
    applicant_id_no: Mapped[str] = mapped_column(String(18), index=True)
    details: Mapped[dict[str, Any]]
    envelope: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    received_at: Mapped[datetime]
    standing: Mapped[str] = mapped_column(String(24))
    due_at: Mapped[datetime | None] = mapped_column(index=True)

    items: Mapped[list[Item]] = relationship(
        back_populates="application", order_by="Item.position", lazy="selectin"
    )
    attachments: Mapped[list[Attachment]] = relationship(lazy="selectin", order_by="Attachment.id")
    notices: Mapped[list[Notice]] = relationship(lazy="selectin", order_by="Notice.id")
    handed_in: Mapped[list[HandedIn]] = relationship(lazy="selectin", order_by="HandedIn.id")


class Item(Base):
    """One item (事项) of an application, with its own sub-number and state.

    ``due_at`` is when the next step is due, None where nobody has to act by a time.
    ``accepted_at`` is when the promised time began to run. ``supplement`` is what is still to be
    handed in, empty while nothing is. ``outcome`` is the word of the decision, kept after the item
    is completed. ``note`` says what became of an item that this one waits for.
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("application_id", "code"),
        Index("item_by_state", "state", "application_id"),
        CheckConstraint(
            f"state IN ({', '.join(repr(state.value) for state in State)})", name="known_state"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(200))
    department: Mapped[str] = mapped_column(String(100))
    no: Mapped[str] = mapped_column(String(28), unique=True)
    state: Mapped[str] = mapped_column(String(24))
    state_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    supplement: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(24), default="")
    note: Mapped[str] = mapped_column(Text, default="")

    application: Mapped[Application] = relationship(back_populates="items", lazy="joined")

    @property
    def owed_by(self) -> datetime | None:
        """When somebody has to act; None where nobody has, or the decision came in time.

        The promise covers the decision: what was decided late stays late.
        """
        in_time = self.outcome and self.due_at and self.state_at <= self.due_at
        return None if in_time else self.due_at


class AboutChild(Base):
    """A digest by which the child of an application is known, to find others about it."""

    __tablename__ = "about_child"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True, index=True)


class Event(Base):
    """What happened, in order; the row number is the event number of the live page."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class HandedIn(Base):
    """A promised paper (容缺后补) that was received at the window.

    ``material`` is its key in the catalogue; the event says when it was received, and by whom.
    """

    __tablename__ = "handed_in"
    __table_args__ = (UniqueConstraint("application_id", "material"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    material: Mapped[str] = mapped_column(String(100))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), unique=True)

    event: Mapped[Event] = relationship(lazy="joined")


class Notice(Base):
    """A notice (文书) as it was issued; ``text`` holds no addressee, the pages add one."""

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    no: Mapped[str] = mapped_column(String(40), unique=True)
    issuer: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)


class Material(Base):
    """A file by its content; uploading it again changes nothing."""

    __tablename__ = "material"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    uploaded_by: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]


class Attachment(Base):
    """A material named by an application."""

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(ForeignKey("material.sha256"))
    size: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))


class Sequence(Base):
    """The last number given out on a day; its row is the lock."""

    __tablename__ = "number_sequence"

    day: Mapped[str] = mapped_column(String(12), primary_key=True)
    last: Mapped[int]
