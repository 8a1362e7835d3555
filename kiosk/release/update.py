"""One update from the first look to the end of its trial; to be started again at any time.

Theory of operation. ``run`` first finishes what the course file says was begun, then looks for a
newer release, and carries it on stage by stage::

    fetched    the pack is here, and is what its group's signers signed
    verified   it lies in a generation of its own, within limits, down to the disk
    checked    ``kiosk check-release`` took it: settings, catalogue, devices, every page
    staged     ready for a moment at which it may begin
    trial      in force, and watched; sessions from the next one on read it
    committed  in force
    rolled_back, refused   the one before is in force; this one is not tried again

Every stage is written down before it is acted on, and acting on it again does no harm: the process
may be killed or the power cut between any two writes. A machine that starts again and again during
a trial is ill, too.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk.release import course as courses
from kiosk.release import durable, wishes
from kiosk.release.course import Course, Stage, in_force
from kiosk.release.errors import NoRoom, Unusable
from kiosk.release.fetching import Stick, Web
from kiosk.release.generations import Generations
from kiosk.release.health import Health, State
from kiosk.release.offer import Offer
from kiosk.release.reasons import Reason
from kiosk.release.software import SoftwareInForce
from kiosk.release.trust import PACK, Trust
from kiosk.release.unpacking import MOST_BYTES, unpack

Check = Callable[[Path], None]
"""Holds a generation against the terminal's validators; raises ``Unusable``."""
Visit = Callable[[Path, Path | None], None]
"""Plays a visit under a generation, held against the one before; raises ``Unusable``."""
MOST_TRIALS: Final = 3
"""Starts during one trial; one more, and the machine is taken to be restarted by the release."""
MOST_CHECKS: Final = 5
"""Checks of one release that were begun and never ended: it takes the machine with it."""
LOOK_S: Final = 5.0
RESERVE: Final = 256 * 1024 * 1024
"""Bytes that a release leaves to submissions."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """How a terminal updates.

    Attributes:
        folder: of releases.
        group: which releases are for this terminal.
        check: the validators.
        health: how the terminal is under a release on trial.
        visit: plays a visit when a trial begins; None: none is played.
        software: changes the software; None: nobody can, and no process is restarted.
        at_start: tells what processes read when they start, as one text a configuration.
        trial_s: seconds of a trial; 0: none is held.
        reserve: bytes of the disk that stay free.
        moment: whether a staged release may begin now.
        pause: waits so many seconds.
        now: the time.
    """

    folder: Path
    group: str
    check: Check
    health: Health
    visit: Visit | None = None
    software: SoftwareInForce | None = None
    at_start: Callable[[Path | None], str] = lambda _generation: ""
    trial_s: float = 600.0
    reserve: int = RESERVE
    moment: Callable[[], bool] = lambda: True
    pause: Callable[[float], object] = field(default_factory=lambda: threading.Event().wait)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


class Update:
    """Carries a terminal from one release to the next."""

    def __init__(self, manner: Manner) -> None:
        """Take how it is done; nothing is touched yet."""
        self._manner = manner
        self._folder = manner.folder

    def run(self, root: bytes, source: Web | Stick, confirmed: str = "") -> Course:
        """Finish what was begun, look for a newer release, and carry it to its end.

        Args:
            root: the root document of installation.
            source: where releases come from.
            confirmed: the digest that somebody said yes to; empty: any that is signed.

        Raises:
            Unusable: another release is there than was confirmed; it may be offered again.
            Unreachable, Stale, Untrusted, NoRoom: as they say; what is in force stays.
        """
        with self._alone():
            course = self._carry(self._found())
            trust = Trust(self._folder, root, source)
            offer = trust.offer(self._manner.group)
            if offer is None or self._is_known(course, offer):
                return course
            if confirmed and offer.digest != confirmed:
                raise Unusable(f"{offer.name} is another release than was confirmed")
            self._demand_room(offer.length + MOST_BYTES)
            trust.fetch()
            if offer.software is not None and self._needs_software(offer):
                self._demand_room(MOST_BYTES + 5 * offer.software.length)
                trust.fetch_software(offer.software)
            number = self._generations.fresh(course.generation, course.before)
            return self._carry(self._keep(course.begun(offer, number, self._now())))

    def finish(self) -> Course:
        """Finish what was begun, without looking for anything newer."""
        with self._alone():
            return self._carry(self._found())

    def back(self, why: str) -> Course:
        """Go back from a committed release to the one before, by staff's or the fleet's order.

        Raises:
            Unusable: none is in force, or the one before is not there.
        """
        with self._alone():
            course = self._found()
            if course.stage is not Stage.COMMITTED:
                raise Unusable(f"nothing to go back from: {course.stage}")
            return self._roll_back(course, why, Reason.ORDER)

    # ---- stages

    def _carry(self, course: Course) -> Course:
        """Carry a course on until it ends or has to wait."""
        steps: dict[Stage, Callable[[Course], Course]] = {
            Stage.FETCHED: self._verify,
            Stage.VERIFIED: self._check,
            Stage.CHECKED: lambda own: self._keep(own.to(Stage.STAGED, self._now())),
            Stage.STAGED: self._begin,
            Stage.TRIAL: self._watch,
        }
        while course.stage in steps:
            after = steps[course.stage](course)
            if after == course:
                return course
            course = after
        self._generations.keep({course.generation, course.before, in_force(course)})
        return course

    def _verify(self, course: Course) -> Course:
        """Unpack the pack that was fetched into a generation of its own."""
        pack, offer = self._folder / "incoming" / PACK, course.offer
        if offer is None or not _is(pack, offer.digest):
            return self._keep(Course(before=in_force(course), refused=course.refused))
        try:
            with durable.room():
                told = unpack(pack, self._generations.half(course.generation))
                self._generations.finish(course.generation)
            if told.group != offer.group:
                raise Unusable(f"made for group {told.group}")
        except Unusable as error:
            return self._refuse(course, error)
        except NoRoom:
            shutil.rmtree(self._generations.half(course.generation), ignore_errors=True)
            raise
        return self._keep(course.to(Stage.VERIFIED, self._now()))

    def _check(self, course: Course) -> Course:
        if course.trials >= MOST_CHECKS:
            words = f"its check did not end {course.trials} times"
            return self._refuse(course, Unusable(words, Reason.CHECK_HANGS))
        course = self._keep(replace(course, trials=course.trials + 1))
        try:
            self._install(course)
            self._manner.check(self._generations.path(course.generation))
        except Unusable as error:
            return self._refuse(course, error)
        return self._keep(replace(course.to(Stage.CHECKED, self._now()), trials=0))

    def _begin(self, course: Course) -> Course:
        """Put a staged release in force, at a moment at which it may be."""
        if not self._manner.moment():
            return course
        trial = course.to(Stage.TRIAL, self._now())
        before = self._software_version if self._changes_software(course) else ""
        owes = bool(before) or self._restarts(course)
        return self._in_force(replace(trial, software_before=before, owes=owes))

    def _watch(self, course: Course) -> Course:
        """Hold the trial; nothing but time and health ends it."""
        if self._manner.trial_s <= 0:
            return self._keep(course.to(Stage.COMMITTED, self._now()))
        if course.trials >= MOST_TRIALS:
            words = f"started {course.trials + 1} times during its trial"
            return self._roll_back(course, words, Reason.RESTARTED)
        course = self._keep(replace(course, trials=course.trials + 1))
        wrong = self._wrong(course)
        if wrong is not None:
            return self._roll_back(course, *wrong)
        if self._manner.software is not None and course.software_before:
            self._manner.software.keep(self._manner.software.version)
        return self._keep(course.to(Stage.COMMITTED, self._now()))

    def _wrong(self, course: Course) -> tuple[str, str] | None:
        """Watch a release for its time; return why to go back and the word for it, or None."""
        try:
            self._play(course)
        except Unusable as stopped:
            return str(stopped), stopped.reason
        left = self._manner.trial_s
        while True:
            if wish := wishes.back_from(self._folder, course):
                return wish, Reason.ORDER
            verdict = self._manner.health.look(course.since)
            if verdict.state is State.ILL:
                return verdict.why, verdict.code
            if left <= 0:
                return None if verdict.state is State.WELL else (verdict.why, verdict.code)
            self._manner.pause(min(LOOK_S, left))
            left -= LOOK_S

    def _play(self, course: Course) -> None:
        """Play a visit under what is on trial; raises `Unusable` where it comes to no end."""
        if self._manner.visit is None:
            return
        before = self._generations.path(course.before) if course.before else None
        self._manner.visit(self._generations.path(course.generation), before)

    def _refuse(self, course: Course, error: Unusable) -> Course:
        to = course.to(Stage.REFUSED, self._now(), why=str(error), code=error.reason)
        return self._keep(to)

    def _roll_back(self, course: Course, why: str, code: str) -> Course:
        to = course.to(Stage.ROLLED_BACK, self._now(), why=why, code=code)
        owes = bool(course.software_before) or self._restarts(course)
        return self._in_force(replace(to, owes=owes))

    # ---- what is in force

    def _found(self) -> Course:
        """Return the course as a start finds it, with the name ``current`` as it has to be."""
        course = courses.read(self._folder)
        wanted = in_force(course)
        if course.stage is Stage.IDLE and not wanted:
            wanted = self._generations.current  # the file was lost: what is in force stays
            course = replace(course, before=wanted)
        if wanted and not self._generations.path(wanted).is_dir():
            course = self._keep(Course(refused=course.refused))
            wanted = 0
        self._generations.put_in_force(wanted)
        return self._wished(self._settled(course))

    def _wished(self, course: Course) -> Course:
        """Go back from a committed release where the centre asked for it; the wish ends here."""
        wish = wishes.back_from(self._folder, course)
        if wish and course.stage is Stage.COMMITTED:
            course = self._roll_back(course, wish, Reason.ORDER)
        if course.stage is not Stage.TRIAL:
            wishes.forget(self._folder)
        return course

    def _in_force(self, course: Course) -> Course:
        self._keep(course)
        self._generations.put_in_force(in_force(course))
        return self._settled(course)

    def _settled(self, course: Course) -> Course:
        """Let software and processes follow what is in force, where that was not done yet.

        The configuration goes first: sessions that begin meanwhile may not understand it and say
        so, but what a release is judged by begins with its trial, and everybody is restarted then.
        """
        software = self._manner.software
        if not course.owes or software is None:
            return course
        if ends := self._ends_unsettled(course):
            return self._roll_back(course, *ends)
        trials = course.trials
        if course.stage is Stage.TRIAL:  # a start counts before it may fail, or be cut off
            course = self._keep(replace(course, trials=trials + 1))
        try:
            self._switch(course, software)
        except Unusable as error:
            if course.stage is not Stage.TRIAL:
                raise
            return self._roll_back(course, str(error), error.reason)
        software.restart()
        return self._keep(replace(course, owes=False, since=self._now(), trials=trials))

    def _ends_unsettled(self, course: Course) -> tuple[str, str] | None:
        """Why a trial that nothing followed yet is over, and the word for it; None: it goes on."""
        if course.stage is not Stage.TRIAL:
            return None
        if wish := wishes.back_from(self._folder, course):
            return wish, Reason.ORDER
        if course.trials >= MOST_TRIALS:
            return f"not restarted in {course.trials} starts of its trial", Reason.RESTARTED
        return None

    @staticmethod
    def _switch(course: Course, software: SoftwareInForce) -> None:
        """Let the version run that belongs to the stage, where the release names one."""
        if not (course.software_before and course.offer and course.offer.software):
            return
        if course.stage is Stage.TRIAL:
            software.switch(course.offer.software.version)
        else:
            software.switch(course.software_before)
            software.keep(course.software_before)

    def _keep(self, course: Course) -> Course:
        with durable.room():
            return courses.keep(self._folder, course)

    def _is_known(self, course: Course, offer: Offer) -> bool:
        if offer.digest in course.refused:
            return True
        own = course.offer
        return own is not None and own.digest == offer.digest and course.stage is not Stage.IDLE

    # ---- software

    @property
    def _software_version(self) -> str:
        return self._manner.software.version if self._manner.software is not None else ""

    def _needs_software(self, offer: Offer) -> bool:
        """Whether a package has to come: one is named that is not in force."""
        named = offer.software is not None and offer.software.version != self._software_version
        return named and self._manner.software is not None

    def _changes_software(self, course: Course) -> bool:
        return course.offer is not None and self._needs_software(course.offer)

    def _install(self, course: Course) -> None:
        """Have the package put beside the version in force; raises `Unusable`."""
        offer = course.offer
        if offer is None or offer.software is None:
            return
        if self._manner.software is None:
            raise Unusable("the software can't be changed here", Reason.NO_SOFTWARE)
        if offer.software.version != self._software_version:
            self._manner.software.install(offer)

    def _restarts(self, course: Course) -> bool:
        """Whether processes read something at their start that this release changes."""
        if self._manner.software is None:
            return False
        both = (course.generation, course.before)
        paths = [self._generations.path(own) if own else None for own in both]
        now, before = map(self._manner.at_start, paths)
        return now != before

    # ---- the folder

    @property
    def _generations(self) -> Generations:
        return Generations(self._folder)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let one update run at a time."""
        with durable.room():
            self._folder.mkdir(parents=True, exist_ok=True)
            lock = (self._folder / ".lock").open("w")
        with lock, durable.room():
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _demand_room(self, need: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if free < need + self._manner.reserve:
            raise NoRoom(f"{free} bytes free; {need + self._manner.reserve} are needed")

    def _now(self) -> str:
        return self._manner.now().isoformat(timespec="seconds")


def _is(pack: Path, digest: str) -> bool:
    try:
        return hashlib.sha256(pack.read_bytes()).hexdigest() == digest
    except OSError:
        return False
