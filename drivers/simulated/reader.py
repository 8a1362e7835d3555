"""A simulated ID card reader: the SAM protocol as a module speaks it, over a pty.

It keeps what a real one keeps: which card lies there, whether it was found, selected and read
since it
was put down, and whether it is latched (see `drivers.id_reader.device`).
Commands out of order fail as they do on hardware; broken requests are answered with their own
status.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from drivers.id_reader.card import Card, encode_card
from drivers.id_reader.codec import (
    PREAMBLE,
    Command,
    FrameError,
    FrameFault,
    Request,
    RequestReceiver,
    Status,
    TextPhoto,
    join_text_photo,
    reply,
)
from drivers.simulated.faults import Fault, FaultKind, FaultPlan
from drivers.simulated.pty_port import PtyPort

SAM_ID = bytes.fromhex("05000100 47d73401 01000000 02000000")
"""Printed `05.01-20240199-…`: no real module was made on such a day."""

PHOTO_TAG = b"YIDUAN SYNTHETIC PHOTO\0"
"""A photo block begins with this, so that nobody takes it for a real one."""

READ_S = 0.6
"""What a real module takes to talk to the card before a read is answered; none when not paced."""

NOISE = b"\x00\xff\xaa\xaa\x96\x69\x55"


@dataclass(kw_only=True, slots=True)
class _Placed:
    """A card on the reader and what has been done with it since it was put down."""

    card: Card
    found: bool = False
    selected: bool = False
    read: bool = False
    latched: bool = False


class SimulatedReader:
    """One reader behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None answers at once.
        latch: Whether a selected card is not found again until it is lifted.
        work_s: Seconds the module takes with the card before a read is answered; by default
            what a real one takes when paced, nothing otherwise.
    """

    def __init__(
        self,
        link: Path,
        pace_baud: int | None = None,
        *,
        latch: bool = True,
        work_s: float | None = None,
    ) -> None:
        self.port = PtyPort(link, pace_baud)
        self.faults = FaultPlan()
        self._latch = latch
        usual = READ_S if pace_baud else 0.0
        self._work_s = usual if work_s is None else work_s
        self._receiver = RequestReceiver()
        self._changed = threading.Condition()
        self._placed: _Placed | None = None
        self._reads = 0
        self._answers: Mapping[bytes, Callable[[], bytes]] = {
            Command.RESET.value: self._reset,
            Command.SAM_STATUS.value: lambda: reply(Status.OK),
            Command.SAM_ID.value: lambda: reply(Status.OK, SAM_ID),
            Command.FIND_CARD.value: self._find,
            Command.SELECT_CARD.value: self._select,
            Command.READ_TEXT_PHOTO.value: self._read,
            Command.READ_NEWEST_ADDRESS.value: self._newest_address,
        }
        self.port.start(self._on_bytes)

    @property
    def card(self) -> Card | None:
        """The card that lies on the reader."""
        with self._changed:
            return self._placed.card if self._placed else None

    @property
    def reads(self) -> int:
        """How many text blocks were sent since the start."""
        return self._reads

    def put(self, card: Card) -> None:
        """Lay `card` down, in place of the one that lies there."""
        encode_card(card)  # a card that fits no block is refused here, not in the middle of a read
        with self._changed:
            self._placed = _Placed(card=card)
            self._changed.notify_all()

    def lift(self) -> None:
        """Take the card away; nothing when none is there."""
        with self._changed:
            self._placed = None
            self._changed.notify_all()

    def close(self) -> None:
        """End the simulation and remove the link."""
        self.lift()
        self.port.close()

    def _on_bytes(self, data: bytes) -> None:
        for event in self._receiver.receive(data):
            if isinstance(event, FrameError):
                broken = event.fault is FrameFault.CHECKSUM
                self.port.write(reply(Status.BAD_CHECKSUM if broken else Status.BAD_LENGTH))
            else:
                self._serve(event)

    def _serve(self, request: Request) -> None:
        at_work = request.command == Command.READ_TEXT_PHOTO.value
        fault = self.faults.take(at_work=at_work)
        if fault and fault.kind is FaultKind.LIFT:
            self.lift()
        answer = self._answers.get(request.command, lambda: reply(Status.BAD_COMMAND))()
        if fault:
            self._fail(fault, answer)
        else:
            self.port.write(answer)

    def _fail(self, fault: Fault, answer: bytes) -> None:
        """Send `answer` the way `fault` wants it."""
        match fault.kind:
            case FaultKind.SILENCE:
                return
            case FaultKind.UNPLUG:
                self.port.write(answer[: int(fault.detail or len(answer) // 2)])
                self.port.unplug()
            case FaultKind.SPLIT:
                for at in range(len(answer)):
                    self.port.write(answer[at : at + 1])
            case _:
                self.port.write(_spoil(fault, answer))

    def _reset(self) -> bytes:
        with self._changed:
            if self._placed:
                self._placed = _Placed(card=self._placed.card)
        return reply(Status.OK)

    def _find(self) -> bytes:
        with self._changed:
            if not self._placed or self._placed.latched:
                return reply(Status.NO_CARD)
            self._placed.found = True
            return reply(Status.CARD_FOUND, bytes(4))

    def _select(self) -> bytes:
        with self._changed:
            if not self._placed or not self._placed.found:
                return reply(Status.SELECT_FAILED)
            self._placed.selected = True
            self._placed.latched = self._latch
            return reply(Status.OK, bytes(8))

    def _read(self) -> bytes:
        """Talk to the card for a while; lifting it meanwhile makes the read fail."""
        with self._changed:
            placed = self._placed
            if not placed or not placed.selected:
                return reply(Status.READ_FAILED)
            if self._changed.wait_for(lambda: self._placed is not placed, timeout=self._work_s):
                return reply(Status.READ_FAILED)
            placed.read = True
            self._reads += 1
            block = TextPhoto(text=encode_card(placed.card), photo=synthetic_photo(placed.card))
            return reply(Status.OK, join_text_photo(block))

    def _newest_address(self) -> bytes:
        with self._changed:
            lies_read = self._placed is not None and self._placed.read
            return reply(Status.NO_CONTENT if lies_read else Status.READ_FAILED)


def synthetic_photo(card: Card) -> bytes:
    """Return a photo block of 1024 bytes that is told from a real one by its first bytes."""
    seed = hashlib.sha256(card.id_no.encode()).digest()
    body = PREAMBLE + hashlib.shake_256(seed).digest(1024 - len(PHOTO_TAG) - len(PREAMBLE))
    return PHOTO_TAG + body  # with the preamble inside, as a real photo may have it


_SPOILT: Mapping[FaultKind, Callable[[Fault, bytes], bytes]] = MappingProxyType(
    {
        FaultKind.CHECKSUM: lambda _, answer: answer[:-1] + bytes([answer[-1] ^ 0x5A]),
        FaultKind.TRUNCATED: lambda _, answer: answer[: len(answer) * 2 // 3],
        FaultKind.FOREIGN: lambda *_: reply(Status.OK, bytes(5)),
        FaultKind.GARBAGE: lambda _, answer: NOISE + answer,
        FaultKind.EXTRA_AA: lambda _, answer: b"\xaa" + answer,
        FaultKind.STATUS: lambda fault, _: reply(int(fault.detail, 16)),
    }
)


def _spoil(fault: Fault, answer: bytes) -> bytes:
    """Return the bytes a fault makes of an answer; the answer itself when it changes none."""
    spoil = _SPOILT.get(fault.kind)
    return spoil(fault, answer) if spoil else answer
