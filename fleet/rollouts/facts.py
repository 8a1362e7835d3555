"""What a gate judges by, counted by the database from what terminals reported."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    and_,
    case,
    exists,
    func,
    literal,
    select,
    type_coerce,
)

from fleet.rollouts.counts import Counts
from fleet.rollouts.course import Course, Ring
from fleet.rollouts.gate import SAMPLE, Facts, Limits
from fleet.rollouts.standing import FAILED, SILENCE, Seen, Standing, Tally, standing
from fleet.store.model import Alarm, Day, Terminal
from fleet.terminals.days import day_of
from fleet.terminals.holding import in_maintenance_until
from fleet.terminals.level import GONE, Level
from kiosk.database import Utc

_WEEK: Final = timedelta(days=7)
_wanted: Final = Terminal.state["update"]["wanted"].as_string()
_step: Final = Terminal.state["update"]["step"].as_string()
_why: Final = Terminal.state["update"]["why"].as_string()
TOLD: Final = 50
"""Most terminals that are named on a page."""


class Visits:
    """Sums of all groups of a course, counted once for each day from which they are asked."""

    def __init__(self, connection: Connection, course: Course) -> None:
        self._connection = connection
        self._groups = [ring.group for ring in course.rings]
        self._known: dict[date, Mapping[str, Counts]] = {}

    def since(self, at: datetime) -> Mapping[str, Counts]:
        """Return the sums of each group from the day of ``at`` on."""
        day = day_of(at)
        if day not in self._known:
            self._known[day] = visits_by_group(self._connection, self._groups, at)
        return self._known[day]


def of_ring(
    connection: Connection,
    course: Course,
    ring: Ring,
    release: str,
    now: datetime,
    *,
    sums: Visits,
) -> Facts:
    """Return what an open ring is judged by; ``sums`` are shared by the rings of a course."""
    if ring.opened_at is None:
        raise ValueError(f"{ring.group} is not open")
    counted = sums.since(ring.opened_at)
    own = counted[ring.group].since(ring.own)
    inside = [own.group for own in course.inside if own.group in ring.elsewhere]
    others = sum((counted[one].since(ring.elsewhere[one]) for one in inside), Counts())
    if others.visits < SAMPLE:
        others = _week_before(connection, ring)
    return Facts(
        number=course.rings.index(ring),
        opened=ring.opened_at,
        tally=tally(connection, ring, release, course.limits, now),
        own=own,
        others=others,
    )


def tally(connection: Connection, ring: Ring, release: str, limits: Limits, now: datetime) -> Tally:
    """Count how the terminals of an open ring fare; a few rows, whatever their number."""
    # of when somebody came or went only what decides is grouped by
    late, silent = timedelta(seconds=limits.late_s), SILENCE
    sooner = literal(now - min(late, silent), Utc())
    later = literal(now - max(late, silent), Utc())
    newly = case(
        (Terminal.here_at > sooner, Terminal.here_at),
        (Terminal.here_at > later, sooner),
        else_=later,
    )
    inner = (
        select(*_columns(ring, release, now), type_coerce(newly, Utc()).label("here_at"))
        .where(Terminal.group == ring.group)
        .subquery()
    )
    wanted = select(*inner.c, func.count().label("terminals")).group_by(*inner.c)
    return Tally.of(
        (_standing(row, ring, limits, now), row.terminals) for row in connection.execute(wanted)
    )


def members(connection: Connection, group: str) -> int:
    """Return how many terminals a ring has."""
    count = select(func.count()).select_from(Terminal).where(Terminal.group == group)
    return int(connection.scalar(count) or 0)


def failed(
    connection: Connection, ring: Ring, release: str, limits: Limits, now: datetime
) -> Sequence[tuple[Any, Standing]]:
    """Return terminals of an open ring that failed, with title, site and why; the first of them."""
    wanted = (
        select(
            *(Terminal.name, Terminal.title, Terminal.site, Terminal.here_at),
            *(*_columns(ring, release, now), _why.label("why")),
        )
        .where(Terminal.group == ring.group, _wanted == release)
        .where(_step.in_(["rolled_back", "refused"]) | ~Terminal.here | _is_ill(ring))
        .order_by(Terminal.name)
        .limit(10 * TOLD)
    )
    told = ((row, _standing(row, ring, limits, now)) for row in connection.execute(wanted))
    return [(row, own) for row, own in told if own in FAILED][:TOLD]


def has_it(
    connection: Connection,
    groups: Collection[str],
    release: str,
    unless: ColumnElement[bool],
    most: int,
) -> Sequence[str]:
    """Return terminals of these groups that are there and have a release in force.

    Args:
        connection: to the fleet's database.
        groups: of the release.
        release: its name.
        unless: who is left out, before they are counted.
        most: how many are returned.
    """
    wanted = (
        select(Terminal.name)
        .where(Terminal.group.in_(list(groups)), Terminal.here)
        .where(_wanted == release, _step.in_(["trial", "committed"]), ~unless)
        .order_by(Terminal.name)
        .limit(most)
    )
    return connection.scalars(wanted).all()


def still_out(connection: Connection, group: str, release: str) -> int:
    """Return how many terminals of a group have a release in force, there or not."""
    count = select(func.count()).select_from(Terminal).where(Terminal.group == group)
    has = count.where(_wanted == release, _step.in_(["trial", "committed"]))
    return int(connection.scalar(has) or 0)


def visits(connection: Connection, group: str, since: datetime) -> Counts:
    """Return the sums of days of a group's terminals, from the day of ``since`` on."""
    return visits_by_group(connection, [group], since)[group]


