"""The database of the intake: filings, numbers, states, materials, events.

Exactly-once is the database's work.  A filing is one transaction: application, items, attachments,
event and number together, or nothing.  Two that race for one submission id meet at the unique
constraint; the loser rolls back, number and all, and is answered with what the winner stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session, undefer

from intake.migrations import bring_up_to_date
from intake.office import acting, children, handing, listing, objections
from intake.office.decisions import Act, NoRules, Rules
from intake.office.listing import Listed, Wanted
from intake.office.objections import Outcome
from intake.receiving.counting import Refusals
from intake.receiving.filing import Filing
from intake.receiving.recording import Filed, found, progress_key, record
from intake.records.model import Application, Attachment, Event, Material
from intake.service.problems import Refusal
from kiosk.database import is_lock_timeout, open_engine

LOCK_WAIT_S = 4.0
"""How long a filing waits for another one; shorter than a terminal waits for its answer (8 s)."""

OBJECTIONS_LIMIT = 200
"""Applications with objections that are listed at once."""


class StillRunning(Exception):
    """Another filing holds the database; the same call may be repeated soon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event for the live page."""

    id: int
    kind: str
    application_no: str


class Store:
    """All reads and writes of the intake; every method is one transaction."""

    def __init__(
        self, url: str, *, lock_wait_s: float = LOCK_WAIT_S, rules: Rules | None = None
    ) -> None:
        """Open the database at a SQLAlchemy URL and bring its tables up to date.

        ``rules`` say what is due and which item waits for which; without them nothing is and does.
        """
        self._rules = rules or NoRules()
        self._engine = open_engine(url, lock_wait_s)
        self._writer = self._engine.execution_options(writes=True)
        bring_up_to_date(self._engine)
        self.refusals = Refusals(self._engine)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    @property
    def engine(self) -> Engine:
        """The database, for parts of the intake that have tables of their own."""
        return self._engine

    def ping(self) -> None:
        """Ask the database something; raises what it raises."""
        with self._reading() as session:
            session.execute(text("SELECT 1"))

    def file(self, filing: Filing, now: datetime) -> Filed:
        """File an application, once for ever.

        Raises:
            Refusal: ``IDEMPOTENCY_MISMATCH`` (another body has this id), ``MATERIAL_MISSING``.
            StillRunning: another filing held its lock for longer than the wait.
        """
        try:
            with self._writer.begin() as connection:
                return record(connection, filing, self._rules, now)
        except IntegrityError as error:
            before = self.filed_before(filing.submission_id, filing.body_digest)
            if before is None:  # the slip's code belongs to another application
                raise Refusal("INVALID", "application.slip_token") from error
            return before
        except DBAPIError as error:
            if is_lock_timeout(error):
                raise StillRunning from error
            raise

    def filed_before(self, submission_id: str, body_digest: str) -> Filed | None:
        """Return what was filed under a submission id, or None.

        Raises:
            Refusal: ``IDEMPOTENCY_MISMATCH`` when it was filed with another body.
        """
        with self._engine.connect() as connection:
            before = found(connection, submission_id)
        if before is not None and before.body_digest != body_digest:
            raise Refusal("IDEMPOTENCY_MISMATCH", "envelope")
        return before

    def by_number(self, application_no: str) -> Application | None:
        """Return an application by the number citizens know."""
        with self._reading() as session:
            return session.scalar(
                select(Application).where(Application.application_no == application_no)
            )

    def by_slip(self, local_no: str, token: str) -> Application | None:
        """Return the application of a slip; only local number and token together find it."""
        key = progress_key(local_no, token)
        with self._reading() as session:
            return session.scalar(select(Application).where(Application.progress_key == key))

    def listed(self, wanted: Wanted) -> Listed:
        """Return one page of the clerk's list, newest first."""
        with self._reading() as session:
            return listing.listed(session, wanted)

    def disputed(self) -> list[Application]:
        """Return the applications with an objection to a register's value, newest first."""
        objected = Application.details["fields"].as_string().contains('"disputed"')
        with self._reading() as session:
            wanted = select(Application).where(objected).order_by(Application.id.desc())
            return list(session.scalars(wanted.limit(OBJECTIONS_LIMIT)))

    def counts(self, now: datetime) -> dict[str, int]:
        """Return how many applications each group of the list has, and how many are overdue."""
        with self._reading() as session:
            return listing.counts(session, now)

    def first_waiting(self) -> Application | None:
        """Return the application that has waited longest to be received, or None."""
        with self._reading() as session:
            return listing.first_waiting(session)

    def of_same_child(self, application: Application) -> Sequence[str]:
        """Return the numbers of other people's applications about the same child, newest first."""
        with self._reading() as session:
            return children.others(session, application)

    def attached(self, application_no: str, attachment_id: int) -> tuple[Attachment, bytes] | None:
        """Return a file of an application with its bytes; None for a file of another one."""
        wanted = (
            select(Attachment, Material)
            .join(Application, Application.id == Attachment.application_id)
            .join(Material, Material.sha256 == Attachment.sha256)
            .where(Application.application_no == application_no, Attachment.id == attachment_id)
            .options(undefer(Material.body))
        )
        with self._reading() as session:
            found = session.execute(wanted).first()
            return (found.Attachment, found.Material.body) if found else None

    def history(self, application_id: int) -> Sequence[Event]:
        """Return what happened to an application, oldest first."""
        with self._reading() as session:
            return session.scalars(
                select(Event).where(Event.application_id == application_id).order_by(Event.id)
            ).all()

    def act(
        self, numbers: Sequence[str], act: Act, written: str = "", *, now: datetime
    ) -> Application:
        """Do one act to items of one application: to all of them, or to none.

        Raises:
            Refusal: ``NOT_FOUND``, ``REASON_MISSING``, or as a ``Conflict`` that says what is so
                ``STATE_CONFLICT``, ``PREDECESSOR_OPEN``, ``PAPER_OWED`` and ``OBJECTION_OPEN``.
        """
        with self._writing() as session:
            return acting.perform(
                session, self._rules, numbers=numbers, act=act, text=written, now=now
            )

    def hand_in(self, application_no: str, material: str, *, now: datetime) -> Application:
        """Note that a promised paper has been received at the window.

        Raises:
            Refusal: ``NOT_FOUND``, or ``STATE_CONFLICT`` for one that was received before.
        """
        with self._writing() as session:
            return handing.hand_in(session, number=application_no, material=material, now=now)

    def check_objection(
        self, application_no: str, field: str, outcome: Outcome, text: str, *, now: datetime
    ) -> Application:
        """Keep the result of checking what the applicant said against a value.

        Raises:
            Refusal: ``NOT_FOUND``, ``REASON_MISSING``, or ``STATE_CONFLICT`` when checked before.
        """
        with self._writing() as session:
            return objections.check(
                session, number=application_no, field=field, outcome=outcome, text=text, now=now
            )

    def note(self, application_id: int, kind: str, *, actor: str, now: datetime) -> None:
        """Record that something happened to an application (a number was revealed)."""
        with self._writing() as session:
            session.add(Event(application_id=application_id, kind=kind, actor=actor, at=now))

    def last_event(self) -> int:
        """Return the number of the newest event, 0 when there is none."""
        with self._reading() as session:
            return session.scalar(select(func.max(Event.id))) or 0

    def events_after(self, number: int, limit: int = 200) -> list[Happened]:
        """Return the events with higher numbers, in order."""
        wanted = (
            select(Event.id, Event.kind, Application.application_no)
            .join(Application, Application.id == Event.application_id)
            .where(Event.id > number)
            .order_by(Event.id)
            .limit(limit)
        )
        with self._reading() as session:
            return [
                Happened(id=row.id, kind=row.kind, application_no=row.application_no)
                for row in session.execute(wanted)
            ]

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self._engine, expire_on_commit=False) as session:
            yield session
