"""Alarms: a fault of a terminal from when it was told until it was told no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from fleet.store.model import Alarm
from fleet.terminals.level import LOG, level_of_fault


def keep(connection: Connection, faults: Mapping[str, Iterable[str]], now: datetime) -> None:
    """Begin and end alarms so that the open ones are the faults that were told.

    What is found in a terminal's log is not its to tell, and ends otherwise (`fleet.heads`).
    """
    rows = connection.execute(
        select(Alarm.id, Alarm.terminal, Alarm.fault).where(
            Alarm.ended_at.is_(None),
            Alarm.terminal.in_(list(faults)),
            Alarm.fault.not_like(f"{LOG}%"),
        )
    )
    known = {(row.terminal, row.fault): row.id for row in rows}
    told = {(terminal, fault) for terminal, own in faults.items() for fault in own}
    told = {(terminal, fault) for terminal, fault in told if not fault.startswith(LOG)}
    over = [known[one] for one in known.keys() - told]
    if over:
        connection.execute(update(Alarm).where(Alarm.id.in_(over)).values(ended_at=now))
    begun: list[dict[str, Any]] = [
        {
            "terminal": terminal,
            "fault": fault,
            "level": int(level_of_fault(fault)),
            "began_at": now,
        }
        for terminal, fault in sorted(told - known.keys())
    ]
    if begun:
        connection.execute(insert(Alarm), begun)


def take(connection: Connection, alarm: int, work_no: str) -> bool:
    """Say who looks after an alarm; false when it is over."""
    done = connection.execute(
        update(Alarm).where(Alarm.id == alarm, Alarm.ended_at.is_(None)).values(taken_by=work_no)
    )
    return bool(done.rowcount)
