"""A line to a printer in memory, which breaks after so many bytes: for tests of every byte."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.errors import TransportLost
from drivers.printer.signs import Question, Sign
from drivers.transport import Transport


class LostLine(Transport):
    """Answers as a printer that is always well and done at once, until the line breaks.

    Args:
        questions: The model's status table.
        limit: Bytes that get through; None for a line that never breaks.
    """

    def __init__(self, questions: Sequence[Question], limit: int | None) -> None:
        self._questions = questions
        self._limit = limit
        self._answers = b""
        self.written = b""
        self._presented = False
        self._proved = False
        self.hold_from: int | None = None
        """After so many bytes XOFF is sent, and XON after `asks_held` questions."""
        self.asks_held = 9
        self.while_held = b""
        """What was sent in between and was no question."""
        self.paper_in_order = b"\x00"
        """What GS r is answered."""
        self.paper_after_proof = b"\x12"
        """What DLE EOT 4 is answered from then on."""
        self.out_from: int | None = None
        """After so many bytes there is no paper, and nothing more is proved."""

    def write(self, data: bytes) -> None:
        """Take bytes; those beyond the limit are lost with the line."""
        for byte in data:
            if self._limit is not None and len(self.written) >= self._limit:
                raise TransportLost("the line broke")
            self.written += bytes((byte,))
            self._answer()
            self._hold(byte)

    def _hold(self, byte: int) -> None:
        """Ask for a pause, and end it after some questions."""
        if self.hold_from is None or len(self.written) < self.hold_from:
            return
        if len(self.written) == self.hold_from:
            self._answers += b"\x13"
            return
        self.while_held += bytes((byte,))
        if len(self.while_held) == 3 * self.asks_held:
            self._answers += b"\x11"
            self.hold_from = None

    def _answer(self) -> None:
        tail = self.written[-12:]
        for question in self._questions:
            if tail.endswith(question.ask):
                if self._proved and question.ask == b"\x10\x04\x04":
                    self._answers += self.paper_after_proof
                    continue
                well = b"\x12" if question.framed and not question.head else b"\x00"
                held = b"\x20" if self._presented else b"\x00"
                rest = held + bytes(len(question.answer) - 1)
                answer = bytearray(rest if question.head else well)
                if self._is_out:
                    answer[0] |= _paper_out(question)
                self._answers += question.head + answer
        if not self._is_out:
            self._do(tail)

    @property
    def _is_out(self) -> bool:
        return self.out_from is not None and len(self.written) >= self.out_from

    def _do(self, tail: bytes) -> None:
        """Do what is done in order, and prove it."""
        if tail.endswith(b"\x1d\x65\x03\x0c"):
            self._presented = True
        elif tail.endswith(b"\x1d\x65\x02"):
            self._presented = False
        elif tail.endswith(b"\x1dr\x01"):
            self._answers += self.paper_in_order
            self._proved = True
        elif tail[-11:-4] == b"\x1d(H\x06\x00\x30\x30":
            self._answers += b"\x37\x22" + tail[-4:] + b"\x00"
        elif tail[-3:-1] == b"\x1b\x06":
            self._answers += tail[-1:]
        elif tail.endswith(b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"):
            self._answers += b"\x37\x25\x00"

    def read(self, deadline: float) -> bytes:
        """Return all answers at once."""
        del deadline
        return self.arrived()

    def arrived(self) -> bytes:
        """Return all answers at once; a broken line is known by reading as well."""
        if self._limit is not None and len(self.written) >= self._limit:
            raise TransportLost("the line broke")
        answers, self._answers = self._answers, b""
        return answers

    def discard_input(self) -> None:
        """Forget the answers."""
        self._answers = b""

    def close(self) -> None:
        """Do nothing."""


def _paper_out(question: Question) -> int:
    """Return the bits by which the first byte of an answer shows the paper end."""
    return next((mask for mask, sign in question.answer[0] if sign is Sign.PAPER_OUT), 0)
