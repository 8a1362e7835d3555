"""One A4 printer: a job from its creation to its end, and the truth about it.

Theory of operation.  A job is created first and its document sent after, so that its number is
known before anything can print: whatever goes wrong then, the job is cancelled by its number.
A job that cannot be cancelled now is remembered and cancelled at the next look at the printer, and
when a printer is opened every unfinished job of this terminal is cancelled: a citizen's document
never comes out before the next citizen.

What is said of a job (``printed``):

==============================================================  ==============================
what was seen                                                   printed
==============================================================  ==============================
completed, by the printer's own word                            True
completed, but a spooler only knows that the bytes were sent    "unknown"
completed with errors, or the printer counts fewer pages        "unknown"
refused, or in trouble before it was created                    False
ended otherwise before the printer began with it                False
ended otherwise, and the printer counts fewer pages             False: it did not come out whole
ended otherwise after it began, nothing counted, or no answer   "unknown"
==============================================================  ==============================

A spooler that has counted 0 has not counted: CUPS says 0 until a printer tells it more.  A printer
that says 0 itself is taken at its word.

``job-cancel-after`` (PWG 5100.11) is sent
where it is taken: the spooler then ends the job even if this terminal is dead.
"""

from __future__ import annotations

import hashlib
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from drivers.a4 import condition, ipp
from drivers.a4.condition import Condition, Trouble
from drivers.a4.connection import Target, exchange
from drivers.a4.ipp import Attribute, Group, GroupTag, Message, Operation, Status, Tag, attribute
from drivers.a4.job import ATTRIBUTES, Ending, JobState, Printed, PrintResult, Progress, Seen, read
from drivers.a4.names import Names
from drivers.errors import DeviceError, DeviceFailed, DeviceGarbled, DeviceSilent

