"""Signing in for an enterprise with its electronic business licence (电子营业执照), simulated.

A telephone shows a code; a terminal reads it and asks, with the evidence of the card it has just
read, for whom the code speaks and whether this person may act for it.  A code is good for five
minutes and for one sign-in.  The sign-in is kept by the digest of its code: a filing that comes
days later is held against it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

from sqlalchemy import Engine, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.receiving.verification import CLOCK_SKEW, EVIDENCE_LIFE, FILING_LIFE
from intake.records.model import Base
from intake.registers.holdings import ActsFor
from intake.service.problems import Refusal
from kiosk.domain.application import Application
from kiosk.domain.catalogue import Thing
from kiosk.domain.form import Form
from kiosk.domain.sources import ENTERPRISES, needs_enterprise

HEAD: Final = "yiduan-ebl:"
"""What the text of a licence's code begins with."""
CODE_LIFE: Final = timedelta(minutes=5)
SIGN_IN_LIFE: Final = EVIDENCE_LIFE
"""How long a sign-in opens data: as long as the reading of the card; `FILING_LIFE` to file."""
_BYTES: Final = 16

MayAct = Callable[[str, str], ActsFor | None]
"""As what the person with a number acts for the enterprise with a credit code; None: not at all."""


class LicenceCode(Base):
    """A code of a licence, and the one sign-in that was made with it."""

    __tablename__ = "licence_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    uscc: Mapped[str] = mapped_column(String(18))
    name: Mapped[str] = mapped_column(String(200))
    issued_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    id_no: Mapped[str] = mapped_column(String(18), default="")
    role: Mapped[str] = mapped_column(String(16), default="")
    terminal: Mapped[str] = mapped_column(String(64), default="")


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """A person has signed in for an enterprise; the sign-in ends at ``valid_to``."""

    uscc: str
    name: str
    role: str
    id_no: str
    terminal: str
    at: datetime

    @property
    def valid_to(self) -> datetime:
        """Until when it opens data."""
        return self.at + SIGN_IN_LIFE


class SignIns(Protocol):
    """Knows the sign-ins that were made."""

    def made_with(self, token: str) -> SignIn | None:
        """Return the sign-in made with a code, None for none."""


class NoSignIns:
    """Knows none: every application of an enterprise is refused."""

    def made_with(self, _token: str) -> SignIn | None:
        """Return None."""
        return None


class Licences:
    """Codes and sign-ins; every call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        """Stand on the database of a store, which makes the table with its own."""
        self._writer = engine.execution_options(writes=True)

    def issue(self, uscc: str, name: str, now: datetime) -> str:
        """Return the text of a new code for an enterprise."""
        token = secrets.token_hex(_BYTES)
        with Session(self._writer) as session, session.begin():
            made = LicenceCode(digest=_digest(token), uscc=uscc, name=name, issued_at=now)
            session.add(made)
        return HEAD + token

    def sign_in(
        self, token: str, id_no: str, *, terminal: str, may_act: MayAct, now: datetime
    ) -> SignIn:
        """Sign a person in with a code; a code that was not taken can be used by another person.

        Raises:
            Refusal: ``LICENCE_CODE_UNKNOWN``, ``LICENCE_CODE_USED``, ``LICENCE_CODE_OLD``, or
                ``MAY_NOT_ACT``.
        """
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            found = session.get(LicenceCode, _digest(token), with_for_update=True)
            if found is None:
                raise Refusal("LICENCE_CODE_UNKNOWN", "token")
            if found.used_at is not None:
                raise Refusal("LICENCE_CODE_USED", "token")
            if now - found.issued_at > CODE_LIFE:
                raise Refusal("LICENCE_CODE_OLD", "token")
            acts_for = may_act(id_no, found.uscc)
            if acts_for is None:
                raise Refusal("MAY_NOT_ACT", "id_no")
            found.used_at, found.id_no, found.role = now, id_no, acts_for.role
            found.terminal = terminal
        return _sign_in(found, now)

    def made_with(self, token: str) -> SignIn | None:
        """Return the sign-in made with a code, None for none."""
        with Session(self._writer, expire_on_commit=False) as session:
            found = session.get(LicenceCode, _digest(token))
        return _sign_in(found, found.used_at) if found and found.used_at else None


def signed_in_for(sign_ins: SignIns, token: str, id_no: str, terminal: str, now: datetime) -> str:
    """Return the credit code that a person's sign-in of this visit stands for.

    Raises:
        Refusal: ``NO_ENTERPRISE`` for a code nobody, somebody else or another terminal used, and
            for a sign-in that has ended.
    """
    made = sign_ins.made_with(token)
    if made is None or not _speaks(made, id_no, terminal, now, SIGN_IN_LIFE):
        raise Refusal("NO_ENTERPRISE", "enterprise")
    return made.uscc


def require_enterprise(
    application: Application, thing: Thing, form: Form, at: datetime, sign_ins: SignIns
) -> None:
    """Refuse a thing of enterprises that is not filed for one, or not for the one of the sign-in.

    Args:
        application: what was filed.
        thing: the thing as the catalogue has it.
        form: its merged form.
        at: when the application was made.
        sign_ins: who signed in for what.

    Raises:
        Refusal: ``INVALID`` with the place.
    """
    told = application.enterprise
    if told is None:
        if needs_enterprise(thing):
            raise Refusal("INVALID", "application.enterprise")
        return
    made = sign_ins.made_with(told.token)
    same = made is not None and (told.uscc, told.name, told.role) == (
        made.uscc,
        made.name,
        made.role,
    )
    holder = application.applicant.id_no
    if (
        thing.audience != ENTERPRISES
        or made is None
        or not same
        or not _speaks(made, holder, application.terminal, at, FILING_LIFE)
    ):
        raise Refusal("INVALID", "application.enterprise")
    facts = {"ent.uscc": told.uscc, "ent.name": told.name}
    values = form.values()
    for key, value in facts.items():
        if values.get(key, value) != value:
            raise Refusal("INVALID", f"application.fields.{key}")


def _speaks(made: SignIn, id_no: str, terminal: str, at: datetime, life: timedelta) -> bool:
    """Tell whether a sign-in speaks for a person at a terminal at a moment."""
    in_time = -CLOCK_SKEW <= at - made.at <= life
    return (made.id_no, made.terminal) == (id_no, terminal) and in_time


def _sign_in(code: LicenceCode, at: datetime) -> SignIn:
    return SignIn(
        uscc=code.uscc,
        name=code.name,
        role=code.role,
        id_no=code.id_no,
        terminal=code.terminal,
        at=at,
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.removeprefix(HEAD).encode()).hexdigest()
