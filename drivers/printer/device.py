"""One receipt printer on one port: prints one slip at a time and tells what became of it.

Theory of operation
-------------------

A citizen is told 凭条已打印 only when the printer proved it, so printing is a small investigation:

1. *Before.* A printer of unknown past is told to forget its buffer, so that no half-finished slip
   of somebody else comes out first. Its four status bytes are asked; a trouble ends the job before
   a byte of it was sent (`printed` False).
2. *During.* The job goes out in bands of whole commands. After each band the printer is asked
   whether it went offline; a trouble seen `SAMPLES` times in a row ends the job (False): sensors
   bounce, and a cover closed at once is no reason to lose a slip.
3. *After.* The last band cuts the paper and asks for proof, in the way the profile names:

   - ``process-id``: ``GS ( H`` function 48 is answered when all before it has been *printed*.
   - ``buffer-order``: ``GS r`` is answered when all before it has been *processed*; the status must
     then stay clean for `Profile.settle_s` while the print buffer drains.
   - ``none``: nothing is proof; the answer is never better than "unknown".

4. *Otherwise.* A trouble after the last band means that the slip did not come out whole: False.
   A cutter fault is the exception: the text is on the paper, which may hang in the mouth, so the
   honest answer is "unknown". So is no answer until the deadline, and a line lost after everything
   was sent.

A printer that answers no status question at all may still print (its answers may not be wired), so
the slip is sent and the answer is "unknown".

After every job that was not proved the printer's buffers are cleared, so that no ghost slip comes
out when somebody puts paper in. A job is never repeated here: that is for the citizen or staff to
wish.

Real-time commands (``DLE …``) overtake data that waits, everything else is done in order. One
thread owns the device. A lost port shows up as `TransportLost` from `status`, and as a result with
the code ``offline`` from `print_receipt`; either way the device object is spent and a new one is
built.
"""

from __future__ import annotations

import contextlib
import secrets
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from drivers.errors import TransportLost
from drivers.printer import codec
from drivers.printer.encoder import encode
from drivers.printer.profiles import GENERIC_80MM

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.printer.encoder import Job
    from drivers.printer.profiles import Profile
    from drivers.printer.receipt import Receipt
    from drivers.transport import Transport

SAMPLES = 3
"""How often in a row a trouble must be seen to end a job."""

POLL_S = 0.1
"""Time between two looks at a printer that is printing, in seconds."""

PIECE = 512
"""Bytes given to the port at once: 0.5 s at 9600 baud, well within the port's own time limit."""

SILENT_WAIT_S = 4.0
"""How long the end of a job is awaited from a printer that answered no question before it."""

ConfirmedBy = Literal["process-id", "buffer-order", "none"]


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintResult:
    """What became of one slip."""

    printed: bool | Literal["unknown"]
    """True only when the printer proved it; False when it cannot have come out whole."""

    confirmed_by: ConfirmedBy = "none"
    """What the proof was."""

    error_code: str | None = None
    """paperOut, coverOpen, cutterError, printerError, offline, noAnswer or timeout."""


