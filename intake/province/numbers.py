"""The province's numbers of applications and items, kept beside ours and found by search.

A platform above the city gives what it takes over a number of its own (办件编号). Somebody who
telephones there, or a clerk who works there, knows that number and not ours. One number belongs to
one application or to one item of it, and each of them has at most one: both are constraints.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TextIO

from sqlalchemy import Engine, ForeignKey, Select, String, UniqueConstraint, delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.office.decisions import Conflict
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application, Base, Event, Item
from intake.service.problems import Refusal

KIND: Final = "provincial.set"
"""The kind of the event."""
COLUMNS: Final = ("number", "provincial_number")
"""Head of a file to import: our number of an application or an item, and the province's."""
_SHAPE: Final = re.compile(r"[0-9A-Z][0-9A-Z-]{3,39}")
"""What a terminal reads as a number (`kiosk.gateway.answers`)."""


class ProvincialNumber(Base):
    """A number of the province; ``item_no`` is empty where it names the whole application."""

    __tablename__ = "provincial_number"
    __table_args__ = (UniqueConstraint("application_id", "item_no"),)

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    item_no: Mapped[str] = mapped_column(String(28), default="")
    set_by: Mapped[str] = mapped_column(String(64))
    set_at: Mapped[datetime]


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line of a file to import: where it stands, our number, the province's or nothing."""

    at: int
    ours: str
    theirs: str


class LinesError(ValueError):
    """A file to import is not as documented; the text has every line that is wrong."""


class ProvincialNumbers:
    """Keeps the numbers; every call is one transaction."""

    def __init__(self, engine: Engine) -> None:
        """Stand on the database of a store."""
        self._engine = engine
        self._writer = engine.execution_options(writes=True)

    def keep(self, ours: str, theirs: str, *, by: str, now: datetime) -> str:
        """Keep the province's number of an application or an item; an empty one is taken away.

        Returns the number of the application.

        Raises:
            Refusal: ``NOT_FOUND``, ``INVALID`` for what is no number, or as a ``Conflict``
                ``STATE_CONFLICT`` when it belongs to another application or item.
        """
        with Session(self._writer) as session, session.begin():
            return _keep(session, ours, theirs, by=by, now=now)

    def take_in(self, lines: Sequence[Line], *, by: str, now: datetime) -> int:
        """Keep all lines of a file, or none; return how many.

        Raises:
            LinesError: with each line that cannot be kept, and why.
        """
        wrong: list[str] = []
        with Session(self._writer) as session, session.begin():
            for line in lines:
                try:
                    _keep(session, line.ours, line.theirs, by=by, now=now)
                except Refusal as refusal:
                    wrong.append(f"line {line.at}: {line.ours}: {refusal.document().detail_zh}")
            if wrong:
                raise LinesError("\n".join(wrong))
        return len(lines)

    def of(self, applications: Iterable[int]) -> Mapping[tuple[int, str], str]:
        """Return numbers by application's id and item's number, empty for the whole."""
        wanted = select(ProvincialNumber).where(
            ProvincialNumber.application_id.in_(list(applications))
        )
        with Session(self._engine) as session:
            return {
                (one.application_id, one.item_no): one.number for one in session.scalars(wanted)
            }

    def holder(self, theirs: str) -> Application | None:
        """Return the application that a number of the province belongs to, or to an item of."""
        wanted = select(Application).where(Application.id.in_(holders(cleaned(theirs), whole=True)))
        with Session(self._engine, expire_on_commit=False) as session:
            return session.scalar(wanted)


def holders(theirs: str, *, whole: bool = False) -> Select[int]:
    """Select the applications with this number of the province, or with one it is a part of."""
    named = (
        ProvincialNumber.number == theirs
        if whole
        else ProvincialNumber.number.contains(theirs, autoescape=True)
    )
    return select(ProvincialNumber.application_id).where(named)


def items_under(catalogues: Catalogues, words: str) -> tuple[str, ...]:
    """Return our codes of the items that the province's list has under a code."""
    wanted = cleaned(words)
    return tuple(
        sorted(
            {
                item.code
                for catalogue in catalogues.every()
                for thing in catalogue.things
                for item in thing.items
                if item.provincial_code and item.provincial_code.upper() == wanted
            }
        )
    )


def cleaned(written: str) -> str:
    """Return a number without the gaps it is printed with."""
    return "".join(written.split()).upper()


def read_lines(file: TextIO) -> list[Line]:
    """Read a CSV file whose head is :data:`COLUMNS`.

    Raises:
        LinesError: its head is another one, or a line has more or fewer cells.
    """
    rows = csv.reader(file)
    head = tuple(cell.strip().removeprefix("\ufeff") for cell in next(rows, []))
    if head != COLUMNS:
        raise LinesError(f"line 1: {','.join(head)}: the head is {','.join(COLUMNS)}")
    lines, wrong = [], []
    for at, row in enumerate(rows, 2):
        if len(row) == len(COLUMNS):
            lines.append(Line(at=at, ours=cleaned(row[0]), theirs=cleaned(row[1])))
        elif row:
            wrong.append(f"line {at}: {len(row)} cells instead of {len(COLUMNS)}")
    if wrong:
        raise LinesError("\n".join(wrong))
    return lines


def _keep(session: Session, ours: str, theirs: str, *, by: str, now: datetime) -> str:
    number = cleaned(theirs)
    if number and not _SHAPE.fullmatch(number):
        raise Refusal("INVALID", "number")
    application, item = _named(session, cleaned(ours))
    item_no = item.no if item else ""
    own = delete(ProvincialNumber).where(
        ProvincialNumber.application_id == application.id, ProvincialNumber.item_no == item_no
    )
    session.execute(own)
    if number:
        _put(session, number, application, item_no, by=by, now=now)
    session.add(
        Event(
            application_id=application.id,
            item_id=item.id if item else None,
            kind=KIND,
            actor=by,
            at=now,
        )
    )
    return application.application_no


def _put(
    session: Session, number: str, application: Application, item_no: str, *, by: str, now: datetime
) -> None:
    taken = ProvincialNumber(
        number=number, application_id=application.id, item_no=item_no, set_by=by, set_at=now
    )
    try:
        with session.begin_nested():
            session.add(taken)
    except IntegrityError as error:
        raise Conflict("STATE_CONFLICT", f"编号 {number} 已经记在别处，没有改动。") from error


def _named(session: Session, ours: str) -> tuple[Application, Item | None]:
    """Return the application of our number, locked, and its item when the number is an item's."""
    wanted = (
        select(Application)
        .where(
            or_(
                Application.application_no == ours,
                Application.id.in_(select(Item.application_id).where(Item.no == ours)),
            )
        )
        .with_for_update(of=Application)
    )
    found = session.scalar(wanted)
    if found is None:
        raise Refusal("NOT_FOUND", "number")
    return found, next((item for item in found.items if item.no == ours), None)
