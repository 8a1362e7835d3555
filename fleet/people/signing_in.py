"""Password, second factor, and the browsers that are signed in.

Theory of operation
-------------------
A try is counted before it is judged, in a transaction of its own, so that a cut connection or a
killed server gives no try back; success takes the count away. After `FREE` wrong ones the person
waits, twice as long with each, at most `LONGEST`; meanwhile even the right password is refused,
with the same words as a wrong one, and so is a person who does not exist, after the same time. A
code of the second factor serves once (RFC 6238 5.2), within one step of the server's clock.

Refused tries stand in the journal: each one that was counted against a person; of the others, which
anybody can make without end, one a minute, with how many there were. What somebody typed as a work
number that nobody has is not written down: it may be a password.

A browser holds a random token in a cookie, the database its digest. Signing out, `IDLE` without a
request, `CAP` after the sign-in and a disabled person end it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import pyotp
from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, delete, insert, select, update

from fleet import journal
from fleet.people.roles import Right, Role, may
from fleet.store.model import Person, SignIn

FREE: Final = 5
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST: Final = timedelta(minutes=15)
IDLE: Final = timedelta(minutes=15)
CAP: Final = timedelta(hours=12)
STEP_S: Final = 30
LEAST_PASSWORD: Final = 12
UNCOUNTED_EVERY: Final = timedelta(minutes=1)
NOBODY: Final = "-"
_HASHER: Final = PasswordHasher(type=Type.ID)
_NOBODY: Final = _HASHER.hash(secrets.token_hex(16))
"""Judged when there is no such person, so that it takes as long."""


class Refused(Exception):
    """Nobody is signed in; the page says the same whatever it was."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who a request is of.

    Attributes:
        work_no: of the person.
        role: theirs.
        form_key: what every form of this browser carries.
        must_change: the password was given by somebody else.
    """

    work_no: str
    role: Role
    form_key: str
    must_change: bool

    def may(self, right: Right) -> bool:
        """Say whether they may do something."""
        return may(self.role, right)


class SigningIn:
    """The door of the console."""

    def __init__(self, engine: Engine) -> None:
        """Take the database."""
        self._engine = engine.execution_options(writes=True)
        self._uncounted: dict[str, tuple[datetime, int]] = {}
        """By work number: when uncounted tries were told last, and how many there were since."""

    def enter(self, work_no: str, password: str, code: str, now: datetime | None = None) -> str:
        """Return a new browser's token.

        Raises:
            Refused: unknown, wrong, locked or disabled.
        """
        now = now or datetime.now(UTC)
        person = self._counted(work_no, now)
        right = _fits(person.password if person else _NOBODY, password)
        if person is None:
            self._tell_uncounted(work_no, now)
            raise Refused
        step = code_step(person.second_factor, code, now) if right else None
        if step is None or step <= person.last_code:
            self._tell(work_no, person.failures + 1)
            raise Refused
        return self._let_in(work_no, step, now)

    def who(self, token: str, now: datetime | None = None) -> SignedIn | None:
        """Return who a browser's token is of, and that it was used now; none when it is over."""
        now = now or datetime.now(UTC)
        digest = _digest(token)
        with self._engine.begin() as connection:
            row = connection.execute(
                select(SignIn, Person.role, Person.disabled, Person.must_change)
                .join(Person, Person.work_no == SignIn.work_no)
                .where(SignIn.token == digest)
            ).one_or_none()
            if row is None:
                return None
            if row.disabled or now - row.seen_at > IDLE or now - row.began_at > CAP:
                connection.execute(delete(SignIn).where(SignIn.token == digest))
                return None
            if now - row.seen_at > timedelta(seconds=20):  # not a write for every request
                connection.execute(update(SignIn).where(SignIn.token == digest).values(seen_at=now))
        return SignedIn(
            work_no=row.work_no,
            role=Role(row.role),
            form_key=row.form_key,
            must_change=row.must_change,
        )

    def still_in(self, token: str, now: datetime | None = None) -> bool:
        """Say whether a browser's token is good, without counting this as use."""
        now = now or datetime.now(UTC)
        with self._engine.connect() as connection:
            row = connection.execute(
                select(SignIn.seen_at, SignIn.began_at, Person.disabled)
                .join(Person, Person.work_no == SignIn.work_no)
                .where(SignIn.token == _digest(token))
            ).one_or_none()
        if row is None or row.disabled:
            return False
        return bool(now - row.seen_at <= IDLE and now - row.began_at <= CAP)

    def leave(self, token: str) -> None:
        """Sign a browser out."""
        own = SignIn.token == _digest(token)
        with self._engine.begin() as connection:
            work_no = connection.scalar(select(SignIn.work_no).where(own))
            connection.execute(delete(SignIn).where(own))
            if work_no is not None:
                journal.append(connection, work_no, "signed_out", work_no)

    def change_password(self, work_no: str, old: str, new: str) -> bool:
        """Replace a password by its owner and sign all their browsers out; false: refused."""
        with self._engine.begin() as connection:
            kept = connection.scalar(select(Person.password).where(Person.work_no == work_no))
            if kept is None or not _fits(kept, old) or not strong(new) or new == old:
                return False
            connection.execute(
                update(Person)
                .where(Person.work_no == work_no)
                .values(password=_HASHER.hash(new), must_change=False)
            )
            connection.execute(delete(SignIn).where(SignIn.work_no == work_no))
            journal.append(connection, work_no, "password_changed", work_no)
        return True

    def _tell(self, work_no: str, count: int) -> None:
        """Write a refused try down; ``count`` is how many there were."""
        with self._engine.begin() as connection:
            journal.append(connection, NOBODY, "sign_in_refused", work_no, detail=str(count))

    def _tell_uncounted(self, work_no: str, now: datetime) -> None:
        """Write down, one a minute, tries of who is unknown, disabled or has to wait."""
        with self._engine.connect() as connection:
            known = connection.scalar(select(Person.work_no).where(Person.work_no == work_no))
        subject = known or NOBODY
        told, count = self._uncounted.get(subject, (now - UNCOUNTED_EVERY, 0))
        if now - told < UNCOUNTED_EVERY:
            self._uncounted[subject] = told, count + 1
            return
        self._uncounted[subject] = now, 0
        self._tell(subject, count + 1)

    def _counted(self, work_no: str, now: datetime) -> Person | None:
        """Count a try; returns the person, none when there is none or they must wait."""
        with self._engine.begin() as connection:
            row = connection.execute(select(Person).where(Person.work_no == work_no)).one_or_none()
            if row is None or row.disabled:
                return None
            if row.locked_until is not None and now < row.locked_until:
                return None
            failures = row.failures + 1
            connection.execute(
                update(Person)
                .where(Person.work_no == work_no)
                .values(failures=failures, locked_until=_until(failures, now))
            )
        return row  # type: ignore[return-value]  # a row has the columns

    def _let_in(self, work_no: str, step: int, now: datetime) -> str:
        token = secrets.token_urlsafe(32)
        with self._engine.begin() as connection:
            used = connection.execute(
                update(Person)
                .where(Person.work_no == work_no, Person.last_code < step)
                .values(failures=0, locked_until=None, last_code=step)
            )
            if not used.rowcount:  # the same code, at the same moment, by another
                raise Refused
            connection.execute(
                insert(SignIn).values(
                    token=_digest(token),
                    work_no=work_no,
                    form_key=secrets.token_urlsafe(32),
                    began_at=now,
                    seen_at=now,
                )
            )
            journal.append(connection, work_no, "signed_in", work_no)
        return token


