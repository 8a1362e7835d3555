"""What persons may do with rollouts; each act is one transaction with its entry in the journal.

Whether somebody's role has the right is asked by who calls; here is asked what a role cannot say:
that the second person is another one than who began or asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, Engine

from fleet import journal
from fleet.errors import FleetError, RepositoryRefused
from fleet.release import holding
from fleet.release.repository import Repository
from fleet.rollouts import ledger, placing
from fleet.rollouts.course import ENDED, Ask, Asked, Course, Event, Ring, Step
from fleet.rollouts.gate import Limits
from fleet.rollouts.ledger import Entry, Row
from fleet.rollouts.limits import written
from kiosk.status.rings import line_of

FEW: Final = 3
FIRST_SHARE: Final = 0.1
"""A first ring has so many terminals, or such a share of its line, at most."""


class NotAllowed(FleetError):
    """Another person has to do it."""


class NotNow(FleetError):
    """It makes no sense where the rollout stands; whoever asked reads it anew."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """A rollout that somebody wants.

    Attributes:
        release: name of a release that is staged and signed.
        note: what it is for, for people.
        by: work number.
        limits: of its gates.
    """

    release: str
    note: str
    by: str
    limits: Limits


def begin(
    engine: Engine, repository: Repository, wanted: Wanted, now: datetime | None = None
) -> int:
    """Write a rollout down; who carries it takes it from there. Returns its number.

    Raises:
        NotSigned, RepositoryRefused: the release is not ready.
        NotNow: it was rolled out before, another one goes through the same rings, or its first ring
            is so large that it would be out before a second person is asked.
    """
    now = now or datetime.now(UTC)
    try:
        groups = holding.rings_of(repository, wanted.release)
    except RepositoryRefused as error:
        raise NotNow(str(error)) from error
    digests = {own.group: own.digest for own in holding.staged_parts(repository)}
    rings = tuple(Ring(group=group, digest=digests[group]) for group in groups)
    with engine.execution_options(writes=True).begin() as connection:
        if wanted.release in ledger.names(connection):
            raise NotNow(f"{wanted.release} 已经发布过；改名重新打包、签名再发布")
        if taken := ledger.groups_under_way(connection) & set(groups):
            raise NotNow(f"{'、'.join(sorted(taken))} 还有别的发布没有结束")
        _demand_small(connection, groups[0])
        course = Course(rings=rings, limits=wanted.limits)
        number = ledger.add(
            connection, wanted.release, course, note=wanted.note[:200], by=wanted.by, now=now
        )
        detail = " → ".join(groups)
        subject = f"{wanted.release} #{number}"
        journal.append(connection, wanted.by, "rollout_begun", subject, detail=detail, at=now)
        if told := written(wanted.limits):
            journal.append(connection, wanted.by, "rollout_limited", subject, detail=told, at=now)
    return number


def _demand_small(connection: Connection, first: str) -> None:
    """Refuse a first ring that is most of its line: nobody but a second person widens a release."""
    counted = {
        group: count
        for group, count in placing.counted(connection).items()
        if line_of(group) == line_of(first)
    }
    most = max(FEW, int(FIRST_SHARE * sum(counted.values())))
    if counted.get(first, 0) > most:
        raise NotNow(
            f"第一圈有 {counted[first]} 台，最多只能 {most} 台；请先重新分圈，或者也给前面的圈打包"
        )


def approve(engine: Engine, number: int, by: str, now: datetime | None = None) -> Row:
    """Let what was asked for happen, as the second person.

    Raises:
        NotAllowed: they began the rollout, or asked for this themselves.
        NotNow: nothing waits for a second person.
    """

    def how(row: Row) -> tuple[Course, Entry]:
        asked = row.course.asked
        if asked is None:
            raise NotNow("现在没有要批准的事")
        if by in {row.by, asked.by}:
            raise NotAllowed("开始发布或提出申请的人不能自己批准，请另一位审批员批准")
        course = row.course
        if asked.what is Ask.BACK:
            after = course.to(Event.BACK_APPROVED, why="person")
        else:
            skipped = course.skipped
            if asked.what is Ask.SKIP:
                skipped = (*skipped, course.at)
            after = replace(course.to(Event.APPROVED), skipped=skipped)
        return after, Entry(action="rollout_approved", detail=asked.what.value)

    return ledger.change(engine, number, how, by, now or datetime.now(UTC))


def ask(engine: Engine, number: int, what: Ask, by: str, now: datetime | None = None) -> Row:
    """Ask for what a second person has to approve.

    Raises:
        NotNow: it makes no sense where the rollout stands.
    """

    def how(row: Row) -> tuple[Course, Entry]:
        if not may_be_asked(row.course, what):
            raise NotNow("现在不能申请这件事，请刷新再看")
        asked = Asked(what=what, by=by)
        return replace(row.course, asked=asked), Entry(action="rollout_asked", detail=what.value)

    return ledger.change(engine, number, how, by, now or datetime.now(UTC))


def may_be_asked(course: Course, what: Ask) -> bool:
    """Say whether something can be asked for where a rollout stands."""
    if course.asked is not None and course.asked.what is what:
        return False
    if what is Ask.BACK:
        return course.step is Step.DONE
    is_open = course.at >= 0 and course.rings[course.at].opened_at is not None
    more = course.at + 1 < len(course.rings)
    is_paused_or_watched = course.step in {Step.WATCHING, Step.PAUSED}
    return what is Ask.SKIP and is_paused_or_watched and is_open and more


def pause(engine: Engine, number: int, by: str, now: datetime | None = None) -> Row:
    """Let no further ring begin; what is out stays out and goes on being judged."""
    return _move(engine, number, (Event.PAUSE, "rollout_paused"), by, now)


def resume(engine: Engine, number: int, by: str, now: datetime | None = None) -> Row:
    """Go on where it was paused."""
    return _move(engine, number, (Event.RESUME, "rollout_resumed"), by, now)


def abort(engine: Engine, number: int, by: str, now: datetime | None = None) -> Row:
    """Take back a rollout that has not ended: offered no more, and whoever has it goes back."""
    return _move(engine, number, (Event.STOP, "rollout_stopped"), by, now)


def is_over(course: Course) -> bool:
    """Say whether nothing more happens by itself."""
    return course.step in ENDED


def _move(
    engine: Engine, number: int, what: tuple[Event, str], by: str, now: datetime | None
) -> Row:
    event, action = what
    why = "person" if event in {Event.PAUSE, Event.STOP} else ""
    return ledger.change(
        engine,
        number,
        lambda row: (row.course.to(event, why=why), Entry(action=action)),
        by,
        now or datetime.now(UTC),
    )
