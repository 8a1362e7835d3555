"""What an officer of the centre does about terminals: list, approve, refuse, revoke.

An officer types the whole code, read from the terminal: the list shows half of it. Only the
comparison of the two proves that nobody stands between the terminal and the centre.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from intake.enrolment.model import EnrolledTerminal, Enrolment, Stage, Use, WrongCode
from intake.enrolment.rows import read_statement, revoke_certificates, turn_over
from kiosk.crypto.identity import Statement, typed_code

WRONG_CODES: Final = 10
WRONG_CODES_WITHIN: Final = timedelta(minutes=10)
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{3,31}")
_PLACE: Final = re.compile(r"[0-9]{6}")
_GROUP: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")


class NotDone(Exception):
    """An officer's order was not carried out; the message says why and what to do.

    Attributes:
        why: the same as one word, for who says it in other words.
    """

    def __init__(self, message: str, why: str) -> None:
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """A terminal that waits for approval.

    Attributes:
        shown: the first half of its code; the other half is on the terminal.
        wants: the id it asks for, empty for any.
        place: GB/T 2260 code of the place it is set up for; empty: the officer says.
        replaces: it takes the place of the terminal of that id.
    """

    shown: str
    wants: str
    place: str
    replaces: bool
    provider: str
    asked_from: str
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Approval:
    """What an officer decided about a code.

    Attributes:
        code: as it was typed.
        by: who decided.
        terminal: the id, where the terminal asks for none.
        jurisdiction: GB/T 2260 code of the place it works for.
        group: which releases and commands are for it; empty: as before, or as its settings say.
        stolen: of a replacement: nothing is believed of the former machine's keys.
    """

    code: str
    by: str
    terminal: str = ""
    jurisdiction: str = ""
    group: str = ""
    stolen: bool = False


class Office:
    """The orders; every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        """Stand on a database that is up to date."""
        self._writer = engine.execution_options(writes=True)

    @staticmethod
    def fits(terminal: str) -> bool:
        """Say whether a text can be a terminal's id."""
        return _ID.fullmatch(terminal) is not None

    def waiting(self, now: datetime) -> list[Asking]:
        """Return who waits for approval, oldest first."""
        with Session(self._writer) as session, session.begin():
            rows = session.scalars(
                select(Enrolment)
                .where(Enrolment.stage == Stage.WAITING, Enrolment.expires_at > now)
                .order_by(Enrolment.asked_at)
            )
            return [_asking(row) for row in rows]

    def approve(self, approval: Approval, now: datetime) -> str:
        """Make a terminal of who shows this code; returns its id.

        Raises:
            NotDone: nobody shows it, it was decided before, or the id is another's.
        """

        def act(session: Session, row: Enrolment) -> str:
            statement = read_statement(row.statement)
            row.terminal, row.jurisdiction = _named(statement, approval)
            row.stage, row.decided_by, row.decided_at = Stage.APPROVED, approval.by[:64], now
            row.release_group = _group(approval.group)
            _register(session, statement, row, stolen=approval.stolen)
            return row.terminal

        return self._decide(approval.code, approval.by, now, act)

    def regroup(self, terminal: str, group: str) -> None:
        """Put a terminal into another group; it hears of it within a day.

        Raises:
            NotDone: there is no such terminal, or that is no group.
        """
        with Session(self._writer) as session, session.begin():
            row = session.get(EnrolledTerminal, terminal, with_for_update=True)
            if row is None:
                raise NotDone(f"no terminal {terminal} is enrolled here", "unknown_terminal")
            row.release_group = _group(group)

    def refuse(self, code: str, by: str, now: datetime) -> None:
        """Turn away who shows this code; raise `NotDone` when nobody does."""

        def act(_: Session, row: Enrolment) -> str:
            row.stage, row.decided_by, row.decided_at = Stage.REFUSED, by[:64], now
            return ""

        self._decide(code, by, now, act)

    def revoke(self, terminal: str, now: datetime) -> None:
        """Take back a terminal's certificates; nothing is taken of it any more.

        Raises:
            NotDone: there is no such terminal.
        """
        with Session(self._writer) as session, session.begin():
            row = session.get(EnrolledTerminal, terminal, with_for_update=True)
            if row is None:
                raise NotDone(f"no terminal {terminal} is enrolled here", "unknown_terminal")
            row.revoked_at = row.revoked_at or now
            revoke_certificates(session, terminal, now)

    def _decide(
        self, code: str, by: str, now: datetime, act: Callable[[Session, Enrolment], str]
    ) -> str:
        with Session(self._writer) as session, session.begin():
            _few_wrong_codes(session, now)
            row = _shown(session, typed_code(code))
            if row is not None:
                _open(row, now)
                return act(session, row)
            session.add(WrongCode(at=now, by=by[:64]))
        words = "no terminal shows this code; compare it sign by sign, or let it begin anew"
        raise NotDone(words, "unknown_code")


