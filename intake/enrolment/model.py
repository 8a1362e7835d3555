"""Tables of enrolment: who asked, who is a terminal, with which keys and certificates.

A key is never overwritten: its row gets an end, and a new one begins. So it can always be told
which key a terminal had on a day, and what was signed with a former key stays provable.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from intake.records.model import Base


class Stage(StrEnum):
    """How far an enrolment or a renewal has come; the value is stored."""

    BEGUN = "begun"
    """The terminal is bound to its number; there is no code yet."""
    WAITING = "waiting"
    """The code is on the terminal; nobody has approved it yet."""
    APPROVED = "approved"
    """The certificate is issued; the terminal may fetch it as often as it needs."""
    REFUSED = "refused"


class Use(StrEnum):
    """What a public key of a terminal is for; the value is stored."""

    SIGNING = "signing"
    EVIDENCE = "evidence"
    SEALING = "sealing"


class Enrolment(Base):
    """One statement of a terminal and what became of it.

    ``id`` can't be guessed: who knows it may ask for the outcome. ``statement`` is kept as it was
    signed. ``code`` is empty until the terminal told its number, and for a renewal. ``mandate`` is
    what the terminal was told of who will administer it; the code is a digest of it, too.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        CheckConstraint(
            f"stage IN ({', '.join(repr(stage.value) for stage in Stage)})", name="known_stage"
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    statement: Mapped[bytes] = mapped_column(LargeBinary)
    center_nonce: Mapped[str] = mapped_column(String(32))
    code: Mapped[str | None] = mapped_column(String(9), unique=True)
    stage: Mapped[str] = mapped_column(String(10))
    asked_from: Mapped[str] = mapped_column(String(64), index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    terminal: Mapped[str] = mapped_column(String(32))
    jurisdiction: Mapped[str] = mapped_column(String(12))
    decided_by: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    certificate: Mapped[str] = mapped_column(Text)
    mandate: Mapped[str] = mapped_column(Text, default="")
    release_group: Mapped[str] = mapped_column(String(31), default="")


class EnrolledTerminal(Base):
    """A terminal that was approved; ``revoked_at`` is set for ever."""

    __tablename__ = "enrolled_terminal"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(String(12))
    provider: Mapped[str] = mapped_column(String(20))
    enrolled_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    release_group: Mapped[str] = mapped_column(String(31), default="")
    """Which releases and commands are for it; empty: its own settings say."""


class TerminalKey(Base):
    """A public key of a terminal; ``until`` is None for the present one of its use.

    ``trusted`` is False for a former key that nothing is believed of, because its terminal was
    stolen or opened.
    """

    __tablename__ = "terminal_key"
    __table_args__ = (Index("key_of_terminal", "terminal", "use", "until"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    terminal: Mapped[str] = mapped_column(String(32))
    use: Mapped[str] = mapped_column(String(10))
    public: Mapped[bytes] = mapped_column(LargeBinary)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    trusted: Mapped[bool]


class TerminalCertificate(Base):
    """A certificate that was issued; ``revoked_at`` when its machine was replaced."""

    __tablename__ = "terminal_certificate"

    serial: Mapped[str] = mapped_column(String(40), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(32), index=True)
    issued_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class WrongCode(Base):
    """A code that was typed and is nobody's; too many of them stop all typing for a while."""

    __tablename__ = "wrong_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(64))
