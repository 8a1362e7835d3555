"""One receipt printer on one port: prints one slip at a time and tells what became of it.

Theory of operation
-------------------

A citizen is told 凭条已打印 only when the printer proved it, so printing is a small investigation:

1. *Before.* A printer of unknown past is told to forget its buffer, so that no half-finished slip
   of somebody else comes out first, and what hangs in its presenter is taken back. Its questions
   are asked; a trouble ends the job before a byte of it was sent (`printed` False).
2. *During.* The job goes out in bands of whole commands, with one question behind each. A trouble
   seen `SAMPLES` times in a row ends the job: sensors bounce, and a cover closed at once is no
   reason to lose a slip. A head that is too hot cools by itself, so that is waited for. The last
   band is begun only when every question behind the others was judged. Until then its lines were
   never sent, so a trouble or a lost line is a certain no (False). It holds the last line alone, so
   that little is left in doubt.
3. *After.* The last band and the ending, which cuts the paper, go out together, and then a request
   for proof, in the way the profile names:

   - ``process-id``: ``GS ( H`` function 48 is answered when all before it has been *printed*.
   - ``echo``: ``ESC ACK`` is answered when execution reaches it, and the head prints as it goes.
   - ``buffer-order``: ``GS r`` is answered when all before it has been *processed*; the status must
     then stay clean for `Profile.settle_s` while the print buffer drains.
   - ``presenter``: the cut slip is seen in the exit.
   - ``none``: nothing is proof; the answer is never better than "unknown".

4. *Otherwise.* Once the last band was begun, whatever is not proved is "unknown": the paper may end
   in the feed behind the last line, the cover may be opened after the cut, a lost line does not
   say how much it carried, and a printer that fell silent may have lost its power and half the
   slip.

A printer that answers no question at all may still print (its answers may not be wired), so the
slip is sent and the answer is "unknown".

After every job that was not proved the printer's buffers are cleared, so that no ghost slip comes
out when somebody puts paper in. A job is never repeated here: that is for the citizen or staff to
wish.

One thread owns the device. A lost port shows up as `TransportLost` from `status`, and as a result
with the code ``offline`` or ``stalled`` from `print_receipt`, whose status then repeats nothing
that was heard before; either way the device object is spent and a new one is built.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from drivers.errors import TransportLost, TransportStalled
from drivers.printer import codec
from drivers.printer.dialogue import Dialogue
from drivers.printer.encoder import encode
from drivers.printer.profiles import GENERIC_80MM
from drivers.printer.result import PrintResult
from drivers.printer.signs import PrinterStatus, read_status

if TYPE_CHECKING:
    from drivers.printer.encoder import Job
    from drivers.printer.profiles import Profile
    from drivers.printer.receipt import Receipt
    from drivers.printer.signs import Question
    from drivers.transport import Transport

SAMPLES = 3
"""How often in a row a trouble must be seen to end a job."""

MOST_LOOKS = 12
"""Looks at a printer whose troubles change from look to look."""

POLL_S = 0.1
"""Time between two looks at a printer that is printing, in seconds."""

SILENT_WAIT_S = 4.0
"""How long the end of a job is awaited where nothing will prove it."""

HELD_S = 10.0
"""How long a printer may ask to be sent nothing (XOFF) before it counts as stalled."""

RETRACT_S = 5.0
"""How long a presenter may take to pull a slip in, in seconds."""


class ReceiptPrinter:
    """A receipt printer behind an open port.

    Args:
        transport: The open port.
        profile: Which model it is.
        baudrate: Speed of a serial line, by which answers are awaited.
    """

    def __init__(
        self, transport: Transport, profile: Profile = GENERIC_80MM, *, baudrate: int = 115200
    ) -> None:
        self._talk = Dialogue(transport, profile, baudrate)
        self._profile = profile
        self._clear_of_old_jobs = False
        self._next_id = secrets.randbelow(9000)
        self._wanted: str | int = ""
        self._status = PrinterStatus()
        self._gaps = 0
        self._job_bytes = 0
        self._port_lost = False

    def status(self) -> PrinterStatus:
        """Ask the printer how it is; all fields "unknown" when it does not answer.

        Raises:
            TransportLost: the port is gone.
        """
        self._talk.catch_arrived()
        self._status = self._talk.status()
        return self._status

    def identify(self) -> dict[str, str]:
        """Return the printer's own ``model``, ``firmware`` and ``serial``, as far as it tells.

        Answered in order, so a printer that has stopped is not asked.

        Raises:
            TransportLost: the port is gone.
        """
        return self._talk.names() if self._profile.names and not self._status.trouble else {}

    def forget_jobs(self) -> None:
        """Make the printer forget what it holds, as it must when its past is not known.

        Raises:
            TransportLost: the port is gone.
        """
        self._talk.clear()
        if self._profile.automatic:
            self._talk.write(codec.AUTOMATIC_STATUS)
        self._clear_of_old_jobs = True

    def retract(self) -> bool:
        """Take back a slip that hangs in the presenter; True when the presenter is empty after.

        Raises:
            TransportLost: the port is gone.
        """
        if self.status().presenter == "holding" and self._profile.retract:
            self._talk.write(self._profile.retract)
            end = time.monotonic() + RETRACT_S
            while self.status().presenter == "holding" and time.monotonic() < end:
                self._talk.collect(time.monotonic() + POLL_S)
        return self._status.presenter == "empty"

    def print_receipt(self, receipt: Receipt, deadline: float) -> PrintResult:
        """Print one slip and wait for the proof.

        Args:
            receipt: What to print.
            deadline: Instant of `time.monotonic()` after which nobody waits for the answer.
        """
        job = encode(receipt, self._profile)
        self._status, self._job_bytes, self._gaps = PrinterStatus(), 0, 0
        result = self._print(job, deadline)
        try:
            if result.printed is True:
                self._look_after()
            elif not self._port_lost:
                self.forget_jobs()
        except TransportLost as lost:
            self._lose(lost)
        if result.error_code == "stalled":
            self._status = replace(self._status, line="stalled")
        return replace(
            result,
            status=self._status,
            port_lost=self._port_lost,
            bytes_sent=self._job_bytes,
        )

    def close(self) -> None:
        """Close the port."""
        self._talk.close()

    # --- the phases

    def _print(self, job: Job, deadline: float) -> PrintResult:
        try:
            trouble = self._prepare()
        except TransportLost as lost:
            return PrintResult(printed=False, error_code=self._lose(lost))
        if trouble:
            return PrintResult(printed=False, error_code=trouble)
        watch = self._status.answered
        if not watch:
            deadline = min(deadline, time.monotonic() + SILENT_WAIT_S)
        return self._run(job, deadline, watch=watch)

    def _prepare(self) -> str | None:
        """Bring the printer to a known state; returns what forbids to print."""
        self._talk.discard_input()
        self._talk.begin()
        self._wanted = ""
        if not self._clear_of_old_jobs:
            self.forget_jobs()
        if trouble := self.status().trouble:
            # Nothing was sent yet, so looking again costs nothing; a sensor may bounce here too.
            trouble = self._lasting_trouble()
        if trouble or self._status.presenter != "holding":
            return trouble
        blocked = not self.retract() and self._profile.confirm == "presenter"
        return "exitBlocked" if blocked else None

    def _run(self, job: Job, deadline: float, *, watch: bool) -> PrintResult:
        """Send the job and investigate; what goes wrong is False until the last band was begun."""
        try:
            trouble = self._send(job.bands[:-1], deadline, watch=watch)
            trouble = trouble or self._held_up(deadline)
        except TransportLost as lost:
            return PrintResult(printed=False, error_code=self._lose(lost))
        if trouble:
            return PrintResult(printed=False, error_code=trouble)
        try:
            self._end(job.bands[-1] + job.ending)
            result = self._await_proof(deadline, watch=watch)
        except TransportLost as lost:
            return PrintResult(printed="unknown", error_code=self._lose(lost))
        if self._gaps and result.printed is True:
            return PrintResult(printed="unknown", error_code="noAnswer")
        return result

    def _send(self, bands: tuple[bytes, ...], deadline: float, *, watch: bool) -> str | None:
        """Write bands; returns the trouble that stopped it.

        A printer that fell silent for some questions is asked no more: the rest goes out unwatched.
        """
        questions = self._profile.status
        asked = before = questions[0]
        for number, band in enumerate(bands):
            if trouble := self._held_up(deadline):
                return trouble
            self._write(band)
            if not watch or self._gaps == SAMPLES:
                continue
            before, asked = asked, questions[number % len(questions)]
            self._talk.post(asked)
            if trouble := self._look_back(before, deadline, still_open=1):
                return trouble
        if not bands or not watch or self._gaps == SAMPLES:
            return None
        return self._look_back(asked, deadline, still_open=0)

    def _held_up(self, deadline: float) -> str | None:
        """Return what forbids to send more: no time is left, or the printer has no room."""
        if time.monotonic() >= deadline:
            return "timeout"
        self._talk.catch_arrived()
        return self._await_room(deadline) if self._talk.held else None

    def _await_room(self, deadline: float) -> str | None:
        """Wait while the printer asks to be sent nothing; returns what it is stopped by."""
        end = min(deadline, time.monotonic() + HELD_S)
        while time.monotonic() < end:
            self._talk.collect_until(lambda: not self._talk.held, POLL_S)
            if not self._talk.held:
                return None
            trouble = self._lasting_trouble()
            if trouble and trouble != "overheated":
                return trouble
        return "stalled"

    def _look_back(self, asked: Question, deadline: float, *, still_open: int) -> str | None:
        """Judge an answer; the band behind it may be on the line still, with its own question."""
        if not self._talk.catch_up(still_open):
            self._gaps += 1
            return None
        if self._talk.latest(asked).trouble is None:
            return None
        trouble = self._lasting_trouble()
        while trouble == "overheated" and time.monotonic() < deadline:
            self._talk.collect(min(deadline, time.monotonic() + POLL_S))
            trouble = self._lasting_trouble()
        return trouble

    def _end(self, rest: bytes) -> None:
        """Write the rest of the job and the question whose answer proves that it was reached."""
        self._next_id = self._next_id % 9999 + 1
        question = b""
        self._talk.processed = False
        match self._profile.confirm:
            case "process-id":
                self._wanted = f"{self._next_id:04d}"
                question = codec.ask_process_id(self._wanted)
            case "echo":
                self._wanted = codec.ECHOES[self._next_id % len(codec.ECHOES)]
                question = codec.ask_echo(self._wanted)
            case "buffer-order":
                question = codec.ASK_PAPER_IN_ORDER
        self._write(rest)
        self._talk.write(question)

    def _await_proof(self, deadline: float, *, watch: bool) -> PrintResult:
        confirm, trouble = self._profile.confirm, None
        if confirm == "none":
            deadline = min(deadline, time.monotonic() + SILENT_WAIT_S)
        while (left := deadline - time.monotonic()) > 0:
            self._talk.collect_until(self._proved, min(left, POLL_S))
            trouble = self._lasting_trouble() if watch and not self._proved() else None
            if trouble and trouble != "overheated":
                return PrintResult(printed="unknown", error_code=trouble)
            if self._proved():
                if confirm == "buffer-order":
                    return self._settle(watch=watch)
                return PrintResult(printed=True, confirmed_by=confirm)
        if trouble:
            return PrintResult(printed="unknown", error_code=trouble)
        silent = confirm != "none" or not self._status.answered
        return PrintResult(printed="unknown", error_code="noAnswer" if silent else None)

    def _settle(self, *, watch: bool) -> PrintResult:
        """Watch the print buffer drain after the answer in buffer order.

        What stops it now may have stopped it before the last line or after it: nobody knows.
        """
        end = time.monotonic() + self._profile.settle_s
        while watch and time.monotonic() < end:
            if trouble := self._lasting_trouble(settling=True):
                return PrintResult(printed="unknown", error_code=trouble)
            self._talk.collect(min(end, time.monotonic() + POLL_S))
        after = self.status()
        told_out = "paperOut" if self._talk.paper_in_order == "out" else None
        if trouble := after.trouble or told_out:
            return PrintResult(printed="unknown", error_code=trouble)
        if "unknown" in (after.paper, after.line):
            return PrintResult(printed="unknown", error_code="noAnswer")
        return PrintResult(printed=True, confirmed_by="buffer-order")

    # --- looking

    def _look_after(self) -> None:
        """Look once more at a printer that has printed; at all of it only when that is not well."""
        first = self._profile.status[0]
        well = self._talk.ask(first) is not None and self._talk.latest(first).trouble is None
        if not well or self._profile.has_presenter:
            self.status()

    def _lasting_trouble(self, *, settling: bool = False) -> str | None:
        """Return the trouble the printer is in when it shows in every one of some looks.

        A proof that arrives meanwhile ends the look, except while the print buffer drains.
        """
        seen: list[str] = []
        for _ in range(MOST_LOOKS):
            trouble = self.status().trouble
            if trouble is None or (self._proved() and not settling):
                return None
            seen = [*seen, trouble] if trouble in seen else [trouble]
            if len(seen) == SAMPLES:
                return trouble
            self._talk.collect(time.monotonic() + POLL_S / 4)
        return seen[-1]

    def _proved(self) -> bool:
        if not self._wanted and self._profile.confirm in ("process-id", "echo"):
            return False
        match self._profile.confirm:
            case "process-id":
                return self._talk.printed_id == self._wanted
            case "echo":
                return self._talk.echoed == self._wanted
            case "buffer-order":
                return self._talk.processed
            case "presenter":
                return self._status.presenter == "holding"
        return False

    def _write(self, data: bytes) -> None:
        before = self._talk.sent
        try:
            self._talk.write(data)
        finally:
            self._job_bytes += self._talk.sent - before

    def _lose(self, lost: TransportLost) -> str:
        """Forget what the printer said, now that nobody can ask it; returns the error code."""
        self._port_lost = True
        self._status = read_status(self._profile.status, {})
        if not isinstance(lost, TransportStalled):
            return "offline"
        self._status = replace(self._status, line="stalled")
        return "stalled"
