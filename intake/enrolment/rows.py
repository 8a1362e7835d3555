"""Rows of a terminal's identity, read and written inside a transaction of somebody else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from intake.enrolment.model import EnrolledTerminal, TerminalCertificate, TerminalKey, Use
from intake.service.problems import Refusal
from kiosk.crypto.identity import Statement

if TYPE_CHECKING:
    from intake.enrolment.desk import Presented


def read_statement(data: bytes) -> Statement:
    """Read a statement that was checked before it was stored."""
    return Statement.from_json(json.loads(data))


def keys_of(session: Session, terminal: str) -> Mapping[str, bytes]:
    """Return the present public keys of a terminal by their use."""
    rows = session.scalars(
        select(TerminalKey).where(TerminalKey.terminal == terminal, TerminalKey.until.is_(None))
    )
    return {row.use: row.public for row in rows}


def terminal_row(session: Session, presented: Presented) -> EnrolledTerminal:
    """Return the terminal of a certificate that is still its own, locked.

    Raises:
        Refusal: ``UNKNOWN_TERMINAL``, ``TERMINAL_REVOKED``.
    """
    certificate = session.get(TerminalCertificate, presented.serial)
    terminal = session.get(EnrolledTerminal, presented.name, with_for_update=True)
    if certificate is None or terminal is None or certificate.terminal != terminal.id:
        raise Refusal("UNKNOWN_TERMINAL", "certificate")
    if certificate.revoked_at is not None or terminal.revoked_at is not None:
        raise Refusal("TERMINAL_REVOKED", "certificate")
    return terminal


def turn_over(
    session: Session,
    statement: Statement,
    terminal: str,
    now: datetime,
    *,
    distrusted: frozenset[Use] = frozenset(),
) -> None:
    """Make the keys of a statement the terminal's present ones; a changed one gets an end.

    Nothing is believed any more of the former keys of the ``distrusted`` uses.
    """
    held = keys_of(session, terminal)
    named = {
        Use.SIGNING: statement.signing,
        Use.EVIDENCE: statement.evidence,
        Use.SEALING: statement.sealing,
    }
    for use, public in named.items():
        former = TerminalKey.terminal == terminal, TerminalKey.use == use
        if use in distrusted:
            session.execute(update(TerminalKey).where(*former).values(trusted=False))
        if held.get(use) == public:
            continue
        session.execute(
            update(TerminalKey).where(*former, TerminalKey.until.is_(None)).values(until=now)
        )
        row = {"terminal": terminal, "use": use, "public": public}
        session.add(TerminalKey(**row, since=now, until=None, trusted=True))


def certificate_rows(
    session: Session, terminal: str, issued: x509.Certificate, now: datetime
) -> str:
    """Write down that a certificate was issued; returns its PEM."""
    session.add(
        TerminalCertificate(
            serial=serial_of(issued),
            terminal=terminal,
            issued_at=now,
            ends_at=issued.not_valid_after_utc,
            revoked_at=None,
        )
    )
    return issued.public_bytes(Encoding.PEM).decode("ascii")


def revoke_certificates(session: Session, terminal: str, now: datetime) -> None:
    """Take back every certificate of a terminal."""
    own = TerminalCertificate.terminal == terminal, TerminalCertificate.revoked_at.is_(None)
    session.execute(update(TerminalCertificate).where(*own).values(revoked_at=now))


def serial_of(certificate: x509.Certificate) -> str:
    """Return a certificate's serial number, hexadecimal, as the registry knows it."""
    return f"{certificate.serial_number:x}"
