"""Carries rollouts: does what follows from where they stand, again and again.

Theory of operation. One look at everything every `LOOK_S`. What a rollout's step allows is done
first and told after: a ring is published, then the row says that it is open; the release is
withdrawn, then the row says so. A stop in between has the same thing done again, which is as if it
had not been done twice. Two carriers do no harm: publications are one at a time, rows change one at
a time, and who comes second finds it done.

The carrier holds the key of the publishing machine, and no other key of releases. It may run inside
the console or, better, beside it as another user (`kiosk-fleet rollout carry`): the console then
only writes wishes into the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from securesystemslib.signer import CryptoSigner
from sqlalchemy import Engine, literal
from sqlalchemy.exc import SQLAlchemyError

from fleet.errors import FleetError
from fleet.orders import CommandDesk
from fleet.release import holding
from fleet.release.comparing import changes
from fleet.release.packing import content
from fleet.release.repository import Repository
from fleet.rollouts import facts, gate, ledger, placing
from fleet.rollouts.course import Course, Event, IllegalStep, Step
from fleet.rollouts.gate import State, Verdict
from fleet.rollouts.ledger import NOBODY, Entry, Row
from kiosk.status.command import Kind

LOOK_S: Final = 5.0
BACK_FOR: Final = timedelta(days=400)
"""How long terminals that come back from a drawer are still asked to give a release back."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Means:
    """What rollouts are carried with.

    Attributes:
        engine: of the fleet's database.
        repository: of releases.
        online: opens the keys of the publishing machine; raises `KeyRefused`.
        check: holds a pack against the terminal's own validators; raises `SourceRefused`.
        desk: gives commands.
        nudge: tells a group's terminals that there is something; says whether it went out.
        connected: whether the bus is there; without it no orders are given.
        now: the time.
    """

    engine: Engine
    repository: Repository
    online: Callable[[], Mapping[str, CryptoSigner]]
    check: Callable[[Path], object]
    desk: CommandDesk
    nudge: Callable[[str, str], bool]
    connected: Callable[[], bool] = lambda: True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Carrier:
    """Carries every rollout; ``start`` and ``stop``, or ``look`` by hand."""

    def __init__(self, means: Means) -> None:
        """Take what it works with."""
        self._means = means
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rollouts", daemon=True)
        self._trouble = ""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join()

    def look(self) -> None:
        """Look at everything once."""
        for row in ledger.under_way(self._means.engine):
            self._guarded(lambda row=row: self._carry(row))  # type: ignore[misc]
        if not self._means.connected():
            return
        self._guarded(self._bring_back)
        self._guarded(lambda: placing.heal(self._means.engine, self._means.desk, self._means.now()))

    def _run(self) -> None:
        while not self._ending.is_set():
            self._guarded(self.look)
            self._ending.wait(LOOK_S)

    def _guarded(self, work: Callable[[], object]) -> None:
        """Do a part; what goes wrong with one rollout must not stop the others."""
        try:
            work()
            self._trouble = ""
        except (FleetError, SQLAlchemyError, OSError) as error:
            trouble = f"{type(error).__name__}: {error}"
            if trouble != self._trouble:
                log.warning("rollout_not_carried", problem=trouble)
            self._trouble = trouble

    # ---- one rollout

    def _carry(self, row: Row) -> None:
        work: dict[Step, Callable[[Row], None]] = {
            Step.BEGUN: self._check,
            Step.OPENING: self._open,
            Step.WATCHING: self._judge,
            Step.ASKING: self._judge,
            Step.PAUSED: self._judge,
            Step.STOPPING: self._withdraw,
        }
        work[row.course.step](row)

    def _check(self, row: Row) -> None:
        """Take the release out of what is staged, and hold it against the terminal's validators."""
        means = self._means
        try:
            holding.hold(
                means.repository, row.release, tuple(ring.group for ring in row.course.rings)
            )
            wanted = {ring.group: ring.digest for ring in row.course.rings}
            seen: set[str] = set()
            for part in holding.held_parts(means.repository, row.release):
                if wanted.get(part.group) != part.digest:
                    raise FleetError(f"{part.group}: another pack than when it was begun")
                what = content(part.pack)
                if what not in seen:
                    means.check(part.pack)
                seen.add(what)
                with suppress(FleetError):  # kept, for whoever asks when it is published
                    changes(means.repository, part)
        except FleetError as error:
            self._move(row, Event.STOP, "rollout_aborted", f"unfit {error}")
            return
        self._move(row, Event.CHECKED, None)

    def _open(self, row: Row) -> None:
        """Publish the ring that is next, and count from where its terminals are compared."""
        means, course = self._means, row.course
        ring = course.rings[course.at]
        digests = {own.digest for own in course.rings}
        before = means.now()
        with means.engine.connect() as connection:
            own = facts.visits(connection, ring.group, before)
            later = [one.group for one in course.inside if one != ring]
            elsewhere = facts.visits_by_group(connection, later, before)
        try:
            holding.open_ring(means.repository, row.release, course.at, means.online(), digests)
        except FleetError as error:
            self._move(row, Event.PAUSE, "rollout_paused", f"unpublished {error}")
            return

        def opened(now: Row) -> tuple[Course, Entry | None]:
            if now.course.at != course.at:
                raise IllegalStep("another ring meanwhile")
            is_new = now.course.rings[course.at].opened_at is None
            entry = Entry(action="rollout_went_on", detail=ring.group) if is_new else None
            return now.course.opened(before, own, elsewhere), entry

        ledger.change(means.engine, row.id, opened, NOBODY, means.now())
        means.nudge(ring.group, row.release)

    def _judge(self, row: Row) -> None:
        """Judge every ring that is out: a bad one takes all back, good ones let the next begin."""
        verdicts = judged(self._means.engine, row, self._means.now())
        for number, verdict in verdicts.items():
            if verdict.state is State.BAD:
                why = f"gate {verdict.why} {row.course.rings[number].group}"
                self._move(row, Event.STOP, "rollout_aborted", why)
                return
        if row.course.step is not Step.WATCHING:
            return
        verdict = verdicts[row.course.at]
        if verdict.state is State.GOOD:
            self._pass(row, verdicts)
        elif verdict.overdue:
            self._move(row, Event.PAUSE, "rollout_paused", "overdue")

    def _pass(self, row: Row, verdicts: Mapping[int, Verdict]) -> None:
        if not row.course.inside:
            holding.forget(self._means.repository, row.release)
            self._end(row, Event.PASSED_LAST, "rollout_done", verdicts)
        elif row.course.at == 0:
            self._move(row, Event.PASSED_FIRST, "rollout_passed")
        else:
            self._move(row, Event.PASSED, None)

    def _withdraw(self, row: Row) -> None:
        means = self._means
        holding.forget(means.repository, row.release)
        digests = {ring.group: ring.digest for ring in row.course.rings}
        holding.withdraw(means.repository, digests, means.online())
        self._end(row, Event.WITHDRAWN, None, judged(means.engine, row, means.now()))

    def _move(self, row: Row, event: Event, action: str | None, why: str = "") -> None:
        """Take a step, unless a person took another one meanwhile."""
        entry = Entry(action=action, detail=why) if action else None
        self._step(row, lambda course: course.to(event, why=why), entry)

    def _end(
        self, row: Row, event: Event, action: str | None, verdicts: Mapping[int, Verdict]
    ) -> None:
        """Take the last step, and keep how the rings fared."""
        tallies = {number: own.tally for number, own in verdicts.items()}
        entry = Entry(action=action) if action else None
        self._step(row, lambda course: course.ended(event, tallies), entry)

    def _step(self, row: Row, after: Callable[[Course], Course], entry: Entry | None) -> None:
        def how(now: Row) -> tuple[Course, Entry | None]:
            if now.course.step is not row.course.step or now.course.at != row.course.at:
                raise IllegalStep(f"{now.course.step} meanwhile")
            return after(now.course), entry

        ledger.change(self._means.engine, row.id, how, NOBODY, self._means.now())

    # ---- all of them

    def _bring_back(self) -> None:
        """Have terminals go back that have a withdrawn release in force, whenever they come."""
        means, now = self._means, self._means.now()
        for row in ledger.stopped(means.engine, now - BACK_FOR):
            groups = [ring.group for ring in row.course.rings]
            told = placing.recently(Kind.RELEASE_WITHDRAWN, literal(row.release), now)
            with means.engine.connect() as connection:
                names = facts.has_it(connection, groups, row.release, told, placing.MOST)
            orders = [(own, row.release) for own in names]
            placing.give(means.desk, Kind.RELEASE_WITHDRAWN, orders, now)


def judged(engine: Engine, row: Row, now: datetime) -> dict[int, Verdict]:
    """Return what the gates of the open rings say, by the ring's number."""
    course = row.course
    with engine.connect() as connection:
        sums = facts.Visits(connection, course)
        return {
            course.rings.index(ring): gate.judge(
                facts.of_ring(connection, course, ring, row.release, now, sums=sums),
                course.limits,
                now,
            )
            for ring in course.out
        }