def add(engine: Engine, work_no: str, role: Role, password: str, *, must_change: bool) -> str:
    """Add a person, or give one a new password and factor; returns the factor's secret (base32)."""
    secret = pyotp.random_base32()
    values = {
        "role": role.value,
        "password": _HASHER.hash(password),
        "second_factor": secret,
        "last_code": 0,
        "failures": 0,
        "locked_until": None,
        "disabled": False,
        "must_change": must_change,
    }
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(delete(SignIn).where(SignIn.work_no == work_no))
        done = connection.execute(update(Person).where(Person.work_no == work_no).values(**values))
        if not done.rowcount:
            connection.execute(insert(Person).values(work_no=work_no, **values))
        journal.append(connection, "-", "person_added", work_no, detail=role.value)
    return secret


def disable(engine: Engine, work_no: str) -> bool:
    """Let a person in no more, and sign all their browsers out; false: there is no such person."""
    with engine.execution_options(writes=True).begin() as connection:
        done = connection.execute(
            update(Person).where(Person.work_no == work_no).values(disabled=True)
        )
        connection.execute(delete(SignIn).where(SignIn.work_no == work_no))
        if done.rowcount:
            journal.append(connection, "-", "person_disabled", work_no)
    return bool(done.rowcount)


def strong(password: str) -> bool:
    """Say whether a password is long enough and no single character or digits alone."""
    return len(password) >= LEAST_PASSWORD and len(set(password)) >= 5 and not password.isdigit()


def code_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the number of the time step a code is of, within one of now; none when it is wrong."""
    clock = pyotp.TOTP(secret, interval=STEP_S)
    here = int(now.timestamp()) // STEP_S
    for step in (here - 1, here, here + 1):
        if hmac.compare_digest(clock.generate_otp(step), code.replace(" ", "")):
            return step
    return None


def _until(failures: int, now: datetime) -> datetime | None:
    if failures < FREE:
        return None
    doubled: timedelta = FIRST_PAUSE * 2 ** min(failures - FREE, 10)
    return now + min(doubled, LONGEST)


def _fits(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
