"""Finding terminals: lists of any length, by indexed columns, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Engine, Select, case, func, or_, select, update

from fleet.store.model import Alarm, Terminal
from fleet.terminals.holding import held_until, in_maintenance_until
from fleet.terminals.level import Level
from fleet.terminals.parts import in_parts

PAGE: Final = 50
ORDERS: Final = {
    "level": (Terminal.level.desc(), Terminal.name),
    "name": (Terminal.name,),
    "visits": (Terminal.visits.desc(), Terminal.name),
    "waiting": (Terminal.waiting.desc(), Terminal.name),
    "release": (Terminal.release, Terminal.name),
}
_COLUMNS: Final = (
    *(Terminal.name, Terminal.title, Terminal.site, Terminal.kind, Terminal.jurisdiction),
    *(Terminal.group, Terminal.ring, Terminal.here, Terminal.here_at, Terminal.seen_at),
    *(Terminal.service, Terminal.level, Terminal.software, Terminal.release, Terminal.paper),
    *(Terminal.waiting, Terminal.refused, Terminal.visits),
    *(Terminal.latitude, Terminal.longitude),
)
"""What lists show: not the whole state, which is long."""
_LISTED: Final[Any] = select(*_COLUMNS)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """Which terminals, in which order.

    Attributes:
        words: parts of name, title or site; every one must be there.
        level: this one alone, or none for all.
        group: release group, or empty.
        jurisdiction: code, or empty.
        order: a key of `ORDERS`.
        page: from 1.
    """

    words: str = ""
    level: int | None = None
    group: str = ""
    jurisdiction: str = ""
    order: str = "level"
    page: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A page of terminals, and how many there are in all."""

    rows: Sequence[Any]
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


def find(engine: Engine, wanted: Wanted) -> Found:
    """Return a page of terminals; ``maintained_until`` is the end of a row's open window."""
    start = (max(1, wanted.page) - 1) * PAGE
    with engine.connect() as connection:
        total = connection.scalar(chosen(select(func.count()).select_from(Terminal), wanted))
        until = in_maintenance_until().label("maintained_until")
        rows = connection.execute(
            chosen(_LISTED.add_columns(until), wanted)
            .order_by(*ORDERS.get(wanted.order, ORDERS["level"]))
            .offset(start)
            .limit(PAGE)
        ).all()
    return Found(rows=rows, total=int(total or 0))


def named(engine: Engine, names: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
    """Return what lists show of these terminals, by name."""
    found = dict[str, Mapping[str, Any]]()
    with engine.connect() as connection:
        for part in in_parts(names):
            rows = connection.execute(_LISTED.where(Terminal.name.in_(part))).mappings()
            found |= {row["name"]: dict(row) for row in rows}
    return found


def one(engine: Engine, name: str) -> Any | None:
    """Return all that is known of a terminal; none when there is no such."""
    with engine.connect() as connection:
        return connection.execute(select(Terminal).where(Terminal.name == name)).one_or_none()


def counted(engine: Engine) -> Mapping[int, int]:
    """Return how many terminals are at each level."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(Terminal.level, func.count().label("terminals")).group_by(Terminal.level)
        )
        return dict.fromkeys(Level, 0) | {Level(row.level): row.terminals for row in rows}


def sums(engine: Engine) -> Any:
    """Return sums over all terminals: visits, waiting, refused; and how many want paper."""
    low, out = (func.sum(case((Terminal.paper == word, 1), else_=0)) for word in ("low", "out"))
    with engine.connect() as connection:
        return connection.execute(
            select(
                func.count().label("terminals"),
                func.coalesce(func.sum(Terminal.visits), 0).label("visits"),
                func.coalesce(func.sum(Terminal.waiting), 0).label("waiting"),
                func.coalesce(func.sum(Terminal.refused), 0).label("refused"),
                func.coalesce(low, 0).label("paper_low"),
                func.coalesce(out, 0).label("paper_out"),
            )
        ).one()


def open_alarms(
    engine: Engine, count: int, terminal: str | None = None, *, held: bool = True
) -> Sequence[Any]:
    """Return open alarms, worst and oldest first, with the terminals' titles and sites.

    Args:
        engine: the fleet's database.
        count: most that are returned.
        terminal: of this one alone.
        held: also those that are held (`fleet.terminals.holding`), after all others; each row says
            in ``held_until`` whether it is, and for how long.
    """
    until = held_until()
    wanted = (
        select(Alarm, Terminal.title, Terminal.site, until.label("held_until"))
        .join(Terminal, Terminal.name == Alarm.terminal)
        .where(Alarm.ended_at.is_(None))
        .order_by(until.is_not(None), Alarm.level.desc(), Alarm.began_at)
        .limit(count)
    )
    if terminal is not None:
        wanted = wanted.where(Alarm.terminal == terminal)
    if not held:
        wanted = wanted.where(until.is_(None))
    with engine.connect() as connection:
        return connection.execute(wanted).all()


def alarms_by_fault(engine: Engine, *, held: bool) -> Mapping[str, int]:
    """Return how many alarms are open, by fault: those that are held, or all others."""
    until = held_until()
    wanted = (
        select(Alarm.fault, func.count().label("alarms"))
        .join(Terminal, Terminal.name == Alarm.terminal)
        .where(Alarm.ended_at.is_(None), until.is_not(None) if held else until.is_(None))
        .group_by(Alarm.fault)
    )
    with engine.connect() as connection:
        return {row.fault: int(row.alarms) for row in connection.execute(wanted)}


def alarms_open(engine: Engine, *, held: bool = False) -> int:
    """Return how many alarms are open and not held, or how many are held."""
    return sum(alarms_by_fault(engine, held=held).values())


def in_maintenance(engine: Engine) -> Mapping[Level, int]:
    """Return how many terminals have an open maintenance window, by level."""
    wanted = (
        select(Terminal.level, func.count().label("terminals"))
        .where(in_maintenance_until().is_not(None))
        .group_by(Terminal.level)
    )
    with engine.connect() as connection:
        told = {Level(row.level): row.terminals for row in connection.execute(wanted)}
    return dict.fromkeys(Level, 0) | told


def place(connection: Connection, name: str, values: Mapping[str, Any]) -> bool:
    """Say where a terminal stands and what it belongs to; false when there is no such."""
    done = connection.execute(update(Terminal).where(Terminal.name == name).values(**values))
    return bool(done.rowcount)


def chosen(statement: Select[Any], wanted: Wanted) -> Select[Any]:
    """Return a statement over terminals narrowed to those that are wanted."""
    for word in wanted.words.split()[:5]:
        like = f"%{_literal(word)}%"
        statement = statement.where(
            or_(
                Terminal.name.ilike(like, escape="\\"),
                Terminal.title.ilike(like, escape="\\"),
                Terminal.site.ilike(like, escape="\\"),
            )
        )
    if wanted.level is not None:
        statement = statement.where(Terminal.level == wanted.level)
    if wanted.group:
        statement = statement.where(Terminal.group == wanted.group)
    if wanted.jurisdiction:
        statement = statement.where(Terminal.jurisdiction == wanted.jurisdiction)
    return statement


def _literal(word: str) -> str:
    """Return a word that means itself in LIKE."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
