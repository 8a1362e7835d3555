"""Numbers a citizen reads, writes down and says on the telephone.

An application number has 20 digits: city (4, GB/T 2260), channel of arrival (4), date (6) and a
sequence within the day (6).  It is shown in groups of four.  An item's number adds two digits.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

from sqlalchemy import Connection, literal
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from intake.records.model import Sequence

CHANNEL: Final = "0020"
"""Applications from self-service terminals (自助端)."""
CHINA: Final = timezone(timedelta(hours=8), "CST")
"""The legal time of the numbers and of all texts."""
DAY_LIMIT: Final = 999_999


class DayFullError(RuntimeError):
    """More applications in one day than the number has digits for."""


def next_application_no(connection: Connection, city: str, now: datetime) -> str:
    """Take the next number of the day inside the caller's transaction.

    The row of the day stays locked until that transaction ends, so a number is never given
    twice, and never lost to a filing that was rolled back.

    Raises:
        DayFullError: the day's million is used up.
    """
    day = f"{city[:4]}{now.astimezone(CHINA):%y%m%d}"
    insert = postgresql_insert if connection.dialect.name == "postgresql" else sqlite_insert
    taken = insert(Sequence).values(day=day, last=1)
    taken = taken.on_conflict_do_update(
        index_elements=[Sequence.day], set_={"last": Sequence.last + literal(1)}
    )
    last = connection.execute(taken.returning(Sequence.last)).scalar_one()
    if last > DAY_LIMIT:
        raise DayFullError(day)
    return f"{city[:4]}{CHANNEL}{day[4:]}{last:06d}"


def item_no(application_no: str, position: int) -> str:
    """Return the sub-number of the item at ``position`` (counted from 0)."""
    return f"{application_no}{position + 1:02d}"


def notice_no(number: str, issued: int) -> str:
    """Return the number of the next notice of an item, after ``issued`` ones: ``…01-001``."""
    return f"{number}-{issued + 1:03d}"
