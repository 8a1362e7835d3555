"""The registered terminals: those that enrolled, and those of a list in a file.

A terminal that enrolled is what the database says, whatever the list says beside it; only a
revocation counts wherever it stands. What was read is believed for two seconds: so long an order
of the office may take to reach every worker, and so little a busy terminal costs the database.

How long former keys are believed
---------------------------------
An agent signs when it delivers, with the key it has then. So after a rotation a former *signing*
key is only on what was under way: it is good for one more hour (an attempt takes minutes, a
visit's token lives for half an hour). After a replacement it is void at once. A former *evidence*
key is on readings inside applications that may wait for weeks: it is good for readings from before
its end, for 400 days (as long as a terminal keeps its tombstones), and void when the machine was
stolen or revoked. A reading alone files nothing: the application around it is signed by the key
in force.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from intake.enrolment.model import EnrolledTerminal, TerminalCertificate, TerminalKey, Use
from intake.receiving.verification import FormerKey, Registry, Terminal
from intake.service.problems import Refusal
from intake.service.services import utc_now

BELIEVED_S: Final = 2.0
MOST_REMEMBERED: Final = 20_000
FORMER_SIGNING: Final = timedelta(hours=1)
FORMER_EVIDENCE: Final = timedelta(days=400)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """A terminal as the database has it, None for one it does not know."""

    terminal: Terminal | None
    serials: frozenset[str]
    until: float


class EnrolledRegistry(Registry):
    """The database, then the file; safe for threads."""

    def __init__(self, engine: Engine, path: Path | None) -> None:
        """Stand on a database that is up to date, and read the list if there is one.

        Raises:
            RegistryError: the list is missing or not as documented.
        """
        super().__init__(path)
        self._engine = engine
        self._known: dict[str, _Known] = {}
        self._own_lock = threading.Lock()

    def get(self, terminal: str, serial: str | None = None) -> Terminal:
        """Return a registered terminal.

        Args:
            terminal: the name in the certificate.
            serial: the certificate's serial number, hexadecimal; None where there is none to hold
                against what was issued.

        Raises:
            Refusal: ``UNKNOWN_TERMINAL``, or ``TERMINAL_REVOKED``.
        """
        known = self._look_up(terminal)
        if known.terminal is None:
            return super().get(terminal, serial)
        if known.terminal.revoked or self.listed_as_revoked(terminal):
            raise Refusal("TERMINAL_REVOKED", "terminal")
        if serial is not None and serial not in known.serials:
            raise Refusal("TERMINAL_REVOKED", "certificate")
        return known.terminal

    def _look_up(self, name: str) -> _Known:
        with self._own_lock:
            known = self._known.get(name)
        if known is not None and known.until > time.monotonic():
            return known
        known = self._read(name, utc_now())
        with self._own_lock:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[name] = known
        return known

    def _read(self, name: str, now: datetime) -> _Known:
        until = time.monotonic() + BELIEVED_S
        with Session(self._engine) as session:
            row = session.get(EnrolledTerminal, name)
            if row is None:
                return _Known(terminal=None, serials=frozenset(), until=until)
            keys = session.scalars(
                select(TerminalKey).where(TerminalKey.terminal == name).order_by(TerminalKey.id)
            ).all()
            serials = session.scalars(
                select(TerminalCertificate.serial).where(
                    TerminalCertificate.terminal == name,
                    TerminalCertificate.revoked_at.is_(None),
                )
            ).all()
        return _Known(terminal=_terminal(row, keys, now), serials=frozenset(serials), until=until)


def _terminal(row: EnrolledTerminal, keys: Sequence[TerminalKey], now: datetime) -> Terminal:
    present = {one.use: one.public for one in keys if one.until is None}
    return Terminal(
        id=row.id,
        provider=row.provider,
        signing_public=present[Use.SIGNING],
        evidence_public=present[Use.EVIDENCE],
        revoked=row.revoked_at is not None,
        former_signing=_former(keys, Use.SIGNING, now - FORMER_SIGNING),
        former_evidence=_former(keys, Use.EVIDENCE, now - FORMER_EVIDENCE),
    )


def _former(keys: Sequence[TerminalKey], use: Use, since: datetime) -> tuple[FormerKey, ...]:
    return tuple(
        FormerKey(public=one.public, until=one.until)
        for one in keys
        if one.use == use and one.trusted and one.until is not None and one.until > since
    )
