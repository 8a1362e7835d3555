"""ESC/POS replies and the few commands that ask for them: pure, no port, no clock.

Kinds of reply and how they are told apart on one line (bit patterns of the ESC/POS manuals,
`x` = carries meaning):

=====================  ==============================================  =====================
reply                  bytes                                           event
=====================  ==============================================  =====================
DLE EOT n              one, ``0xx1xx10``                               `RealTimeStatus`
GS r n                 one, ``0xx0xxxx``                               `BufferStatus`
automatic status (ASB) ``0xx1xx00``, then three of ``0xx0xxxx``        `AutomaticStatus`
GS ( H function 48     ``37 22`` + four of 20..7E + ``00``             `ProcessDone`
DLE DC4 function 8     ``37 25 00``                                    `BufferCleared`
=====================  ==============================================  =====================

Everything else is line noise or flow control: dropped and counted in `ReplyReader.ignored`.
No input raises. A reply cut short is dropped when the next byte cannot belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Mapping

Paper = Literal["full", "low", "out", "unknown"]
Cover = Literal["closed", "open", "unknown"]
Cutter = Literal["ok", "fault", "unknown"]
Fault = Literal["none", "recoverable", "unrecoverable", "unknown"]
Line = Literal["online", "offline", "unknown"]
_Unknown = Literal["unknown"]
_Word = TypeVar("_Word", bound=str)

STATUS_KINDS = (1, 2, 3, 4)
"""The DLE EOT questions: printer, offline cause, error cause, paper."""

ASK_PAPER_IN_ORDER = b"\x1dr\x01"
"""GS r 1: paper sensor, answered when everything sent before it has been processed."""

NO_AUTOMATIC_STATUS = b"\x1da\x00"
"""GS a 0: no status unless asked."""

CLEAR_BUFFERS = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
"""DLE DC4 function 8 (Epson, Citizen): forget all received data, in real time."""

RECOVER_AND_CLEAR = b"\x10\x05\x02"
"""DLE ENQ 2: recover from an error and forget all received data, in real time."""

_BLOCK = 0x37
_BLOCK_PROCESS_ID = 0x22
_BLOCK_CLEARED = 0x25
_PROCESS_ID_LENGTH = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class RealTimeStatus:
    """One DLE EOT answer; the byte does not say which question it answers."""

    value: int


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


Event = RealTimeStatus | BufferStatus | AutomaticStatus | ProcessDone | BufferCleared


@dataclass(frozen=True, kw_only=True, slots=True)
class PrinterStatus:
    """What the printer says about itself; every field has its own *unknown*."""

    paper: Paper = "unknown"
    cover: Cover = "unknown"
    cutter: Cutter = "unknown"
    error: Fault = "unknown"
    line: Line = "unknown"

    @property
    def answered(self) -> bool:
        """Whether the printer answered at least one question."""
        return self != PrinterStatus()

    @property
    def trouble(self) -> str | None:
        """The one error code that stops printing now, or None; staff's next move comes first."""
        found = (
            ("coverOpen", self.cover == "open"),
            ("paperOut", self.paper == "out"),
            ("cutterError", self.cutter == "fault"),
            ("printerError", self.error in ("recoverable", "unrecoverable")),
            ("offline", self.line == "offline"),
        )
        return next((code for code, is_so in found if is_so), None)


def ask_status(kind: int) -> bytes:
    """Return DLE EOT `kind` (1 printer, 2 offline cause, 3 error cause, 4 paper)."""
    if kind not in STATUS_KINDS:
        raise ValueError(f"no such status question: {kind}")
    return bytes((0x10, 0x04, kind))


def ask_process_id(process_id: str) -> bytes:
    """Return GS ( H function 48: tell this id back when all before it has been printed.

    Args:
        process_id: Four characters 20..7E.
    """
    raw = process_id.encode("ascii")
    if len(raw) != _PROCESS_ID_LENGTH or not all(0x20 <= byte <= 0x7E for byte in raw):
        raise ValueError("a process id is four printable ASCII characters")
    return b"\x1d(H\x06\x00\x30\x30" + raw


def is_real_time_status(value: int) -> bool:
    """Tell whether the fixed bits of a DLE EOT answer (``0xx1xx10``) are in place."""
    return value & 0x93 == 0x12


