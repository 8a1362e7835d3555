"""ESC/POS replies and the few commands that ask for them: pure, no port, no clock.

Kinds of reply and how they are told apart on one line (bit patterns of the ESC/POS manuals, such as
TM-T88III appendix G; `x` = carries meaning):

=====================  ==============================================  =====================
reply                  bytes                                           event
=====================  ==============================================  =====================
DLE EOT n              one, ``0xx1xx10``                               `StatusAnswer`
a model's own status   its head (Custom: ``10 0F``) and its bytes      `StatusAnswer`
GS r n                 one, ``0xx0xxxx``                               `BufferStatus`
automatic status (ASB) ``0xx1xx00``, then three of ``0xx0xxxx``        `AutomaticStatus`
GS ( H function 48     ``37 22`` + four of 20..7E + ``00``             `ProcessDone`
DLE DC4 function 8     ``37 25 00``                                    `BufferCleared`
ESC ACK n              one, ``n`` (ours have bit 7 set)                `Echo`
GS I 65 to 68          ``5F`` + at most 80 of 20..7E + ``00``          `Named`
XOFF, XON              ``13``, ``11``                                  `Held`
=====================  ==============================================  =====================

Everything else is line noise: dropped and counted in `ReplyReader.ignored`.
No input raises. A reply cut short is dropped when the next byte cannot belong to it.
What the bits mean differs from model to model: `drivers.printer.signs`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drivers.printer.signs import Question

ASK_PAPER_IN_ORDER = b"\x1dr\x01"
"""GS r 1: paper sensor, answered when everything sent before it has been processed."""

NO_AUTOMATIC_STATUS = b"\x1da\x00"
"""GS a 0: no status unless asked."""

AUTOMATIC_STATUS = b"\x1da\x0e"
"""GS a 14: status on every change of on-line, error and paper; at once when it is executed."""

CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 function 8 (Epson, Citizen): forget all received data, in real time."""

RECOVER_AND_CLEAR = b"\x10\x05\x02"
"""DLE ENQ 2: recover from an error and forget all received data, in real time."""

ASK_NAMES = {"model": b"\x1dIC", "firmware": b"\x1dIA", "serial": b"\x1dID"}
"""GS I 67, 65 and 68: what the printer says of itself, answered in order."""

ECHOES = range(0x80, 0x90)
"""Bytes asked back with ESC ACK: no ESC/POS reply has bit 7 set."""

