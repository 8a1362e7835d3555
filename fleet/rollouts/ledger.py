"""The rows of rollouts; each is changed by one at a time, with its entry in the journal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert, select, update

from fleet import journal
from fleet.errors import FleetError
from fleet.rollouts.course import ENDED, Course, Step
from fleet.store.model import Rollout
from kiosk.status.rings import line_of

NOBODY: Final = "-"
"""Who acts by itself, in the journal."""


class NoRollout(FleetError):
    """There is no rollout of that number; whoever asked looks at the list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One rollout.

    Attributes:
        id: its number.
        release: name of the release.
        line: of groups; empty: everybody's.
        note: what it is for.
        by: work number of who began it.
        began_at: when.
        changed_at: when it last took a step.
        course: where it stands.
    """

    id: int
    release: str
    line: str
    note: str
    by: str
    began_at: datetime
    changed_at: datetime
    course: Course


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What the journal says of a change."""

    action: str
    detail: str = ""


Change = Callable[[Row], tuple[Course, Entry | None]]
"""Makes the next course of a row; raises what refuses it."""


def add(
    connection: Connection, release: str, course: Course, *, note: str, by: str, now: datetime
) -> int:
    """Write a new rollout down and return its number."""
    values = {
        "release_version": release,
        "release_group": line_of(course.rings[0].group),
        "note": note,
        "course": course.to_json(),
        "step": course.step.value,
        "begun_by": by,
        "began_at": now,
        "changed_at": now,
    }
    done = connection.execute(insert(Rollout.__table__).values(**values))  # type: ignore[arg-type]
    number = done.inserted_primary_key
    if number is None:
        raise TypeError("a database without numbers of rows")
    return int(number[0])


def change(engine: Engine, number: int, how: Change, by: str, now: datetime) -> Row:
    """Change one rollout in one transaction; whatever refuses it changes nothing.

    Raises:
        NoRollout: there is none.
        FleetError: as ``how`` says.
    """
    with engine.execution_options(writes=True).begin() as connection:
        row = _one(connection, number, alone=True)
        course, entry = how(row)
        if course != row.course:
            connection.execute(
                update(Rollout)
                .where(Rollout.id == number)
                .values(course=course.to_json(), step=course.step.value, changed_at=now)
            )
        if entry is not None:
            subject = f"{row.release} #{number}"
            journal.append(connection, by, entry.action, subject, detail=entry.detail, at=now)
        return _one(connection, number)


def one(engine: Engine, number: int) -> Row:
    """Return a rollout; raises `NoRollout`."""
    with engine.connect() as connection:
        return _one(connection, number)


def newest(engine: Engine, count: int) -> Sequence[Row]:
    """Return rollouts, newest first."""
    with engine.connect() as connection:
        rows = connection.execute(select(Rollout).order_by(Rollout.id.desc()).limit(count))
        return [_row(own) for own in rows]


def under_way(engine: Engine) -> Sequence[Row]:
    """Return rollouts that have not ended, oldest first."""
    ended = [step.value for step in ENDED]
    return _where(engine, Rollout.step.notin_(ended))


def stopped(engine: Engine, since: datetime) -> Sequence[Row]:
    """Return rollouts that came back after a time, oldest first."""
    steps = [Step.STOPPING.value, Step.STOPPED.value]
    return _where(engine, Rollout.step.in_(steps) & (Rollout.changed_at >= since))


def names(connection: Connection) -> frozenset[str]:
    """Return the names of releases that were ever rolled out."""
    return frozenset(connection.scalars(select(Rollout.release)))


def groups_under_way(connection: Connection) -> frozenset[str]:
    """Return the groups of rollouts that have not ended."""
    return frozenset(ring["group"] for course in _courses(connection) for ring in course["rings"])


def groups_reached(connection: Connection) -> frozenset[str]:
    """Return those of them that are open or about to be, the first one from the beginning."""
    return frozenset(
        ring["group"]
        for course in _courses(connection)
        for ring in course["rings"][: max(0, course["at"]) + 1]
    )


def _courses(connection: Connection) -> Sequence[Mapping[str, Any]]:
    """Return where rollouts stand that have not ended."""
    ended = [step.value for step in ENDED]
    return connection.scalars(select(Rollout.course).where(Rollout.step.notin_(ended))).all()


def _where(engine: Engine, clause: Any) -> Sequence[Row]:
    with engine.connect() as connection:
        rows = connection.execute(select(Rollout).where(clause).order_by(Rollout.id))
        return [_row(own) for own in rows]


def _one(connection: Connection, number: int, *, alone: bool = False) -> Row:
    wanted = select(Rollout).where(Rollout.id == number)
    if alone:
        wanted = wanted.with_for_update()  # on SQLite the writing transaction is alone anyway
    found = connection.execute(wanted).one_or_none()
    if found is None:
        raise NoRollout(f"没有第 {number} 号发布")
    return _row(found)


def _row(found: Any) -> Row:
    return Row(
        id=found.id,
        release=found.release_version,
        line=found.release_group,
        note=found.note,
        by=found.begun_by,
        began_at=found.began_at,
        changed_at=found.changed_at,
        course=Course.from_json(found.course),
    )