class ReceiptPrinter:
    """A receipt printer behind an open port."""

    def __init__(self, transport: Transport, profile: Profile = GENERIC_80MM) -> None:
        self._transport = transport
        self._profile = profile
        self._replies = codec.ReplyReader()
        self._clear_of_old_jobs = False
        self._next_id = secrets.randbelow(9000)
        self._answer: int | None = None
        self._processed = False
        self._expected_id = self._printed_id = ""
        self._cleared = False

    def status(self) -> codec.PrinterStatus:
        """Ask the printer how it is; all fields "unknown" when it does not answer.

        Raises:
            TransportLost: the port is gone.
        """
        self._collect(time.monotonic())
        answers: dict[int, int | None] = {}
        for kind in codec.STATUS_KINDS:
            answers[kind] = self._ask(kind)
            if answers[kind] is None:
                break
        masks = self._profile
        return codec.read_status(
            answers, near_end_mask=masks.near_end_mask, end_mask=masks.paper_end_mask
        )

    def print_receipt(self, receipt: Receipt, deadline: float) -> PrintResult:
        """Print one slip and wait for the proof.

        Args:
            receipt: What to print.
            deadline: Instant of `time.monotonic()` after which nobody waits for the answer.
        """
        job = encode(receipt, self._profile)
        try:
            before = self._prepare()
        except TransportLost:
            return PrintResult(printed=False, error_code="offline")
        if before.trouble:
            return PrintResult(printed=False, error_code=before.trouble)
        if not before.answered:
            deadline = min(deadline, time.monotonic() + SILENT_WAIT_S)
        result = self._run(job, deadline, watch=before.answered)
        if result.printed is not True:
            with contextlib.suppress(TransportLost):
                self._clear_buffers()
        return result

    def close(self) -> None:
        """Close the port."""
        self._transport.close()

    # --- the four phases

    def _prepare(self) -> codec.PrinterStatus:
        self._transport.discard_input()
        self._replies = codec.ReplyReader()
        self._expected_id, self._processed = "", False
        if not self._clear_of_old_jobs:
            self._clear_buffers()
            self._transport.write(codec.NO_AUTOMATIC_STATUS)
        return self.status()

    def _run(self, job: Job, deadline: float, *, watch: bool) -> PrintResult:
        """Send the job and investigate; a lost line is False until the ending was begun."""
        try:
            trouble = self._send(job.bands, deadline, watch=watch)
        except TransportLost:
            return PrintResult(printed=False, error_code="offline")
        if trouble:
            return PrintResult(printed=False, error_code=trouble)
        try:
            self._ask_for_proof(job.ending)
            return self._await_proof(deadline, watch=watch)
        except TransportLost:
            return PrintResult(printed="unknown", error_code="offline")

    def _send(self, bands: tuple[bytes, ...], deadline: float, *, watch: bool) -> str | None:
        """Write all bands; returns the trouble that stopped it."""
        for band in bands:
            if time.monotonic() >= deadline:
                return "timeout"
            self._write(band)
            if watch and (trouble := self._lasting_trouble()):
                return trouble
        return None

    def _ask_for_proof(self, ending: bytes) -> None:
        """Write the ending and the question whose answer proves that it was reached."""
        self._next_id = self._next_id % 9999 + 1
        process_id = f"{self._next_id:04d}"
        self._expected_id, self._printed_id, self._processed = process_id, "", False
        question = {
            "process-id": codec.ask_process_id(process_id),
            "buffer-order": codec.ASK_PAPER_IN_ORDER,
            "none": b"",
        }[self._profile.confirm]
        self._write(ending + question)

    def _await_proof(self, deadline: float, *, watch: bool) -> PrintResult:
        while time.monotonic() < deadline:
            if self._proved():
                if self._profile.confirm == "buffer-order":
                    return self._settle(watch=watch)
                return PrintResult(printed=True, confirmed_by="process-id")
            if watch and (trouble := self._lasting_trouble()):
                return _stopped(trouble)
            self._collect(min(deadline, time.monotonic() + POLL_S))
        return PrintResult(printed="unknown", error_code="noAnswer")

    def _settle(self, *, watch: bool) -> PrintResult:
        """Watch the print buffer drain after the answer in buffer order."""
        end = time.monotonic() + self._profile.settle_s
        while watch and time.monotonic() < end:
            if trouble := self._lasting_trouble(settling=True):
                return _stopped(trouble)
            self._collect(min(end, time.monotonic() + POLL_S))
        after = self.status()
        if after.trouble:
            return _stopped(after.trouble)
        if "unknown" in (after.paper, after.line):
            return PrintResult(printed="unknown", error_code="noAnswer")
        return PrintResult(printed=True, confirmed_by="buffer-order")

    # --- asking

    def _lasting_trouble(self, *, settling: bool = False) -> str | None:
        """Return the trouble the printer is in when it shows in every one of some samples.

        A proof that arrives meanwhile ends the look, except while the print buffer drains.
        """
        trouble = None
        for _ in range(SAMPLES):
            if not self._looks_troubled():
                return None
            trouble = self.status().trouble
            if trouble is None or (self._proved() and not settling):
                return None
            self._collect(time.monotonic() + POLL_S / 4)
        return trouble

    def _looks_troubled(self) -> bool:
        """Ask the two questions that show every trouble; silence is no trouble."""
        line, paper = self._ask(1), self._ask(4)
        status = codec.read_status({1: line, 4: paper}, end_mask=self._profile.paper_end_mask)
        return status.trouble is not None

    def _proved(self) -> bool:
        if self._profile.confirm == "process-id":
            return bool(self._expected_id) and self._printed_id == self._expected_id
        return self._profile.confirm == "buffer-order" and self._processed

    def _ask(self, kind: int) -> int | None:
        """Ask one DLE EOT question; None when no answer came in time."""
        self._answer = None
        self._transport.write(codec.ask_status(kind))
        self._collect_until(lambda: self._answer is not None, self._profile.answer_s)
        return self._answer

    def _clear_buffers(self) -> None:
        """Make the printer forget what it holds; a printer without the answer is given a moment."""
        self._cleared = False
        commands = {"dle-dc4-8": codec.CLEAR_BUFFERS, "dle-enq-2": codec.RECOVER_AND_CLEAR}
        for name in self._profile.clear:
            self._transport.write(commands[name])
            if name == "dle-dc4-8":
                self._collect_until(lambda: self._cleared, self._profile.answer_s)
        self._clear_of_old_jobs = True

    # --- the wire

    def _write(self, data: bytes) -> None:
        for at in range(0, len(data), PIECE):
            self._transport.write(data[at : at + PIECE])

    def _collect_until(self, done: Callable[[], bool], limit_s: float) -> None:
        deadline = time.monotonic() + limit_s
        while not done() and time.monotonic() < deadline:
            self._collect(deadline)

    def _collect(self, deadline: float) -> None:
        """Take in whatever arrives first, or nothing until the deadline."""
        for event in self._replies.receive(self._transport.read(deadline)):
            match event:
                case codec.RealTimeStatus(value=value):
                    self._answer = value
                case codec.BufferStatus():
                    self._processed = True
                case codec.ProcessDone(process_id=process_id):
                    self._printed_id = process_id
                case codec.BufferCleared():
                    self._cleared = True
                case codec.AutomaticStatus():
                    pass


def _stopped(trouble: str) -> PrintResult:
    """Judge a trouble that came when everything had been sent."""
    if trouble == "cutterError":
        return PrintResult(printed="unknown", error_code=trouble)
    return PrintResult(printed=False, error_code=trouble)
