"""Heads in the database: what is known, what is added, what is let go, what was found.

A year of heads an hour would be most of the database: of days before yesterday the last head
stays, for `KEPT_DAYS`; a head with a finding, and the first of each log, stay as long.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from fleet import journal
from fleet.heads.findings import WORDS
from fleet.heads.rules import Kept, Known
from fleet.store.model import Alarm, AuditHead, AuditLog, Certificate, Terminal
from fleet.terminals.days import day_of
from fleet.terminals.level import LOG
from fleet.terminals.log_findings import PASSING, Finding
from fleet.terminals.raising import reckon
from fleet.terminals.writing import write_rows
from kiosk.audit.signed_head import Believed, Letter

KEPT_DAYS: Final = 400
REPLACED: Final = "replaced"
"""Stands where a finding would, when the office had said that the machine is another one."""
MOST_WORDS: Final = 150


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A terminal as heads are held against it.

    Attributes:
        enrolled_at: when the office let it in last.
        known: its log; none before the first head.
        received_at: when the newest head came.
    """

    enrolled_at: datetime
    known: Known | None = None
    received_at: datetime | None = None


def standings(connection: Connection, names: Collection[str]) -> dict[str, Standing]:
    """Return the enrolled ones among these terminals."""
    rows = connection.execute(
        select(Terminal.name, Terminal.enrolled_at, AuditLog)
        .outerjoin(AuditLog, AuditLog.terminal == Terminal.name)
        .where(Terminal.name.in_(names))
    )
    return {
        row.name: Standing(
            enrolled_at=row.enrolled_at, known=_known(row), received_at=row.received_at
        )
        for row in rows
    }


def kept(connection: Connection, terminal: str, life: int) -> Kept:
    """Return what the kept heads of one log say; asks the database when it is asked."""
    own = (AuditHead.terminal == terminal, AuditHead.life == life)

    def digest_of(line: int) -> str | None:
        wanted = select(AuditHead.digest).where(*own, AuditHead.sequence == line).limit(1)
        return connection.scalar(wanted)

    def newest_below(line: int) -> datetime | None:
        wanted = select(func.max(AuditHead.received_at)).where(*own, AuditHead.sequence < line)
        found: datetime | None = connection.scalar(wanted)
        return found

    return Kept(digest_of=digest_of, newest_below=newest_below)


def came_before(connection: Connection, new: Believed) -> bool:
    """Say whether exactly this head is here already: the line was lost while it was on its way."""
    wanted = select(AuditHead.id).where(
        AuditHead.terminal == new.head.terminal,
        AuditHead.sequence == new.head.sequence,
        AuditHead.digest == new.head.digest,
        AuditHead.body == new.letter.body,
    )
    return connection.scalar(wanted.limit(1)) is not None


def add(connection: Connection, new: Believed, life: int, found: str, now: datetime) -> None:
    """Keep a head with its proof."""
    there = connection.scalar(select(Certificate.digest).where(Certificate.digest == new.key))
    if there is None:
        values = {"digest": new.key, "pem": new.letter.certificate}
        connection.execute(insert(Certificate.__table__), [values])  # type: ignore[arg-type]
    connection.execute(
        insert(AuditHead).values(
            terminal=new.head.terminal,
            life=life,
            sequence=new.head.sequence,
            digest=new.head.digest,
            at=datetime.fromisoformat(new.head.at),
            received_at=now,
            finding=found,
            explained="",
            body=new.letter.body,
            signature=new.letter.signature,
            certificate=new.key,
        )
    )


def keep_known(connection: Connection, logs: Mapping[str, Known], now: datetime) -> None:
    """Write how far logs reach."""
    rows: list[dict[str, Any]] = [
        {
            "terminal": terminal,
            "life": known.life,
            "sequence": known.sequence,
            "digest": known.digest,
            "first_line": known.first,
            "origin": known.origin,
            "at": known.at,
            "received_at": now,
            "certified_from": known.certified_from,
        }
        for terminal, known in logs.items()
    ]
    write_rows(connection, AuditLog, ["terminal"], rows)


def thin(connection: Connection, terminal: str, now: datetime) -> None:
    """Let go of heads that newer ones stand for."""
    rows = connection.execute(
        select(AuditHead.id, AuditHead.life, AuditHead.received_at, AuditHead.finding)
        .where(AuditHead.terminal == terminal)
        .order_by(AuditHead.id)
    ).all()
    lives = {row.life: row.id for row in reversed(rows)}
    days = {(row.life, day_of(row.received_at)): row.id for row in rows}
    stay = {*lives.values(), *days.values(), *(row.id for row in rows if row.finding)}
    old, over = now - timedelta(days=2), now - timedelta(days=KEPT_DAYS)
    gone = [
        row.id
        for row in rows
        if row.received_at < over or (row.received_at < old and row.id not in stay)
    ]
    if gone:
        connection.execute(delete(AuditHead).where(AuditHead.id.in_(gone)))