_XON, _XOFF = 0x11, 0x13
_NAME = 0x5F
_LONGEST_NAME = 80
_BLOCK = 0x37
_BLOCK_PROCESS_ID = 0x22
_BLOCK_CLEARED = 0x25
_PROCESS_ID_LENGTH = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusAnswer:
    """One answer about the state, without its head; it does not say which question it answers."""

    values: bytes
    head: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class BufferStatus:
    """One GS r answer: what was sent before the question has been processed."""

    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class AutomaticStatus:
    """Four bytes a printer sends on a change, when it was told to (GS a)."""

    values: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class ProcessDone:
    """What was sent before this process id has been printed."""

    process_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BufferCleared:
    """The printer has forgotten all received data."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Echo:
    """Execution has reached the ESC ACK with this byte."""

    value: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """One GS I answer: model, firmware or serial number, whichever was asked."""

    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """The printer asks to be sent nothing for now (XOFF), or again (XON)."""

    held: bool


Event = (
    StatusAnswer
    | BufferStatus
    | AutomaticStatus
    | ProcessDone
    | BufferCleared
    | Echo
    | Named
    | Held
)


def ask_process_id(process_id: str) -> bytes:
    """Return GS ( H function 48: tell this id back when all before it has been printed.

    Args:
        process_id: Four characters 20..7E.
    """
    raw = process_id.encode("ascii")
    if len(raw) != _PROCESS_ID_LENGTH or not all(0x20 <= byte <= 0x7E for byte in raw):
        raise ValueError("a process id is four printable ASCII characters")
    return b"\x1d(H\x06\x00\x30\x30" + raw


def ask_echo(value: int) -> bytes:
    """Return ESC ACK: send this byte, one of `ECHOES`, when execution reaches it."""
    if value not in ECHOES:
        raise ValueError(f"not a byte to be echoed: {value}")
    return bytes((0x1B, 0x06, value))


def is_real_time_status(value: int) -> bool:
    """Tell whether the fixed bits of a DLE EOT answer (``0xx1xx10``) are in place."""
    return value & 0x93 == 0x12


class ReplyReader:
    """Sorts what a printer sends into events; keeps at most one unfinished reply.

    Args:
        questions: The model's status table; only its own heads are looked for.
    """

    def __init__(self, questions: Iterable[Question] = ()) -> None:
        self._heads = {q.head: len(q.head) + len(q.answer) for q in questions if q.head}
        self._pending = bytearray()
        self._raw = 0
        self.ignored = 0
        """How many bytes belonged to no reply."""

    def expect_raw(self, answers: int) -> None:
        """Take the next bytes, whatever they are, as answers: for a model without fixed bits.

        Args:
            answers: How many, beside those that are expected already; 0 expects none any more.
        """
        self._raw = self._raw + answers if answers else 0

    def receive(self, data: bytes) -> list[Event]:
        """Return the events that `data` completes, in order."""
        events: list[Event] = []
        for byte in data:
            event = self._next(byte)
            if event is not None:
                events.append(event)
        return events

    def _next(self, byte: int) -> Event | None:
        if self._raw:
            self._raw -= 1
            return StatusAnswer(values=bytes((byte,)))
        if self._pending and not self._fits(byte):
            self.ignored += len(self._pending)
            self._pending.clear()
        if self._pending:
            self._pending.append(byte)
            return self._finished()
        return self._start(byte)

    def _start(self, byte: int) -> Event | None:
        if is_real_time_status(byte):
            return StatusAnswer(values=bytes((byte,)))
        if byte & 0x90 == 0x00:
            return BufferStatus(value=byte)
        if byte in (_XON, _XOFF):
            return Held(held=byte == _XOFF)
        if byte in ECHOES:
            return Echo(value=byte)
        if byte in (_BLOCK, _NAME) or byte & 0x93 == 0x10:
            self._pending.append(byte)
        else:
            self.ignored += 1
        return None

    def _fits(self, byte: int) -> bool:
        """Tell whether `byte` can go on the unfinished reply."""
        pending = self._pending
        if self._own_head(pending) or self._begins_head(bytes((*pending, byte))):
            return True
        if pending[0] == _NAME:
            return byte == 0 or (0x20 <= byte <= 0x7E and len(pending) <= _LONGEST_NAME)
        if pending[0] != _BLOCK:
            return byte & 0x90 == 0x00
        if len(pending) == 1:
            return byte in (_BLOCK_PROCESS_ID, _BLOCK_CLEARED)
        wanted = _PROCESS_ID_LENGTH if pending[1] == _BLOCK_PROCESS_ID else 0
        return 0x20 <= byte <= 0x7E if len(pending) < 2 + wanted else byte == 0

    def _own_head(self, pending: bytes | bytearray) -> bytes:
        """Return the model's own head with which these bytes begin, or nothing."""
        return next((head for head in self._heads if pending.startswith(head)), b"")

    def _begins_head(self, pending: bytes) -> bool:
        return any(head.startswith(pending) for head in self._heads)

    def _finished(self) -> Event | None:
        """Return the reply and forget it when its last byte is there."""
        event = self._whole(bytes(self._pending))
        if event is not None:
            self._pending.clear()
        return event

    def _whole(self, pending: bytes) -> Event | None:
        if head := self._own_head(pending):
            is_whole = len(pending) == self._heads[head]
            return StatusAnswer(values=pending[len(head) :], head=head) if is_whole else None
        if pending[0] == _NAME:
            return Named(text=pending[1:-1].decode("ascii")) if pending[-1] == 0 else None
        if pending[0] != _BLOCK:
            return AutomaticStatus(values=pending) if len(pending) == 4 else None
        if len(pending) < 3 or pending[-1] != 0:
            return None
        if pending[1] == _BLOCK_PROCESS_ID:
            return ProcessDone(process_id=pending[2:-1].decode("ascii"))
        return BufferCleared()
