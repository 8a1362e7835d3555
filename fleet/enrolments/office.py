"""The desk's office, by its own rules: the one place where the fleet reaches into the intake."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from fleet.errors import FleetError
from intake.enrolment.office import Approval, Asking, NotDone, Office
from kiosk.database import open_engine

LOCK_WAIT_S: Final = 4.0
UNREACHABLE: Final = "unreachable"


class OfficeRefused(FleetError):
    """The office did not do it; ``why`` is a word for the page.

    ``unknown_code``, ``too_many``, ``decided``, ``too_old``, ``set_up_with_another``,
    ``not_given``, ``nothing_to_replace``, ``there_already``, ``not_a_group``,
    ``unknown_terminal``, ``unreachable``.
    """

    def __init__(self, message: str, why: str) -> None:
        """Keep why."""
        super().__init__(message)
        self.why = why


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    """A terminal that shows a code now.

    Attributes:
        shown: first half of the code; the other half is only on the terminal.
        wants: the id it is set up with, or empty.
        place: code of the place it is set up for, or empty.
        replaces: it wants the place of the terminal of that id.
        provider: of its keys.
        asked_from: its address.
        asked_at: when it asked.
        expires_at: until when it can be approved.
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
class Approved:
    """What an operator decided: see `intake.enrolment.office.Approval`."""

    code: str
    by: str
    terminal: str = ""
    jurisdiction: str = ""
    group: str = ""
    stolen: bool = False


class DeskOffice:
    """The office over the desk's database, whose tables the desk itself keeps up to date."""

    def __init__(self, url: str) -> None:
        """Take the SQLAlchemy URL of the desk's database."""
        self._engine = open_engine(url, LOCK_WAIT_S)
        self._office = Office(self._engine)

    def close(self) -> None:
        """Give back every connection."""
        self._engine.dispose()

    def waiting(self, now: datetime) -> Sequence[Waiting]:
        """Return who waits, oldest first; raises `OfficeRefused` when it can't be asked."""
        with _told():
            return [_waiting(one) for one in self._office.waiting(now)]

    def approve(self, approved: Approved, now: datetime) -> str:
        """Make a terminal of who shows this code; returns its id.

        Raises:
            OfficeRefused: it was not done.
        """
        approval = Approval(
            code=approved.code,
            by=approved.by,
            terminal=approved.terminal,
            jurisdiction=approved.jurisdiction,
            group=approved.group,
            stolen=approved.stolen,
        )
        with _told():
            return self._office.approve(approval, now)

    def refuse(self, code: str, by: str, now: datetime) -> None:
        """Turn away who shows this code; raises `OfficeRefused` when nobody does."""
        with _told():
            self._office.refuse(code, by, now)


@contextmanager
def _told() -> Iterator[None]:
    """Tell in this room's words what the office refuses, and that it can't be asked."""
    try:
        yield
    except NotDone as error:
        raise OfficeRefused(str(error), error.why) from error
    except SQLAlchemyError as error:
        raise OfficeRefused("the desk's database can't be asked", UNREACHABLE) from error


def _waiting(one: Asking) -> Waiting:
    return Waiting(
        shown=one.shown[:4],
        wants=one.wants,
        place=one.place,
        replaces=one.replaces,
        provider=one.provider,
        asked_from=one.asked_from,
        asked_at=one.asked_at,
        expires_at=one.expires_at,
    )
