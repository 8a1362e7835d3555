"""The database of the intake: filings, numbers, states, materials, events.

Exactly-once is the database's work.  A filing is one transaction: application, items, attachments,
event and number together, or nothing.  Two that race for one submission id meet at the unique
constraint; the loser rolls back, number and all, and is answered with what the winner stored.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Engine, Subquery, case, create_engine, event, func, select, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from intake.filing import Filing, ItemLine
from intake.model import Application, Attachment, Base, Event, Item, Material, State
from intake.numbers import item_no, next_application_no
from intake.problems import Refusal

LOCK_WAIT_S = 4.0
"""How long a filing waits for another one; shorter than a terminal waits for its answer (8 s)."""
NEXT: dict[State, State] = {State.RECEIVED: State.SUBMITTED, State.ACCEPTED: State.RECEIVED}
"""Where an item must be to get to a state."""
_RANK: dict[State, int] = {State.SUBMITTED: 0, State.RECEIVED: 1, State.ACCEPTED: 2}


class StillRunning(Exception):
    """Another filing holds the database; the same call may be repeated soon."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Filed:
    """A filed application; ``new`` is false when it had been filed before."""

    application: Application
    new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """An event for the live page."""

    id: int
    kind: str
    application_no: str


class Store:
    """All reads and writes of the intake; every method is one transaction."""

    def __init__(self, url: str, *, lock_wait_s: float = LOCK_WAIT_S) -> None:
        """Open the database at a SQLAlchemy URL and make its tables where they are missing."""
        self._engine = _open(url, lock_wait_s)
        self._writer = self._engine.execution_options(writes=True)
        Base.metadata.create_all(self._writer)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

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
            return Filed(application=self._insert(filing, now), new=True)
        except IntegrityError as error:
            before = self.filed_before(filing.submission_id, filing.body_digest)
            if before is None:  # the slip's code belongs to another application
                raise Refusal("INVALID", "application.slip_token") from error
            return before
        except DBAPIError as error:
            if _is_lock_timeout(error):
                raise StillRunning from error
            raise

    def filed_before(self, submission_id: str, body_digest: str) -> Filed | None:
        """Return what was filed under a submission id, or None.

        Raises:
            Refusal: ``IDEMPOTENCY_MISMATCH`` when it was filed with another body.
        """
        with self._reading() as session:
            found = session.scalar(
                select(Application).where(Application.submission_id == submission_id)
            )
        if found is None:
            return None
        if found.body_digest != body_digest:
            raise Refusal("IDEMPOTENCY_MISMATCH", "envelope")
        return Filed(application=found, new=False)

    def keep_material(self, sha256: str, body: bytes, *, terminal: str, now: datetime) -> bool:
        """Keep a file under its digest; false when it was there already.

        Raises:
            Refusal: ``DIGEST_MISMATCH``.
        """
        if hashlib.sha256(body).hexdigest() != sha256:
            raise Refusal("DIGEST_MISMATCH", "sha256")
        material = Material(
            sha256=sha256, size=len(body), body=body, uploaded_by=terminal, received_at=now
        )
        try:
            with self._writing() as session:
                session.add(material)
        except IntegrityError:
            return False
        return True

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

    def latest(self, state: str | None = None, limit: int = 100) -> Sequence[Application]:
        """Return the newest applications, newest first; of one state where it is given.

        An application is in the state of its slowest item.
        """
        wanted = select(Application).order_by(Application.id.desc()).limit(limit)
        if state is not None:
            standing = _standing()
            wanted = wanted.join(standing, standing.c.application_id == Application.id)
            wanted = wanted.where(standing.c.rank == _RANK[State(state)])
        with self._reading() as session:
            return session.scalars(wanted).all()

    def first_waiting(self) -> Application | None:
        """Return the application that has waited longest to be received, or None."""
        standing = _standing()
        wanted = (
            select(Application)
            .join(standing, standing.c.application_id == Application.id)
            .where(standing.c.rank == _RANK[State.SUBMITTED])
            .order_by(Application.id)
            .limit(1)
        )
        with self._reading() as session:
            return session.scalar(wanted)

    def waiting(self) -> dict[str, int]:
        """Return how many applications are in each state."""
        standing = _standing()
        counted = select(standing.c.rank, func.count()).group_by(standing.c.rank)
        with self._reading() as session:
            counts: dict[int, int] = dict(session.execute(counted).all())
        return {state.value: counts.get(rank, 0) for state, rank in _RANK.items()}

    def history(self, application_id: int) -> Sequence[Event]:
        """Return what happened to an application, oldest first."""
        with self._reading() as session:
            return session.scalars(
                select(Event).where(Event.application_id == application_id).order_by(Event.id)
            ).all()

    def advance(self, no: str, to: State, *, actor: str, now: datetime) -> Item:
        """Move an item one state on.

        Raises:
            Refusal: ``NOT_FOUND``, or ``STATE_CONFLICT`` when it is not where it has to be.
        """
        with self._writing() as session:
            item = session.scalar(select(Item).where(Item.no == no))
            if item is None:
                raise Refusal("NOT_FOUND")
            moved = session.execute(
                update(Item)
                .where(Item.id == item.id, Item.state == NEXT[to].value)
                .values(state=to.value, state_at=now)
                .returning(Item.id)
            ).first()
            if moved is None:
                raise Refusal("STATE_CONFLICT")
            session.add(_event(item.application_id, f"item.{to.value}", actor, now, item.id))
        return item

    def note(self, application_id: int, kind: str, *, actor: str, now: datetime) -> None:
        """Record that something happened to an application (a number was revealed)."""
        with self._writing() as session:
            session.add(_event(application_id, kind, actor, now))

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

    def _insert(self, filing: Filing, now: datetime) -> Application:
        with self._writing() as session:
            application = _application(filing, now)
            # The number's row is locked first: filings follow each other, and events are in order.
            application.application_no = next_application_no(session, filing.jurisdiction, now)
            _require_materials(session, filing)
            application.items = [
                _item(line, application.application_no, now, position)
                for position, line in enumerate(filing.items)
            ]
            session.add(application)
            session.flush()
            session.add(_event(application.id, "application.received", filing.terminal, now))
            session.add_all(_attachments(application.id, filing))
            session.flush()
            session.refresh(application)
            return application

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with Session(self._engine, expire_on_commit=False) as session:
            yield session


