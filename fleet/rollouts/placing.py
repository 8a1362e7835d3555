"""Which terminal is in which ring, and that terminals know it.

The office's list says it (`fleet.store.model.Terminal.group`); a terminal tells which group's
releases it takes. Where the two differ and the terminal is there, it is given a command to change;
so one that was away for a year is told when it comes back, and a lost command is given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    SQLColumnExpression,
    exists,
    func,
    select,
    update,
)

from fleet import journal
from fleet.errors import FleetError
from fleet.orders import CommandDesk, Wanted
from fleet.orders.desk import NotGiven
from fleet.rollouts.ledger import groups_reached, groups_under_way
from fleet.store.model import Order, Terminal
from kiosk.status.command import Kind
from kiosk.status.rings import group_of, line_of, ring_by_lot, ring_of

AGAIN: Final = timedelta(hours=1)
"""An order that was given is not given again within this time."""
SYSTEM: Final = "rollouts"
"""Who gives orders by itself, as terminals are told it."""
MOST: Final = 200
"""Orders given at once; the others come with the next look."""
_told = Terminal.state["update"]["group"].as_string()


class OnTheMove(FleetError):
    """A release goes through the rings; whoever wants to move terminals waits, or aborts it."""


def by_lot(
    engine: Engine, line: str, shares: Sequence[float], by: str, *, keep_first: bool
) -> dict[int, int]:
    """Place every terminal of a line by its name's lot; returns how many are in each ring.

    Args:
        engine: of the fleet's database.
        line: of groups; empty: everybody's.
        shares: of the line that are in the rings up to each of the first three.
        by: work number.
        keep_first: leave who is in the first ring there; nobody else comes into it.

    Raises:
        ValueError: the shares do not grow, or are none.
        OnTheMove: a release goes through the line's rings.
    """
    if list(shares) != sorted(shares) or not all(0 <= own <= 1 for own in shares):
        raise ValueError("shares have to grow from 0 to 1")
    counts_of = dict.fromkeys(range(len(shares) + 1), 0)
    with engine.execution_options(writes=True).begin() as connection:
        demand_still(connection, line)
        moved: dict[str, list[str]] = {}
        for name, group in connection.execute(select(Terminal.name, Terminal.group)).all():
            if line_of(group) != line:
                continue
            ring = ring_by_lot(name, shares)
            if keep_first:
                ring = 0 if ring_of(group) == 0 else max(1, ring)
            counts_of[ring] += 1
            if group_of(line, ring) != group:
                moved.setdefault(group_of(line, ring), []).append(name)
        for group, terminals in moved.items():
            place(connection, terminals, group)
        detail = " ".join(f"{group_of(line, own)}={count}" for own, count in counts_of.items())
        journal.append(connection, by, "terminals_placed", line or "*", detail=detail)
    return counts_of


def place(connection: Connection, terminals: Sequence[str], group: str) -> None:
    """Put terminals into a group, a few hundred a statement."""
    for start in range(0, len(terminals), 500):
        connection.execute(
            update(Terminal)
            .where(Terminal.name.in_(terminals[start : start + 500]))
            .values(release_group=group, ring=ring_of(group))
        )


def counts(engine: Engine) -> dict[str, int]:
    """Return how many terminals each group has."""
    with engine.connect() as connection:
        return counted(connection)


def counted(connection: Connection) -> dict[str, int]:
    """Return how many terminals each group has, within a transaction."""
    rows = connection.execute(
        select(Terminal.group, func.count().label("terminals")).group_by(Terminal.group)
    )
    return {row[0]: row.terminals for row in rows}


def demand_still(connection: Connection, line: str) -> None:
    """Refuse to move terminals of a line while a release goes through its rings.

    Raises:
        OnTheMove: who is moved into an open ring would get it without anybody's approval.
    """
    if line in {line_of(group) for group in groups_under_way(connection)}:
        raise OnTheMove("这条线上有发布没有结束，等它结束再分圈")


def demand_may_move(connection: Connection, kept: str, group: str) -> None:
    """Refuse to move a terminal to another group while a release goes through either line.

    Raises:
        OnTheMove: as `demand_still`; who leaves takes its failures, and what it is compared by.
    """
    if group != kept:
        for line in (line_of(kept), line_of(group)):
            demand_still(connection, line)


def demand_may_join(connection: Connection, group: str) -> None:
    """Refuse to let a new terminal into a ring that a release is out in, or is about to be.

    A ring that comes later takes it: nobody beyond the first is offered anything before a second
    person approved, and somebody stands in a hall and waits.

    Raises:
        OnTheMove: it would widen a ring that is being judged.
    """
    if group in groups_reached(connection):
        raise OnTheMove(f"{group} 正在发布，发布结束之前不能加进新终端")


def heal(engine: Engine, desk: CommandDesk, now: datetime) -> int:
    """Have terminals that are there take the releases of the group they were placed in.

    Returns how many were told. One whose own file puts it into another line obeys no such order,
    and is not asked.
    """
    wanted = (
        select(Terminal.name, Terminal.group, _told.label("told"))
        .where(Terminal.here, _told != Terminal.group)
        .where(~recently(Kind.PLACE, Terminal.group, now))
        .order_by(Terminal.name)
    )
    with engine.connect() as connection:
        rows = (own for own in connection.execute(wanted) if line_of(own.told) == line_of(own[1]))
        orders = [(own.name, own[1]) for own in islice(rows, MOST)]
    return give(desk, Kind.PLACE, orders, now)


def recently(kind: Kind, argument: SQLColumnExpression[str], now: datetime) -> ColumnElement[bool]:
    """Return whether a terminal was given this order a short while ago, for a query of terminals.

    It belongs into the query: who is left out after the first `MOST` were taken leaves everybody
    behind them waiting.
    """
    return exists().where(
        Order.recipient == Terminal.name,
        Order.kind == kind.value,
        Order.argument == argument,
        Order.issued_at > now - AGAIN,
    )


def give(desk: CommandDesk, kind: Kind, orders: Sequence[tuple[str, str]], now: datetime) -> int:
    """Give orders, each a terminal and an argument, until the bus is away; returns how many."""
    for number, (terminal, argument) in enumerate(orders):
        try:
            desk.give(Wanted(recipient=terminal, kind=kind, argument=argument, by=SYSTEM), now)
        except NotGiven:
            return number
    return len(orders)