def alarm(
    connection: Connection, terminals: Collection[str], found: Finding, now: datetime
) -> list[str]:
    """Begin alarms, unless they stand; the terminals' levels follow.

    Args:
        connection: in a writing transaction.
        terminals: whose, as many as a statement takes (`fleet.terminals.parts`).
        found: what was found.
        now: when.

    Returns:
        Whose level is another one by it.
    """
    standing = connection.scalars(select(Alarm.terminal).where(*_standing(terminals, found)))
    begun = sorted(set(terminals) - set(standing))
    if not begun:
        return []
    values = {"fault": found.fault, "level": int(WORDS[found].level), "began_at": now}
    connection.execute(insert(Alarm), [{**values, "terminal": name} for name in begun])
    return reckon(connection, begun)


def over(
    connection: Connection, terminals: Collection[str], found: Finding, now: datetime
) -> list[str]:
    """End alarms as `alarm` begins them."""
    ended = connection.scalars(
        update(Alarm)
        .where(*_standing(terminals, found))
        .values(ended_at=now)
        .returning(Alarm.terminal)
    ).all()
    return reckon(connection, sorted(set(ended))) if ended else []


def _standing(terminals: Collection[str], found: Finding) -> tuple[ColumnElement[bool], ...]:
    own = Alarm.terminal.in_(list(terminals))
    return own, Alarm.fault == found.fault, Alarm.ended_at.is_(None)


def open_findings(connection: Connection, terminal: str) -> tuple[Finding, ...]:
    """Return what an officer has to explain."""
    rows = connection.scalars(
        select(Alarm.fault).where(
            Alarm.terminal == terminal, Alarm.ended_at.is_(None), Alarm.fault.like(f"{LOG}%")
        )
    )
    found = (Finding(fault.removeprefix(LOG)) for fault in rows)
    return tuple(sorted({one for one in found if one not in PASSING}))


def accept(connection: Connection, terminal: str, by: str, words: str, now: datetime) -> bool:
    """Write down what became of a terminal's findings, and end their alarms.

    Args:
        connection: in a writing transaction.
        terminal: whose log it is.
        by: work number of the officer.
        words: what was found out.
        now: when.

    Returns:
        False when nothing was to be explained.
    """
    found = open_findings(connection, terminal)
    if not found:
        return False
    explained = f"{by}: {words[:MOST_WORDS]}"
    connection.execute(
        update(AuditHead)
        .where(
            AuditHead.terminal == terminal,
            AuditHead.finding.in_([one.value for one in found]),
            AuditHead.explained == "",
        )
        .values(explained=explained)
    )
    for one in found:
        over(connection, [terminal], one, now)
    told = " ".join(one.value for one in found)
    journal.append(connection, by, "log_accepted", terminal, detail=f"{told} {words[:MOST_WORDS]}")
    return True


def reached(connection: Connection, terminal: str) -> Any | None:
    """Return how far a terminal's log reaches; none when it never told."""
    wanted = select(AuditLog).where(AuditLog.terminal == terminal)
    return connection.execute(wanted).one_or_none()


def newest(connection: Connection, terminal: str, count: int) -> Sequence[Any]:
    """Return kept heads, newest first."""
    wanted = (
        select(AuditHead)
        .where(AuditHead.terminal == terminal)
        .order_by(AuditHead.id.desc())
        .limit(count)
    )
    return connection.execute(wanted).all()


def letters(connection: Connection, terminal: str) -> list[tuple[Any, Letter]]:
    """Return all kept heads of a terminal with their proofs, oldest first."""
    wanted = (
        select(AuditHead, Certificate.text)
        .join(Certificate, Certificate.digest == AuditHead.certificate)
        .where(AuditHead.terminal == terminal)
        .order_by(AuditHead.id)
    )
    return [
        (row, Letter(body=row.body, signature=row.signature, certificate=row.pem))
        for row in connection.execute(wanted)
    ]


def _known(row: Any) -> Known | None:
    if row.life is None:
        return None
    return Known(
        life=row.life,
        sequence=row.sequence,
        digest=row.digest,
        first=row.first_line,
        origin=row.origin,
        at=row.at,
        certified_from=row.certified_from,
    )
