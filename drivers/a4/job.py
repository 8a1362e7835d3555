"""A print job: the states it has, what was seen of it, and what is said of it; pure.

States and reasons: RFC 8011 5.3.7 and 5.3.8.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Literal

from drivers.a4.ipp import Group

ATTRIBUTES = (
    "job-state",
    "job-state-reasons",
    "job-impressions-completed",
    "job-media-sheets-completed",
)
"""Attributes of a job that `read` looks at."""


class JobState(IntEnum):
    """``job-state``."""

    UNKNOWN = 0
    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class Ending(StrEnum):
    """Why a document did not come out that no trouble of the printer explains (``errorCode``)."""

    NO_ANSWER = "noAnswer"
    TIMEOUT = "timeout"
    CANCELED = "canceled"
    REJECTED = "rejected"
    """The printer does not take the document."""
    TERMINAL_ERROR = "terminalError"
    """Not the printer's fault: the terminal cannot lay a document out, for it has no fonts."""


Printed = bool | Literal["unknown"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintResult:
    """What became of a document; ``confirmed_by`` is ``printer`` or ``none``."""

    printed: Printed
    pages: int
    confirmed_by: str = "none"
    error_code: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """A job on its way: ``pending``, ``printing`` or ``stopped``, and the pages counted so far."""

    state: str
    pages_out: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What was last heard of a job."""

    state: JobState
    reasons: frozenset[str] = frozenset()
    counted: int = 0
    counts: bool = False
    """Whether pages are counted at all."""
    begun: bool = False

    @property
    def ended(self) -> bool:
        """Whether nothing more will come of it.

        A job that is given up may let a last sheet out.  CUPS keeps that reason on jobs that were
        completed long ago, so it counts only for the others.
        """
        if self.state in (JobState.CANCELED, JobState.ABORTED):
            return "processing-to-stop-point" not in self.reasons
        return self.state is JobState.COMPLETED


def read(job: Group | None, before: Seen, *, connecting: bool) -> Seen:
    """Return what a job's attributes tell; a job that is not known any more has ended unseen."""
    if job is None:
        return Seen(state=JobState.CANCELED, counted=before.counted, begun=True)
    try:
        state = JobState(job.number("job-state") or 0)
    except ValueError:
        state = JobState.UNKNOWN
    numbers = [job.number("job-impressions-completed"), job.number("job-media-sheets-completed")]
    counted = max(before.counted, *(number or 0 for number in numbers))
    at_work = state in (JobState.PROCESSING, JobState.STOPPED) and not connecting
    return Seen(
        state=state,
        reasons=frozenset(job.words("job-state-reasons")),
        counted=counted,
        counts=any(number is not None for number in numbers),
        begun=before.begun or at_work or counted > 0,
    )
