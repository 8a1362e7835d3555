"""The desk where terminals enrol: statements in, an officer's word, certificates out.

Theory of operation
-------------------
A new terminal sends its statement (`kiosk.crypto.identity`), hears our random number, tells its
own, and shows the code that follows. An officer types the code here; the terminal asks again and
again, and fetches its certificate as often as it needs. Every step can be repeated after any death
of either side and gives the same answer: a statement is known by its digest.

What is bounded: how long a code lives, how many statements wait (of one address and of all), how
many wrong codes are typed in a while, how often a terminal renews.

The private key of the authority is only needed where certificates are issued, when a terminal
fetches one: whoever approves needs the database alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intake.enrolment.model import Enrolment, Stage
from intake.enrolment.office import Office
from intake.enrolment.rows import certificate_rows, keys_of, read_statement, terminal_row, turn_over
from intake.service.problems import Refusal
from kiosk.crypto import PROVIDERS
from kiosk.crypto.certificates import LEAF_LIFE, Authority
from kiosk.crypto.identity import (
    NONCE_BYTES,
    Purpose,
    Statement,
    StatementError,
    TlsKey,
    code_of,
    fingerprint,
    keeps,
)
from kiosk.status.mandate import Mandate, MandateError

CODE_LIFE: Final = timedelta(minutes=30)
"""How long a code can be approved."""
COLLECTED_WITHIN: Final = timedelta(days=7)
"""How long an approved certificate waits for its terminal."""
KEPT: Final = timedelta(days=1)
"""How long what nobody approved stays on the list."""
OPEN_OF_ONE: Final = 20
OPEN_OF_ALL: Final = 1000
RENEWALS_A_DAY: Final = 10
_AGAIN_S: Final = 600
_PEM: Final = "ascii"


@dataclass(frozen=True, kw_only=True, slots=True)
class Issuer:
    """Who issues, and what a new terminal is given besides.

    Attributes:
        authority: of the terminals' certificates.
        recovery: public recovery key of each provider, as ``{"key_id", "public"}``.
        life: of a terminal's certificate.
        mandate: tells who administers terminals from afar (`kiosk.status.mandate`), as text;
            empty: nobody. Raises `MandateError` when it can't be used now.
    """

    authority: Authority
    recovery: Mapping[str, Mapping[str, str]]
    life: timedelta = LEAF_LIFE
    mandate: Callable[[], str] = lambda: ""

    @property
    def certificate(self) -> str:
        """The authority's own certificate, PEM."""
        return self.authority.issued.certificate.decode(_PEM)


@dataclass(frozen=True, kw_only=True, slots=True)
class Presented:
    """The certificate of a connection: its name and its serial number, hexadecimal."""

    name: str
    serial: str