def _few_wrong_codes(session: Session, now: datetime) -> None:
    recent = select(func.count()).where(WrongCode.at > now - WRONG_CODES_WITHIN)
    if (session.scalar(recent) or 0) >= WRONG_CODES:
        minutes = WRONG_CODES_WITHIN // timedelta(minutes=1)
        words = f"{WRONG_CODES} wrong codes: wait {minutes} minutes, and find out who typed"
        raise NotDone(words, "too_many")


def _shown(session: Session, code: str) -> Enrolment | None:
    if not code:
        return None
    return session.scalar(select(Enrolment).where(Enrolment.code == code).with_for_update())


def _open(row: Enrolment, now: datetime) -> None:
    """Refuse a code that was decided before or is too old."""
    if row.decided_at is not None:
        word = "approved" if row.stage == Stage.APPROVED else "refused"
        when = f"{row.decided_at:%F %T} UTC"
        raise NotDone(f"it was {word} already, by {row.decided_by} at {when}", "decided")
    if row.stage != Stage.WAITING or now >= row.expires_at:
        raise NotDone("this code is too old: let the terminal begin anew", "too_old")


def _group(name: str) -> str:
    if name and not _GROUP.fullmatch(name):
        raise NotDone(f"{name!r} is no name of a group ({_GROUP.pattern})", "not_a_group")
    return name


def _named(statement: Statement, approval: Approval) -> tuple[str, str]:
    """Return the id and the jurisdiction that the terminal gets."""
    name = _one(statement.terminal, approval.terminal, "--terminal", _ID)
    return name, _one(statement.jurisdiction, approval.jurisdiction, "--jurisdiction", _PLACE)


def _one(wanted: str, given: str, option: str, form: re.Pattern[str]) -> str:
    """Return what the terminal is set up with, or else what the officer gives."""
    if wanted and given and wanted != given:
        words = f"it is set up with {wanted}: leave {option} out, or set it up anew"
        raise NotDone(words, "set_up_with_another")
    if not form.fullmatch(wanted or given):
        raise NotDone(f"it does not say so itself: give {option} ({form.pattern})", "not_given")
    return wanted or given


def _register(session: Session, statement: Statement, row: Enrolment, *, stolen: bool) -> None:
    """Write the terminal and its keys down; who is replaced loses certificates and signing key."""
    assert row.decided_at is not None  # noqa: S101 - decided just now; narrows the type
    there = session.get(EnrolledTerminal, row.terminal, with_for_update=True)
    if there is None and statement.replaces:
        words = f"no terminal {row.terminal} is enrolled here: enrol it without --replaces"
        raise NotDone(words, "nothing_to_replace")
    if there is not None and not statement.replaces:
        words = f"{row.terminal} is enrolled: kiosk enrol --replaces for a new machine of it"
        raise NotDone(words, "there_already")
    void = {Use.SIGNING}
    if there is None:
        there = EnrolledTerminal(id=row.terminal, revoked_at=None, release_group="")
    elif stolen or there.revoked_at is not None:
        void.add(Use.EVIDENCE)
    revoke_certificates(session, row.terminal, row.decided_at)
    row.release_group = there.release_group = row.release_group or there.release_group
    there.jurisdiction, there.provider = row.jurisdiction, statement.provider
    there.enrolled_at, there.revoked_at = row.decided_at, None
    session.add(there)
    turn_over(session, statement, row.terminal, row.decided_at, distrusted=frozenset(void))


def _asking(row: Enrolment) -> Asking:
    statement = read_statement(row.statement)
    return Asking(
        shown=f"{(row.code or '')[:4]}-····",
        wants=statement.terminal,
        place=statement.jurisdiction,
        replaces=statement.replaces,
        provider=statement.provider,
        asked_from=row.asked_from,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
    )