JOB_NAME = "document"


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Seconds that things may take.

    Attributes:
        answer: one answer.
        send: a document to reach the spooler or the printer.
        pending: a job to begin; longer, and the printer works for somebody else.
        stopped: a printer to stand still with a document: a jam does not mend itself.
        warm_up: a job, before its first page.
        page: each page after that (slow lasers print 5 a minute).
        look: between two looks at a job.
    """

    answer: float = 5.0
    send: float = 20.0
    pending: float = 20.0
    stopped: float = 5.0
    warm_up: float = 60.0
    page: float = 12.0
    look: float = 0.2

    def job(self, pages: int) -> float:
        """Return how long a job of so many pages may take."""
        return self.pending + self.warm_up + self.page * pages


_REFUSED = frozenset({Status.DOCUMENT_FORMAT_NOT_SUPPORTED, Status.DOCUMENT_FORMAT_ERROR})
_GONE = frozenset({Status.NOT_FOUND, Status.NOT_POSSIBLE})  # nothing left to cancel


@lru_cache(maxsize=1)
def owner() -> str:
    """Return the name under which all jobs of this terminal run: nothing of a citizen.

    It is another one on each machine, so that terminals which share a printer leave each other's
    jobs alone.  CUPS on this machine uses the name of the process' user instead.
    """
    try:
        machine = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        machine = ""
    digest = hashlib.sha256(f"a4:{machine or socket.gethostname()}".encode())
    return f"kiosk-{digest.hexdigest()[:8]}"


Tell = Callable[[Progress], None]
Clock = Callable[[], float]


def _tell_nobody(progress: Progress) -> None:
    del progress


class DocumentPrinter:
    """One printer, or one queue of CUPS."""

    def __init__(
        self, target: Target, limits: Limits | None = None, clock: Clock = time.monotonic
    ) -> None:
        self.limits = limits or Limits()
        self._target = target
        self._clock = clock
        self._names = Names()
        self._request = 0
        self._owed: set[int] = set()
        self._optional: frozenset[str] = frozenset()

    def open(self) -> Condition:
        """Ask the printer how it is, and cancel what is left of this terminal's jobs.

        Raises:
            DeviceError: it cannot be asked, or takes no PDF.
        """
        seen = self.look()
        if seen.takes_pdf is False:
            raise DeviceFailed("the printer takes no PDF: use a queue with a driver")
        self._owed |= set(self.unfinished())
        self.settle()
        return seen

    def look(self, seconds: float | None = None) -> Condition:
        """Return how the printer is, within so many seconds.

        Behind a queue the printer itself is asked too, if it speaks IPP in clear.

        Raises:
            DeviceError: it does not answer, or not as a printer does.
        """
        seconds = seconds or self.limits.answer
        ends = self._clock() + seconds
        seen = self._look_at(self._target, seconds)
        if not seen.device.startswith("ipp://"):
            return seen
        try:
            there = Target.parse(seen.device.partition("?")[0])
        except ValueError:
            return seen
        try:
            return seen.seen_itself(self._look_at(there, max(0.1, ends - self._clock())))
        except DeviceError:
            return seen.seen_itself(None)

    def _look_at(self, target: Target, seconds: float) -> Condition:
        asked = attribute("requested-attributes", Tag.KEYWORD, *condition.ASKED)
        operation = Operation.GET_PRINTER_ATTRIBUTES
        answer = self._ask(operation, (asked,), seconds=seconds, target=target)
        if not answer.good:
            raise DeviceFailed(f"no such printer or queue (IPP status {answer.code:#06x})")
        printer = answer.group(GroupTag.PRINTER)
        if printer.number("printer-state") is None:
            raise DeviceGarbled("the printer does not tell its state")
        if target is self._target:
            self._optional = frozenset(printer.words("job-creation-attributes-supported"))
        return condition.read(printer)

    def settle(self) -> None:
        """Cancel the jobs that could not be cancelled when they should have been.

        Raises:
            DeviceError: the printer does not answer; the jobs stay owed.
        """
        for job in sorted(self._owed):
            answer = self._ask(Operation.CANCEL_JOB, (_job_id(job),))
            if answer.good or answer.code in _GONE:
                self._owed.discard(job)

    def print_pdf(
        self, pdf: bytes, pages: int, leaving: threading.Event, tell: Tell = _tell_nobody
    ) -> PrintResult:
        """Print a document and wait for its end.

        Args:
            pdf: the document.
            pages: how many pages it has.
            leaving: set when nobody waits any more; a job that prints is let out, others go.
            tell: hears of progress.

        Raises:
            DeviceError: the printer could not be asked before anything was sent.
        """
        self.settle()
        seen = self.look()
        if seen.trouble is not None:
            return PrintResult(printed=False, pages=pages, error_code=seen.trouble)
        job = self._create(pages)
        if job is None:
            return PrintResult(printed=False, pages=pages, error_code=Ending.REJECTED)
        return _Job(self, job, pages, self._clock).run(pdf, leaving, tell)

    # -- for a job --------------------------------------------------------------------------

    def send(self, job: int, pdf: bytes) -> bool:
        """Send the one document of a job; say whether it was taken.

        Raises:
            DeviceError: no answer; some or all of it may have arrived.
        """
        about = (
            _job_id(job),
            attribute("document-format", Tag.MEDIA_TYPE, "application/pdf"),
            attribute("last-document", Tag.BOOLEAN, True),
        )
        return self._ask(
            Operation.SEND_DOCUMENT, about, document=pdf, seconds=self.limits.send
        ).good

    def job(self, job: int) -> Group | None:
        """Return what is known of a job, ``None`` if it is not known there.

        Raises:
            DeviceError: no answer.
        """
        asked = attribute("requested-attributes", Tag.KEYWORD, *ATTRIBUTES)
        answer = self._ask(Operation.GET_JOB_ATTRIBUTES, (_job_id(job), asked))
        return answer.group(GroupTag.JOB) if answer.good else None

    def cancel(self, job: int) -> bool:
        """Cancel a job, now or as soon as the printer answers again; say whether now."""
        self._owed.add(job)
        try:
            self.settle()
        except DeviceError:
            return False  # it stays owed
        return True

    def _create(self, pages: int) -> int | None:
        """Create a job without a document; return its number."""
        wanted = [
            attribute("media", Tag.KEYWORD, "iso_a4_210x297mm"),
            attribute("sides", Tag.KEYWORD, "one-sided"),
        ]
        if "job-cancel-after" in self._optional:
            limit = round(self.limits.job(pages))
            wanted.append(attribute("job-cancel-after", Tag.INTEGER, limit))
        name = attribute("job-name", Tag.NAME, JOB_NAME)
        answer = self._ask(Operation.CREATE_JOB, (name,), wanted)
        number = answer.group(GroupTag.JOB).number("job-id")
        if answer.code in (Status.BUSY, Status.NOT_ACCEPTING_JOBS) or answer.code in _REFUSED:
            return None
        if not answer.good or number is None:
            raise DeviceFailed(f"the printer makes no job (IPP status {answer.code:#06x})")
        return number

    def unfinished(self) -> list[int]:
        """Return the numbers of this terminal's jobs that have not ended."""
        about = (
            attribute("which-jobs", Tag.KEYWORD, "not-completed"),
            attribute("my-jobs", Tag.BOOLEAN, True),
            attribute("requested-attributes", Tag.KEYWORD, "job-id"),
        )
        answer = self._ask(Operation.GET_JOBS, about)
        numbers = (one.number("job-id") for one in answer.all_groups(GroupTag.JOB))
        return [number for number in numbers if number is not None]

    def _ask(
        self,
        operation: Operation,
        about: Sequence[Attribute],
        job: Sequence[Attribute] = (),
        *,
        document: bytes = b"",
        seconds: float | None = None,
        target: Target | None = None,
    ) -> Message:
        self._request += 1
        who = (
            attribute("printer-uri", Tag.URI, (target or self._target).uri),
            attribute("requesting-user-name", Tag.NAME, owner()),
        )
        uri, *rest = (*who, *about)
        ids = [one for one in rest if one.name == "job-id"]
        others = [one for one in rest if one.name != "job-id"]
        request = ipp.operation(operation, self._request, (uri, *ids, *others), job)
        limit = seconds or self.limits.answer
        return exchange(target or self._target, request, limit, document, self._names)