class EnrolmentDesk:
    """What terminals ask; every method is one transaction."""

    def __init__(self, engine: Engine, issuer: Issuer) -> None:
        """Stand on a database that is up to date."""
        self.issuer = issuer
        self._writer = engine.execution_options(writes=True)

    def begin(
        self,
        statement: Statement,
        signatures: tuple[bytes, bytes],
        *,
        asked_from: str,
        now: datetime,
    ) -> Mapping[str, str]:
        """Take a statement with the signatures of its signing and its evidence key.

        Returns:
            ``id`` to ask with, our ``nonce``, and the ``mandate`` that the code will hold, too.

        Raises:
            Refusal: ``BAD_SIGNATURE``, ``INVALID``, ``TOO_MANY``, ``ENROLMENT_CLOSED``,
                ``UNAVAILABLE``.
        """
        _checked(statement, signatures, Purpose.ENROLMENT)
        if statement.provider not in self.issuer.recovery:
            raise Refusal("INVALID", "statement.provider")
        mandate = self._mandate()
        try:
            with Session(self._writer) as session, session.begin():
                row = _known(session, statement)
                if row is None:
                    row = _new(session, statement, asked_from, now)
                    row.mandate = mandate
                return _begun(row, now)
        except IntegrityError:  # the same statement, at the same moment
            with Session(self._writer) as session, session.begin():
                found = _known(session, statement)
                if found is None:
                    raise
                return _begun(found, now)

    def reveal(self, enrolment: str, nonce: str, now: datetime) -> None:
        """Take the number that the terminal is bound to; from now on its code can be approved.

        Raises:
            Refusal: ``NOT_FOUND``, ``ENROLMENT_EXPIRED``, ``ENROLMENT_CLOSED``.
        """
        try:
            with Session(self._writer) as session, session.begin():
                kept = self._reveal(_row(session, enrolment), nonce, now)
        except IntegrityError as error:  # another one has this code: this terminal begins anew
            raise Refusal("ENROLMENT_CLOSED") from error
        if not kept:
            raise Refusal("ENROLMENT_CLOSED", "nonce")

    def _reveal(self, row: Enrolment, nonce: str, now: datetime) -> bool:
        """Say whether the number was the right one; one wrong guess is the last."""
        if _closed(row, now):
            raise Refusal("ENROLMENT_EXPIRED")
        if not keeps(read_statement(row.statement).commitment, nonce):
            row.stage = Stage.REFUSED
            return False
        if row.stage == Stage.BEGUN:
            authority = fingerprint(self.issuer.authority.issued.certificate)
            mandate = Mandate.parse(row.mandate).digest if row.mandate else ""
            row.code = code_of(row.digest, authority, row.center_nonce, nonce, mandate)
            row.stage = Stage.WAITING
        return True

    def outcome(self, enrolment: str, now: datetime) -> Mapping[str, object]:
        """Tell how far it is; with an approval, all that the terminal needs.

        Raises:
            Refusal: ``NOT_FOUND``, ``ENROLMENT_EXPIRED``, ``ENROLMENT_REFUSED``.
        """
        with Session(self._writer) as session, session.begin():
            row = _row(session, enrolment)
            if row.stage == Stage.REFUSED:
                raise Refusal("ENROLMENT_REFUSED")
            if row.stage != Stage.APPROVED:
                if _closed(row, now):
                    raise Refusal("ENROLMENT_EXPIRED")
                return {"stage": Stage.WAITING.value}
            if row.decided_at is None or now - row.decided_at > COLLECTED_WITHIN:
                raise Refusal("ENROLMENT_EXPIRED")
            return self._told(session, row, now)

    def renew(
        self,
        statement: Statement,
        signatures: tuple[bytes, bytes, bytes],
        presented: Presented,
        now: datetime,
    ) -> Mapping[str, object]:
        """Issue anew to a terminal that has a certificate, and take its new keys if it has any.

        The third signature is that of the signing key it has been known by.

        Raises:
            Refusal: ``UNKNOWN_TERMINAL``, ``TERMINAL_REVOKED``, ``BAD_SIGNATURE``, ``TOO_MANY``.
        """
        _checked(statement, signatures[:2], Purpose.RENEWAL)
        if statement.terminal != presented.name:
            raise Refusal("UNKNOWN_TERMINAL", "certificate")
        with Session(self._writer) as session, session.begin():
            terminal = terminal_row(session, presented)
            row = _known(session, statement)
            if row is None:  # what was answered before is answered again
                held = keys_of(session, terminal.id)
                _by_its_former_key(statement, terminal.provider, held, signatures[2])
                _not_too_often(session, terminal.id, now)
                row = _new(session, statement, presented.name, now)
                row.stage, row.decided_at = Stage.APPROVED, now
                row.terminal, row.jurisdiction = terminal.id, terminal.jurisdiction
                row.release_group = terminal.release_group
                turn_over(session, statement, terminal.id, now)
            return self._told(session, row, now)

    def mandate(self, presented: Presented) -> Mapping[str, str]:
        """Tell a terminal who administers it now, and its group.

        Raises:
            Refusal: ``UNKNOWN_TERMINAL``, ``TERMINAL_REVOKED``, ``UNAVAILABLE``.
        """
        with Session(self._writer) as session, session.begin():
            group = terminal_row(session, presented).release_group
        return {"mandate": self._mandate(), "group": group}

    def _mandate(self) -> str:
        try:
            return self.issuer.mandate()
        except MandateError as error:
            raise Refusal("UNAVAILABLE", "mandate") from error

    def _told(self, session: Session, row: Enrolment, now: datetime) -> dict[str, object]:
        statement = read_statement(row.statement)
        if not row.certificate:
            key = statement.requested()
            issued = self.issuer.authority.client_of(row.terminal, key, self.issuer.life)
            row.certificate = certificate_rows(session, row.terminal, issued, now)
        return {
            "stage": Stage.APPROVED.value,
            "terminal": row.terminal,
            "jurisdiction": row.jurisdiction,
            "group": row.release_group,
            "certificate": row.certificate,
            "authority": self.issuer.certificate,
            "recovery": dict(self.issuer.recovery[statement.provider]),
        }