def progress_key(local_no: str, token: str) -> str:
    """Return the digest by which a slip finds its application."""
    return hashlib.sha256(f"{local_no}.{token}".encode()).hexdigest()


@cache
def _standing() -> Subquery:
    """Return each application with the rank of its slowest item."""
    rank = case({state.value: rank for state, rank in _RANK.items()}, value=Item.state)
    return (
        select(Item.application_id, func.min(rank).label("rank"))
        .group_by(Item.application_id)
        .subquery()
    )


def _application(filing: Filing, now: datetime) -> Application:
    """Return the row of a filing, without its number and items."""
    return Application(
        submission_id=filing.submission_id,
        body_digest=filing.body_digest,
        local_no=filing.local_no,
        progress_key=progress_key(filing.local_no, filing.slip_token),
        thing=filing.thing,
        thing_name=filing.thing_name,
        jurisdiction=filing.jurisdiction,
        catalogue_version=filing.catalogue_version,
        terminal=filing.terminal,
        applicant_name=filing.applicant_name,
        applicant_id_no=filing.applicant_id_no,
        details=filing.details,
        envelope=filing.envelope,
        signature=filing.signature,
        created_at=filing.created_at,
        received_at=now,
    )


def _item(line: ItemLine, application_no: str, now: datetime, position: int) -> Item:
    """Return the row of one item, submitted now."""
    return Item(
        position=position,
        code=line.code,
        name=line.name,
        department=line.department,
        no=item_no(application_no, position),
        state=State.SUBMITTED.value,
        state_at=now,
    )


def _attachments(application_id: int, filing: Filing) -> list[Attachment]:
    """Return the rows of the materials an application names."""
    return [
        Attachment(
            application_id=application_id,
            name=one.name,
            sha256=one.sha256,
            size=one.size,
            media_type=one.media_type,
        )
        for one in filing.attachments
    ]


def _require_materials(session: Session, filing: Filing) -> None:
    """Refuse a filing that names a file which has not arrived, or has another size."""
    wanted = {(one.sha256, one.size) for one in filing.attachments}
    rows = session.execute(
        select(Material.sha256, Material.size).where(
            Material.sha256.in_([sha256 for sha256, _ in wanted])
        )
    )
    if wanted - {(row.sha256, row.size) for row in rows}:
        raise Refusal("MATERIAL_MISSING", "attachments")


def _event(
    application_id: int, kind: str, actor: str, now: datetime, item_id: int | None = None
) -> Event:
    """Return an event row."""
    return Event(application_id=application_id, item_id=item_id, kind=kind, actor=actor, at=now)


def _open(url: str, lock_wait_s: float) -> Engine:
    """Make the engine with the settings that durability and fairness need."""
    engine = create_engine(url, pool_pre_ping=not url.startswith("sqlite"), hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda raw, _: _prepare_sqlite(raw, lock_wait_s))
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", lambda raw, _: _prepare_postgresql(raw, lock_wait_s))
    return engine


def _prepare_sqlite(raw: DBAPIConnection, lock_wait_s: float) -> None:
    """Durable commits, real foreign keys, and transactions begun by us."""
    raw.isolation_level = None
    cursor = raw.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={int(lock_wait_s * 1000)}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    """Take the write lock at the start of a writing transaction, so that none fails half-way."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgresql(raw: DBAPIConnection, lock_wait_s: float) -> None:
    """Bound every wait; the server's defaults would wait for ever."""
    cursor = raw.cursor()
    cursor.execute(f"SET lock_timeout = {int(lock_wait_s * 1000)}")
    cursor.execute("SET statement_timeout = 10000")
    raw.commit()
    cursor.close()


def _is_lock_timeout(error: DBAPIError) -> bool:
    """Say whether a database error only means that another transaction was longer."""
    if isinstance(error.orig, sqlite3.OperationalError):
        return error.orig.sqlite_errorcode in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
    told = error.orig.args[0] if error.orig is not None and error.orig.args else None
    return isinstance(told, dict) and told.get("C") == "55P03"