class _Job:
    """One job that was created."""

    def __init__(self, printer: DocumentPrinter, number: int, pages: int, clock: Clock) -> None:
        self._printer = printer
        self._number = number
        self._pages = pages
        self._clock = clock
        self._seen = Seen(state=JobState.PENDING)
        self._confirms = False
        self._spooled = True

    def run(self, pdf: bytes, leaving: threading.Event, tell: Tell) -> PrintResult:
        """Send the document and follow the job to its end; only its outcome comes back."""
        try:
            if not self._printer.send(self._number, pdf):
                return self._give_up(Ending.REJECTED)
            return self._follow(leaving, tell)
        except DeviceSilent:
            return self._give_up(Ending.TIMEOUT)
        except DeviceError:
            return self._give_up(Ending.NO_ANSWER)

    def _follow(self, leaving: threading.Event, tell: Tell) -> PrintResult:
        limits, began = self._printer.limits, self._clock()
        well = 0.0
        told: Progress | None = None
        while True:
            now = self._clock()
            printer = self._look()
            if self._seen.ended:
                return self._result(printer.trouble)
            stuck = printer.trouble is not None or self._seen.state is JobState.STOPPED
            well = well if stuck and well else now
            progress = Progress(state=self._word(stuck=stuck), pages_out=self._seen.counted)
            if progress != told:
                told = progress
                tell(progress)
            if now - well > limits.stopped:
                return self._give_up(printer.trouble or Trouble.PRINTER_ERROR)
            if not self._seen.begun and (now - began > limits.pending or leaving.is_set()):
                return self._give_up(Ending.CANCELED if leaving.is_set() else Ending.TIMEOUT)
            if now - began > limits.job(self._pages):
                return self._give_up(Ending.TIMEOUT)
            time.sleep(self._printer.limits.look)

    def _look(self) -> Condition:
        """Look at the printer, then at the job: a job that ended ended with what was seen."""
        printer = self._printer.look()
        self._confirms, self._spooled = printer.confirms, printer.spooled
        job = self._printer.job(self._number)
        self._seen = read(job, self._seen, connecting=printer.connecting)
        return printer

    def _word(self, *, stuck: bool) -> str:
        if stuck:
            return "stopped"
        return "printing" if self._seen.begun else "pending"

    def _give_up(self, code: str) -> PrintResult:
        """Cancel the job and say what became of it meanwhile."""
        if not self._printer.cancel(self._number):
            return self._said("unknown", code)
        until = self._clock() + self._printer.limits.answer
        try:
            while not self._seen.ended and self._clock() < until:
                self._look()
                if not self._seen.ended:
                    time.sleep(self._printer.limits.look)
        except DeviceError:
            return self._said("unknown", code)  # it was the printer's last word
        return self._result(code)

    def _result(self, code: str | None) -> PrintResult:
        """Return what the end of the job means, see the table of this module."""
        seen = self._seen
        counts = seen.counts and not self._spooled
        if seen.state is JobState.COMPLETED:
            short = seen.counted < self._pages and (counts or seen.counted > 0)
            if self._confirms and not short and "job-completed-with-errors" not in seen.reasons:
                return PrintResult(printed=True, pages=self._pages, confirmed_by="printer")
            return self._said("unknown", "")
        if not seen.ended:
            return self._said("unknown", code or Ending.TIMEOUT)
        whole = not seen.begun or (counts and seen.counted < self._pages)
        default = Ending.CANCELED if seen.state is JobState.CANCELED else Trouble.PRINTER_ERROR
        return self._said(False if whole else "unknown", code or default)

    def _said(self, printed: Printed, code: str) -> PrintResult:
        return PrintResult(printed=printed, pages=self._pages, error_code=code)


def _job_id(job: int) -> Attribute:
    return attribute("job-id", Tag.INTEGER, job)
