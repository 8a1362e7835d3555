"""The jobs of a simulated A4 printer, and the thread that prints them page by page."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drivers.a4.ipp import Group, GroupTag, Tag, attribute
from drivers.a4.job import JobState
from drivers.simulated.a4_printer_condition import Accident, PaperState

MOST_JOBS = 200

_LOOK_S = 0.02
_ENDED = frozenset({JobState.CANCELED, JobState.ABORTED, JobState.COMPLETED})


@dataclass(slots=True)
class Job:
    """One job."""

    number: int
    status: JobState = JobState.PENDING
    document: bytes = b""
    pages: int = 0
    out: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status in _ENDED

    def group(self) -> Group:
        """Return what is told of it."""
        reason = {
            JobState.STOPPED: "printer-stopped",
            JobState.COMPLETED: "job-completed-successfully",
            JobState.CANCELED: "job-canceled-by-user",
            JobState.ABORTED: "aborted-by-system",
        }.get(self.status, "none")
        told = (
            attribute("job-id", Tag.INTEGER, self.number),
            attribute("job-state", Tag.ENUM, int(self.status)),
            attribute("job-state-reasons", Tag.KEYWORD, reason),
            attribute("job-impressions-completed", Tag.INTEGER, self.out),
        )
        return Group(tag=GroupTag.JOB, attributes=told)

    def state(self) -> dict[str, object]:
        """Return it for the control page."""
        return {"id": self.number, "state": self.status.name.lower(), "pages": self.pages}


class Press:
    """Takes jobs, prints them one after another on a thread of its own."""

    def __init__(self, condition: PaperState, papers: Path, pull: Callable[[], None]) -> None:
        self._condition = condition
        self._place = papers
        self._pull = pull
        self._lock = threading.RLock()
        self._jobs: dict[int, Job] = {}
        self._last = 0
        self._printed: list[bytes] = []
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="simulated a4", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def changing(self) -> Iterator[None]:
        """Hold everything still for a moment."""
        with self._lock:
            yield

    def create(self) -> Job:
        """Return a new job without a document; of more than `MOST_JOBS` the oldest go."""
        with self._lock:
            self._last += 1
            job = self._jobs[self._last] = Job(self._last)
            while len(self._jobs) > MOST_JOBS:
                del self._jobs[next(iter(self._jobs))]
        return job

    def load(self, job: Job, document: bytes, pages: int) -> None:
        """Give a job its document: it will be printed."""
        with self._lock:
            job.document, job.pages = document, pages

    def find(self, number: int | None) -> Job | None:
        """Return the job of that number."""
        return self._jobs.get(number or 0)

    def end(self, job: Job, status: JobState) -> None:
        """End a job; its document goes."""
        with self._lock:
            job.status, job.document = status, b""

    def jobs(self) -> list[Job]:
        """Return every job."""
        with self._lock:
            return list(self._jobs.values())

    def papers(self) -> tuple[bytes, ...]:
        """Return the documents that came out whole."""
        with self._lock:
            return tuple(self._printed)

    def befall(self, accident: Accident) -> None:
        """Let an accident happen now."""
        self._condition.befall(accident)
        if accident is Accident.UNPLUG:
            self._pull()

    @property
    def printing(self) -> bool:
        """Whether a job is being printed."""
        return any(job.status is JobState.PROCESSING for job in self.jobs())

    def close(self) -> None:
        """End the thread."""
        self._ending.set()
        self._thread.join(2)

    # -- the thread -------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._ending.wait(_LOOK_S):
            job = next((one for one in self.jobs() if one.document and not one.ended), None)
            if job is not None:
                self._print(job)

    def _print(self, job: Job) -> None:
        while not job.ended and not self._ending.is_set():
            with self._lock:
                self._strike(job)
                stopped = self._condition.stopped or not self._condition.plugged
                if not job.ended:
                    job.status = JobState.STOPPED if stopped else JobState.PROCESSING
            if stopped:
                self._ending.wait(_LOOK_S)
                continue
            self._ending.wait(self._condition.page_s)
            with self._lock:
                if not job.ended and not self._condition.stopped:
                    job.out += 1
                    self._finish(job)

    def _strike(self, job: Job) -> None:
        """Let the accident happen that is planned for this page."""
        accident = None if job.ended else self._condition.planned(job.out)
        if accident in (Accident.ABORT, Accident.REJECT):
            self.end(job, JobState.ABORTED)
        elif accident is not None:
            self.befall(accident)

    def _finish(self, job: Job) -> None:
        if job.out < job.pages:
            return
        self._printed.append(job.document)
        self._place.mkdir(parents=True, exist_ok=True)
        (self._place / f"a4-{len(self._printed)}.pdf").write_bytes(job.document)
        self.end(job, JobState.COMPLETED)
