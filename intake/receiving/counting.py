"""Refusals are counted: by day of China, terminal and code; never what was refused.

Requests only add to a tally in memory, so a flood of bad ones writes no more than a few rows a
second. A worker that is killed loses the tally of its last second.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Engine, String, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from intake.receiving.numbers import CHINA
from intake.records.model import Base

TERMINALS: Final = 10_000
"""Different rows between two writings; beyond them terminals are counted as unnamed."""


class Refused(Base):
    """How often requests of a terminal were refused with a code on a day."""

    __tablename__ = "refused"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    terminal: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted:
    """One row of the counts."""

    day: str
    terminal: str
    code: str
    count: int


class Refusals:
    """The tally of this process, and the table it is written to."""

    def __init__(self, engine: Engine) -> None:
        """Stand on the database of a store."""
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._lock = threading.Lock()
        self._tally: Counter[tuple[str, str]] = Counter()

    def add(self, terminal: str, code: str) -> None:
        """Count one refusal."""
        with self._lock:
            full = len(self._tally) >= TERMINALS
            self._tally["" if full else terminal[:64], code] += 1

    def write(self, now: datetime) -> None:
        """Write the tally down; it is kept when that fails."""
        with self._lock:
            tally, self._tally = self._tally, Counter()
        try:
            self._add(tally, f"{now.astimezone(CHINA):%Y-%m-%d}")
        except BaseException:
            with self._lock:
                self._tally.update(tally)
            raise

    def all(self) -> list[Counted]:
        """Return what has been written, in order."""
        with Session(self._engine) as session:
            rows = session.scalars(select(Refused).order_by(Refused.day, Refused.terminal))
            return [
                Counted(day=row.day, terminal=row.terminal, code=row.code, count=row.count)
                for row in rows
            ]

    def _add(self, tally: Counter[tuple[str, str]], day: str) -> None:
        if not tally:
            return
        sqlite = self._engine.dialect.name == "sqlite"
        with Session(self._writer) as session, session.begin():
            # In one order everywhere: two workers wait for each other, and never both.
            for (terminal, code), count in sorted(tally.items()):
                row = (sqlite_insert if sqlite else postgresql_insert)(Refused).values(
                    day=day, terminal=terminal, code=code, count=count
                )
                session.execute(
                    row.on_conflict_do_update(
                        index_elements=[Refused.day, Refused.terminal, Refused.code],
                        set_={"count": Refused.count + count},
                    )
                )