def visits_by_group(
    connection: Connection, groups: Collection[str], since: datetime
) -> Mapping[str, Counts]:
    """Return the same of each of these groups."""
    return _sums(connection, groups, Day.day >= day_of(since))


def _week_before(connection: Connection, ring: Ring) -> Counts:
    if ring.opened_at is None:
        return Counts()
    first, last = day_of(ring.opened_at - _WEEK), day_of(ring.opened_at)
    return _sums(connection, [ring.group], and_(Day.day >= first, Day.day < last))[ring.group]


def _sums(
    connection: Connection, groups: Collection[str], days: ColumnElement[bool]
) -> Mapping[str, Counts]:
    wanted = (
        select(
            Terminal.group,
            *(func.sum(own).label(own.key) for own in (Day.visits, Day.submitted, Day.crashed)),
        )
        .join(Terminal, Terminal.name == Day.terminal)
        .where(Terminal.group.in_(list(groups)), days)
        .group_by(Terminal.group)
    )
    sums = dict.fromkeys(groups, Counts())
    for group, *own in connection.execute(wanted):
        visits, submitted, crashed = map(int, own)
        sums[group] = Counts(visits=visits, submitted=submitted, crashed=crashed)
    return sums


def _columns(ring: Ring, release: str, now: datetime) -> tuple[ColumnElement[Any], ...]:
    """Return what says how a terminal fares: its step, is it there, is it ill, is it worked at."""
    return (
        case((_wanted == release, _step), else_="").label("step"),
        Terminal.here.label("here"),
        _is_ill(ring).label("ill"),
        in_maintenance_until(now).is_not(None).label("at_work"),
    )


def _is_ill(ring: Ring) -> Exists:
    return exists().where(
        Alarm.terminal == Terminal.name,
        Alarm.ended_at.is_(None),
        Alarm.level >= int(Level.ALL),
        Alarm.fault != GONE,
        Alarm.began_at >= ring.opened_at,
    )


def _standing(row: Any, ring: Ring, limits: Limits, now: datetime) -> Standing:
    if ring.opened_at is None:
        raise ValueError(f"{ring.group} is not open")
    seen = Seen(
        step=row.step or "",
        here=row.here,
        here_at=row.here_at,
        ill=bool(row.ill),
        at_work=bool(row.at_work),
    )
    return standing(seen, ring.opened_at, now, timedelta(seconds=limits.late_s))
