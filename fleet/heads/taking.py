"""Takes in heads: believed or not, held against what is known, kept, and alarmed about.

The bus's thread only puts letters into a queue; a thread of its own writes them, many in one
transaction. A database that is away costs nothing but time, until `MOST` wait: then newer ones are
dropped, and what they told the terminal's next one tells. A whole fleet may fall silent at once:
it is written down `PART` terminals a transaction, by statements over all of them.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from cryptography import x509
from sqlalchemy import Connection, Engine, Select, or_, select
from sqlalchemy.exc import SQLAlchemyError

from fleet.heads import keeping
from fleet.heads.keeping import REPLACED, Standing
from fleet.heads.rules import SKEW, Known, judge
from fleet.store.model import Alarm, AuditLog, Terminal
from fleet.terminals.days import day_of
from fleet.terminals.log_findings import BREAKS, Finding
from fleet.terminals.parts import in_parts
from fleet.terminals.raising import levels
from kiosk.audit.signed_head import Believed, HeadRefused, received

MOST: Final = 20_000
BATCH: Final = 200
PART: Final = 1000
"""Terminals that fell silent a transaction: a state that comes meanwhile waits no longer."""
PAUSE_S: Final = 0.2
SILENT: Final = timedelta(hours=3)
"""For which a terminal may be connected without a head: it signs one an hour."""
LOOK_S: Final = 60.0

Listener = Callable[[Collection[str]], None]

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Came:
    """A letter as it came.

    Attributes:
        terminal: whose topic it came on.
        data: its bytes.
        at: when.
        fresh: it was sent now, and not kept by the broker for us.
    """

    terminal: str
    data: bytes
    at: datetime
    fresh: bool


class Taking:
    """Everything that terminals say of their logs goes through here."""

    def __init__(
        self, engine: Engine, authority: Path, listener: Listener = lambda _names: None
    ) -> None:
        """Take the database, who certifies terminals (PEM), and who is told whose level changed.

        Raises:
            OSError: the authority can't be read.
            ValueError: it is none.
        """
        self._engine = engine.execution_options(writes=True)
        self._listener = listener
        self._authority = x509.load_pem_x509_certificates(authority.read_bytes())
        self._came: queue.Queue[Came] = queue.Queue(maxsize=MOST)
        self._owed: list[Came] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heads", daemon=True)
        self.unknown = 0
        """Letters of terminals that are not enrolled."""

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is left, and end."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def head(self, terminal: str, data: bytes, *, fresh: bool) -> None:
        """Take a letter; returns at once."""
        try:
            self._came.put_nowait(
                Came(terminal=terminal, data=data, at=datetime.now(UTC), fresh=fresh)
            )
        except queue.Full:
            log.warning("heads_dropped")

    def write(self) -> int:
        """Write what has come; returns how many letters it was.

        Raises:
            SQLAlchemyError: it is kept and written the next time.
        """
        while len(self._owed) < BATCH and not self._came.empty():
            self._owed.append(self._came.get_nowait())
        if not self._owed:
            return 0
        with self._engine.begin() as connection:
            names = {one.terminal for one in self._owed}
            before = levels(connection, names)
            # rows of terminals are held in one order (`fleet.terminals.raising`)
            self._written(connection, sorted(self._owed, key=lambda came: came.terminal))
            changed = _changed(before, levels(connection, names))
        done, self._owed = len(self._owed), []
        self._tell(changed)
        return done

    def look(self, now: datetime | None = None) -> None:
        """Find terminals that are connected and silent, and those that are it no more.

        Raises:
            SQLAlchemyError: what was not written yet the next look finds.
        """
        now = now or datetime.now(UTC)
        with self._engine.connect() as connection:
            silent = _silent(connection, now - SILENT)
            told = set(connection.scalars(_open(Finding.SILENT)))
        for names, write in ((silent - told, keeping.alarm), (told - silent, keeping.over)):
            for part in in_parts(sorted(names), PART):
                with self._engine.begin() as connection:
                    changed = write(connection, part, Finding.SILENT, now)
                self._tell(changed)

    def _tell(self, changed: Collection[str]) -> None:
        if changed:
            self._listener(changed)

    def _written(self, connection: Connection, letters: Sequence[Came]) -> None:
        standings = keeping.standings(connection, {one.terminal for one in letters})
        logs: dict[str, Known] = {}
        for came in letters:
            standing = standings.get(came.terminal)
            if standing is None:
                self.unknown += 1
                continue
            known = self._one(connection, came, standing)
            if known is not None:
                logs[came.terminal] = known
                standings[came.terminal] = replace(standing, known=known, received_at=came.at)
        keeping.keep_known(connection, logs, datetime.now(UTC))

    def _one(self, connection: Connection, came: Came, standing: Standing) -> Known | None:
        """Judge one letter; returns what is known by it, none when it changes nothing."""
        try:
            new = received(came.data, self._authority, came.at)
            if new.head.terminal != came.terminal:
                raise HeadRefused("other_terminal")
        except HeadRefused as refused:
            log.warning("head_refused", terminal=came.terminal, why=refused.why)
            if refused.why != "malformed":  # that is another version; its silence is told
                keeping.alarm(connection, [came.terminal], Finding.FOREIGN, came.at)
            return None
        if keeping.came_before(connection, new):
            return None
        if came.fresh:
            _clock(connection, new, came.at)
        return _follow(connection, new, standing, came.at)

    def _run(self) -> None:
        next_look = time.monotonic() + LOOK_S
        while not self._ending.wait(PAUSE_S):
            self._try(self._drain)
            if time.monotonic() >= next_look:
                next_look = time.monotonic() + LOOK_S
                self._try(self.look)
        self._try(self._drain)

    def _drain(self) -> None:
        while self.write() == BATCH:
            pass

    @staticmethod
    def _try(work: Callable[[], None]) -> None:
        try:
            work()
        except SQLAlchemyError as error:
            log.warning("heads_not_kept", problem=type(error).__name__)


def _follow(
    connection: Connection, new: Believed, standing: Standing, now: datetime
) -> Known | None:
    """Hold a head against what is known, and keep it with what was found."""
    known, head = standing.known, new.head
    life = 1 if known is None else known.life
    found = judge(known, new, keeping.kept(connection, head.terminal, life), now)
    if found is Finding.FOREIGN:
        keeping.add(connection, new, life, found.value, now)
        keeping.alarm(connection, [head.terminal], found, now)
        return None
    expected = found is Finding.BEGUN_ANEW and _replaced(standing)
    if found in BREAKS:
        life += 1
    if found is not None and not expected:
        keeping.alarm(connection, [head.terminal], found, now)
    keeping.add(connection, new, life, REPLACED if expected else found or "", now)
    if standing.received_at is not None and day_of(standing.received_at) != day_of(now):
        keeping.thin(connection, head.terminal, now)
    return Known(
        life=life,
        sequence=head.sequence,
        digest=head.digest,
        first=head.first,
        origin=head.origin,
        at=datetime.fromisoformat(head.at),
        certified_from=new.certified_from,
    )


def _changed(before: Mapping[str, int], after: Mapping[str, int]) -> list[str]:
    return sorted(name for name, level in after.items() if before.get(name) != level)


def _replaced(standing: Standing) -> bool:
    """Say whether the office let the machine in again after the newest head of the old log."""
    return standing.received_at is not None and standing.enrolled_at > standing.received_at


def _clock(connection: Connection, new: Believed, now: datetime) -> None:
    """Hold the terminal's clock against ours: a letter that was sent now tells its time."""
    if new.sent is None:
        return
    terminal = new.head.terminal
    if abs(now - new.sent) > SKEW:
        keeping.alarm(connection, [terminal], Finding.CLOCK, now)
    else:
        keeping.over(connection, [terminal], Finding.CLOCK, now)


def _silent(connection: Connection, since: datetime) -> set[str]:
    """Return who has been connected since then and sent no head."""
    wanted = (
        select(Terminal.name)
        .outerjoin(AuditLog, AuditLog.terminal == Terminal.name)
        .where(
            Terminal.here,
            or_(Terminal.here_at.is_(None), Terminal.here_at < since),
            or_(AuditLog.received_at.is_(None), AuditLog.received_at < since),
        )
    )
    return set(connection.scalars(wanted))


def _open(found: Finding) -> Select[str]:
    return select(Alarm.terminal).where(Alarm.fault == found.fault, Alarm.ended_at.is_(None))