def _checked(statement: Statement, signatures: tuple[bytes, bytes], purpose: Purpose) -> TlsKey:
    if statement.purpose is not purpose or not _hexadecimal(statement.nonce):
        raise Refusal("INVALID", "statement")
    if purpose is Purpose.ENROLMENT and statement.terminal and not Office.fits(statement.terminal):
        raise Refusal("INVALID", "statement.terminal")
    try:
        return statement.check(*signatures)
    except StatementError as error:
        raise Refusal("BAD_SIGNATURE", "statement") from error


def _hexadecimal(nonce: str) -> bool:
    return len(nonce) == NONCE_BYTES * 2 and not set(nonce) - set("0123456789abcdef")


def _known(session: Session, statement: Statement) -> Enrolment | None:
    return session.scalar(select(Enrolment).where(Enrolment.digest == statement.digest))


def _row(session: Session, enrolment: str) -> Enrolment:
    row = session.get(Enrolment, enrolment, with_for_update=True)
    if row is None:
        raise Refusal("NOT_FOUND")
    return row


def _new(session: Session, statement: Statement, asked_from: str, now: datetime) -> Enrolment:
    if statement.purpose is Purpose.ENROLMENT:
        _room(session, asked_from, now)
    row = Enrolment(
        id=secrets.token_hex(16),
        digest=statement.digest,
        statement=statement.canonical(),
        center_nonce=secrets.token_hex(NONCE_BYTES),
        code=None,
        stage=Stage.BEGUN,
        asked_from=asked_from,
        asked_at=now,
        expires_at=now + CODE_LIFE,
        terminal=statement.terminal,
        jurisdiction="",
        decided_by="",
        decided_at=None,
        certificate="",
        mandate="",
        release_group="",
    )
    session.add(row)
    session.flush()
    return row


def _room(session: Session, asked_from: str, now: datetime) -> None:
    """Sweep out what is over, and refuse when too many wait."""
    undecided = Enrolment.stage != Stage.APPROVED
    session.execute(delete(Enrolment).where(undecided, Enrolment.expires_at < now - KEPT))
    waiting = (
        select(func.count()).select_from(Enrolment).where(undecided, Enrolment.expires_at > now)
    )
    own = session.scalar(waiting.where(Enrolment.asked_from == asked_from)) or 0
    if own >= OPEN_OF_ONE or (session.scalar(waiting) or 0) >= OPEN_OF_ALL:
        raise Refusal("TOO_MANY", retry_after=_AGAIN_S)


def _closed(row: Enrolment, now: datetime) -> bool:
    return row.stage == Stage.REFUSED or (row.stage != Stage.APPROVED and now >= row.expires_at)


def _begun(row: Enrolment, now: datetime) -> Mapping[str, str]:
    """Answer a beginning; a statement whose story is over begins none."""
    if row.stage in {Stage.APPROVED, Stage.REFUSED} or _closed(row, now):
        raise Refusal("ENROLMENT_CLOSED")
    told = {"id": row.id, "nonce": row.center_nonce, "expires": row.expires_at.isoformat()}
    return {**told, "mandate": row.mandate} if row.mandate else told


def _by_its_former_key(
    statement: Statement, provider: str, held: Mapping[str, bytes], signature: bytes
) -> None:
    """Refuse a renewal that the terminal's registered signing key has not signed."""
    chosen = PROVIDERS[provider]
    known = statement.provider == provider and chosen.verify(
        held["signing"], statement.canonical(), signature
    )
    if not known:
        raise Refusal("BAD_SIGNATURE", "present_signature")


def _not_too_often(session: Session, terminal: str, now: datetime) -> None:
    today = select(func.count()).where(
        Enrolment.asked_from == terminal, Enrolment.asked_at > now - timedelta(days=1)
    )
    if (session.scalar(today) or 0) >= RENEWALS_A_DAY:
        raise Refusal("TOO_MANY", retry_after=_AGAIN_S)
