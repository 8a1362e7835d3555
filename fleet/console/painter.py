"""Paints releases for the console: one at a time, a few waiting, and never in a request.

A picture takes seconds of a core, so it is asked for and looked at later. What did not work is told
until it is asked for again. Nothing of this outlives the console: pictures do, beside the release.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, replace
from typing import Final, Literal

import structlog

from fleet.errors import CannotPaint, FleetError
from fleet.release import previewing
from fleet.release.holding import Part
from fleet.release.painting import Target
from fleet.release.previewing import Wanted
from fleet.release.repository import Repository

WAITING: Final = 4
"""How many may wait; who asks for more is told to come back."""
TOLD: Final = 20
"""How many that did not work are remembered."""

log = structlog.get_logger()


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What is asked for, and how it stands.

    Attributes:
        digest: of the pack.
        target: which terminal.
        step: whether it waits, is painted, or failed.
        problem: why it failed.
        here: it failed for want of a display or of OpenGL on this machine.
    """

    digest: str
    target: Target
    step: Literal["waiting", "painting", "failed"] = "waiting"
    problem: str = ""
    here: bool = False


class Painter:
    """Does what was asked for in a thread of its own, which ends when nothing is left."""

    def __init__(self) -> None:
        """Begin with nothing to do."""
        self._lock = threading.Lock()
        self._jobs: dict[tuple[str, Target], Job] = {}
        self._left: deque[tuple[Repository, Part, Job]] = deque()
        self._busy = False

    def ask(self, repository: Repository, part: Part, target: Target) -> bool:
        """Let a terminal be painted under a release; False: too much waits already."""
        job = Job(digest=part.digest, target=target)
        with self._lock:
            known = self._jobs.get((part.digest, target))
            if known is not None and known.step != "failed":
                return True
            if len(self._left) >= WAITING:
                return False
            self._jobs[part.digest, target] = job
            self._left.append((repository, part, job))
            if not self._busy:
                self._begin(job)
        return True

    def jobs(self, digest: str) -> tuple[Job, ...]:
        """Return what is not done of a pack, in the order in which it was asked for."""
        with self._lock:
            return tuple(job for job in self._jobs.values() if job.digest == digest)

    def _begin(self, job: Job) -> None:
        """Start the thread for a job, before which nothing waits; the lock is held."""
        try:
            threading.Thread(target=self._run, name="painter", daemon=True).start()
        except RuntimeError as error:  # this machine has no thread left
            log.warning("not_painted", problem=str(error))
            self._left.clear()
            self._jobs[job.digest, job.target] = _unforeseen(job, error)
        else:
            self._busy = True

    def _run(self) -> None:
        while (own := self._next()) is not None:
            repository, part, job = own
            failed: Job | None = None
            try:
                failed = _tried(repository, part, job)
            except Exception as error:  # the last place: one odd pack must not end all painting
                log.exception("painting_failed", release=part.release, group=part.group)
                failed = _unforeseen(job, error)
            finally:
                self._done(job, failed)

    def _done(self, job: Job, failed: Job | None) -> None:
        with self._lock:
            del self._jobs[job.digest, job.target]
            if failed is not None:
                self._jobs[job.digest, job.target] = failed
                self._forget()

    def _next(self) -> tuple[Repository, Part, Job] | None:
        with self._lock:
            if not self._left:
                self._busy = False
                return None
            repository, part, job = self._left.popleft()
            self._jobs[job.digest, job.target] = replace(job, step="painting")
            return repository, part, job

    def _forget(self) -> None:
        failed = [key for key, job in self._jobs.items() if job.step == "failed"]
        for key in failed[:-TOLD]:
            del self._jobs[key]


def _tried(repository: Repository, part: Part, job: Job) -> Job | None:
    """Paint and keep; returns what failed."""
    try:
        wanted = Wanted(pack=part.pack, before=None, published=repository, target=job.target)
        previewing.keep(wanted, repository)
    except (FleetError, OSError) as error:  # the pack may be gone by now: published, withdrawn
        log.warning("not_painted", release=part.release, group=part.group, problem=str(error))
        here = isinstance(error, CannotPaint)
        return replace(job, step="failed", problem=str(error), here=here)
    return None


def _unforeseen(job: Job, error: Exception) -> Job:
    """Return a job that failed by a fault of this program, which the log has."""
    problem = f"程序出错了（{type(error).__name__}），原因在控制台的日志里，请告诉管理员。"
    return replace(job, step="failed", problem=problem)