def read_status(
    answers: Mapping[int, int | None], *, near_end_mask: int = 0x0C, end_mask: int = 0x60
) -> PrinterStatus:
    """Return the status that the DLE EOT answers spell.

    Args:
        answers: Question (1 to 4) to answer byte; missing or None where none came. An answer
            without its fixed bits is taken as none: it is noise, not "all is well".
        near_end_mask: Bits of answer 4 that mean "nearly out"; any of them counts.
        end_mask: Bits of answer 4 that mean "out"; any of them counts.
    """
    valid = {n: v for n, v in answers.items() if v is not None and is_real_time_status(v)}
    return PrinterStatus(
        paper=_paper(valid, near_end_mask, end_mask),
        cover=_bit(valid.get(2), 0x04, "open", "closed"),
        cutter=_bit(valid.get(3), 0x08, "fault", "ok"),
        error=_error(valid),
        line=_bit(valid.get(1), 0x08, "offline", "online"),
    )


class ReplyReader:
    """Sorts what a printer sends into events; keeps at most one unfinished reply."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self.ignored = 0
        """How many bytes belonged to no reply."""

    def receive(self, data: bytes) -> list[Event]:
        """Return the events that `data` completes, in order."""
        events: list[Event] = []
        for byte in data:
            event = self._next(byte)
            if event is not None:
                events.append(event)
        return events

    def _next(self, byte: int) -> Event | None:
        if self._pending and not self._fits(byte):
            self.ignored += len(self._pending)
            self._pending.clear()
        if self._pending:
            self._pending.append(byte)
            return self._finished()
        return self._start(byte)

    def _start(self, byte: int) -> Event | None:
        if is_real_time_status(byte):
            return RealTimeStatus(value=byte)
        if byte & 0x90 == 0x00:
            return BufferStatus(value=byte)
        if byte == _BLOCK or byte & 0x93 == 0x10:
            self._pending.append(byte)
        else:
            self.ignored += 1
        return None

    def _fits(self, byte: int) -> bool:
        """Tell whether `byte` can go on the unfinished reply."""
        pending = self._pending
        if pending[0] != _BLOCK:
            return byte & 0x90 == 0x00
        if len(pending) == 1:
            return byte in (_BLOCK_PROCESS_ID, _BLOCK_CLEARED)
        wanted = _PROCESS_ID_LENGTH if pending[1] == _BLOCK_PROCESS_ID else 0
        return 0x20 <= byte <= 0x7E if len(pending) < 2 + wanted else byte == 0

    def _finished(self) -> Event | None:
        """Return the reply and forget it when its last byte is there."""
        pending = bytes(self._pending)
        event: Event | None = None
        if pending[0] != _BLOCK:
            event = AutomaticStatus(values=pending) if len(pending) == 4 else None
        elif len(pending) > 2 and pending[-1] == 0:
            event = (
                ProcessDone(process_id=pending[2:-1].decode("ascii"))
                if pending[1] == _BLOCK_PROCESS_ID
                else BufferCleared()
            )
        if event is not None:
            self._pending.clear()
        return event


def read_automatic_status(values: bytes) -> PrinterStatus:
    """Return the status of four automatic status bytes (GS a)."""
    first, second, third = values[0], values[1], values[2]
    return PrinterStatus(
        paper="out" if third & 0x0C else "low" if third & 0x03 else "full",
        cover="open" if first & 0x20 else "closed",
        cutter="fault" if second & 0x08 else "ok",
        error=_graded(second),
        line="offline" if first & 0x08 else "online",
    )


def _bit(value: int | None, mask: int, when_set: _Word, when_clear: _Word) -> _Word | _Unknown:
    if value is None:
        return "unknown"
    return when_set if value & mask else when_clear


def _paper(valid: Mapping[int, int], near_end_mask: int, end_mask: int) -> Paper:
    """Join answer 4 (sensors) with answer 2 bit 5 (printing stopped by paper end)."""
    sensors, cause = valid.get(4), valid.get(2)
    if (cause is not None and cause & 0x20) or (sensors is not None and sensors & end_mask):
        return "out"
    if sensors is None:
        return "unknown"
    return "low" if sensors & near_end_mask else "full"


def _graded(value: int) -> Fault:
    """Bit 5 cannot be recovered from; bit 6 recovers by itself, bit 2 (mechanical) by a hand."""
    if value & 0x20:
        return "unrecoverable"
    return "recoverable" if value & 0x44 else "none"


def _error(valid: Mapping[int, int]) -> Fault:
    """Answer 3 names the error; answer 2 bit 6 alone still says that there is one."""
    kind, cause = valid.get(3), valid.get(2, 0)
    if kind is None:
        return "recoverable" if cause & 0x40 else "unknown"
    graded = _graded(kind)
    return "recoverable" if graded == "none" and cause & 0x40 else graded
