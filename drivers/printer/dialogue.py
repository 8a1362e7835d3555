"""The line to one printer: what is sent, what is asked, and what comes back in which order.

A DLE EOT answer does not say which question it answers, so open questions are kept in order.
`post` leaves a question open, for a job that goes on meanwhile; `ask` waits for the answer.
How long an answer may take begins when the line has carried what was written before the question.
"""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

from drivers.printer import codec
from drivers.printer.signs import (
    PrinterStatus,
    read_automatic_status,
    read_paper_in_order,
    read_status,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from drivers.printer.profiles import Profile
    from drivers.printer.signs import Paper, Question
    from drivers.transport import Transport

PIECE = 512
"""Bytes given to the port at once: 0.5 s at 9600 baud, well within the port's own time limit."""

CLEARED_S = 0.1
"""How long a printer that does not tell the end of clearing is left alone."""

BITS_PER_BYTE = 10

_CLEARING = {"dle-dc4-8": codec.CLEAR_BUFFERS, "dle-enq-2": codec.RECOVER_AND_CLEAR}


class Dialogue:
    """What was said on one line since `begin`, as far as it matters."""

    def __init__(self, transport: Transport, profile: Profile, baudrate: int) -> None:
        self._transport = transport
        self._profile = profile
        self._byte_s = BITS_PER_BYTE / baudrate
        self._tells_cleared = True
        self.begin()

    def begin(self) -> None:
        """Forget what was said."""
        self._replies = codec.ReplyReader(self._profile.status)
        self._line_free_at = 0.0
        self._open: deque[Question] = deque()
        self._answers: dict[bytes, bytes | None] = {}
        self._cleared = False
        self._name: str | None = None
        self.sent = 0
        """Bytes written, questions included."""
        self.processed = False
        """Whether a GS r answer came since this was last set to False."""
        self.held = False
        """Whether the printer asked to be sent nothing but questions (XOFF)."""
        self.paper_in_order: Paper = "unknown"
        """What the last GS r answer said of the paper."""
        self.printed_id = ""
        """The process id that came back last."""
        self.echoed: int | None = None
        """The ESC ACK byte that came back last."""
        self.automatic: PrinterStatus | None = None
        """The automatic status that came last."""

    def discard_input(self) -> None:
        """Throw away what the printer said before it was asked."""
        self._transport.discard_input()

    def close(self) -> None:
        """Close the port."""
        self._transport.close()

    def write(self, data: bytes) -> None:
        """Send bytes.

        Raises:
            TransportLost: the port is gone.
            TransportStalled: the printer takes nothing.
        """
        for at in range(0, len(data), PIECE):
            piece = data[at : at + PIECE]
            self._transport.write(piece)
            self.sent += len(piece)
            begun = max(time.monotonic(), self._line_free_at)
            self._line_free_at = begun + len(piece) * self._byte_s

    # --- asking

    def post(self, question: Question) -> None:
        """Ask without waiting."""
        self._answers[question.ask] = None
        self._open.append(question)
        if not question.framed:
            self._replies.expect_raw(1)
        self.write(question.ask)

    def catch_up(self, left: int) -> bool:
        """Wait until at most `left` questions are open; False when an answer did not come."""
        self.collect_until(lambda: len(self._open) <= left, self._limit())
        if len(self._open) <= left:
            return True
        self._open.clear()
        self._replies.expect_raw(0)
        return False

    def ask(self, question: Question) -> bytes | None:
        """Return the answer to one question, None when none came in time."""
        self.catch_up(0)
        self.post(question)
        self.catch_up(0)
        return self._answers[question.ask]

    def latest(self, question: Question) -> PrinterStatus:
        """Return what the last answer to a question alone says."""
        return read_status((question,), self._answers)

    def status(self) -> PrinterStatus:
        """Ask all questions; after one that is not answered no more are asked.

        A printer that answers none but tells its state by itself meanwhile is as it told.
        """
        self.automatic = None
        answers: dict[bytes, bytes | None] = {}
        for question in self._profile.status:
            answers[question.ask] = self.ask(question)
            if answers[question.ask] is None:
                break
        status = read_status(self._profile.status, answers)
        return status if status.answered or self.automatic is None else self.automatic

    def names(self) -> dict[str, str]:
        """Return what the printer says of itself; what it does not say is left out."""
        told: dict[str, str] = {}
        for what, question in codec.ASK_NAMES.items():
            if (name := self._ask_name(question)) is None:
                break
            told[what] = name
        return told

    def _ask_name(self, question: bytes) -> str | None:
        self._name = None
        self.write(question)
        self.collect_until(lambda: self._name is not None, self._limit())
        return self._name

    def clear(self) -> None:
        """Make the printer forget what it holds.

        DLE DC4 8 is answered when it is done, and nothing may be sent before. A printer that did
        not answer it once does not know it, and is given a moment only from then on.
        """
        for name in self._profile.clear:
            self._cleared = False
            self.write(_CLEARING[name])
            if name == "dle-dc4-8":
                wait = self._limit() if self._tells_cleared else CLEARED_S
                self.collect_until(lambda: self._cleared, wait)
                self._tells_cleared = self._cleared

    def _limit(self) -> float:
        """Return how long an answer may take from now on."""
        return max(0.0, self._line_free_at - time.monotonic()) + self._profile.answer_s

    # --- listening

    def collect_until(self, done: Callable[[], bool], limit_s: float) -> None:
        """Listen until `done` or for `limit_s`."""
        deadline = time.monotonic() + limit_s
        while not done() and time.monotonic() < deadline:
            self.collect(deadline)

    def catch_arrived(self) -> None:
        """Take in what has arrived already."""
        for event in self._replies.receive(self._transport.arrived()):
            self._take(event)

    def collect(self, deadline: float) -> None:
        """Take in whatever arrives first, or nothing until the deadline."""
        for event in self._replies.receive(self._transport.read(deadline)):
            self._take(event)

    def _take(self, event: codec.Event) -> None:
        match event:
            case codec.StatusAnswer(values=values, head=head):
                if self._open and self._open[0].head == head:
                    self._answers[self._open.popleft().ask] = values
            case codec.BufferStatus(value=value):
                self.processed = True
                self.paper_in_order = read_paper_in_order(value)
            case codec.ProcessDone(process_id=process_id):
                self.printed_id = process_id
            case codec.Echo(value=value):
                self.echoed = value
            case codec.Held(held=held):
                self.held = held
            case codec.Named(text=text):
                self._name = text
            case codec.BufferCleared():
                self._cleared = True
            case codec.AutomaticStatus(values=values):
                self.automatic = read_automatic_status(values)
