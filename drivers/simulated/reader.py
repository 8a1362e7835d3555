"""A simulated ID card reader: the SAM protocol as a module speaks it, over a pty.

It keeps what a real one keeps: which card lies there, whether it was found, selected and read since
it was put down, whether it is latched (see `drivers.id_reader.device`), the speed of its line.
Commands out of order fail as they do on hardware; broken requests are answered with their own
status; bytes at another speed than its own are noise to it.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from drivers.id_reader.card import Card, encode_address, encode_card
from drivers.id_reader.codec import (
    BAUDRATES,
    PREAMBLE,
    CardBlock,
    Command,
    FrameError,
    FrameFault,
    Request,
    RequestReceiver,
    Status,
    join_block,
    reply,
)
from drivers.simulated.faults import Fault, FaultKind
from drivers.simulated.flaky import FlakyFaults
from drivers.simulated.population import card_to_json
from drivers.simulated.portrait_decoder import PHOTO_TAG
from drivers.simulated.reader_condition import FLAKY_FAULTS, REFUSALS, Condition
from drivers.simulated.reader_control import ACTS
from drivers.simulated.speed_port import SpeedPort

SAM_ID = bytes.fromhex("05000100 47d73401 01000000 02000000")
"""Printed `05.01-20240199-…`: no real module was made on such a day."""

READ_S = 0.6
"""What a real module takes to talk to the card before a read is answered; none when not paced."""

NOISE = b"\x00\xff\xaa\xaa\x96\x69\x55"


@dataclass(kw_only=True, slots=True)
class _Placed:
    """A card on the reader and what has been done with it since it was put down."""

    card: Card
    newest_address: str = ""
    fingerprints: bytes = b""
    found: bool = False
    selected: bool = False
    read: bool = False
    latched: bool = False

    def fresh(self) -> _Placed:
        """Return the same card as if it had just been put down."""
        return _Placed(
            card=self.card, newest_address=self.newest_address, fingerprints=self.fingerprints
        )


class SimulatedReader:
    """One reader behind `link`.

    Args:
        link: Symbolic link a driver opens.
        pace_baud: Line speed to imitate, in bits a second; None answers at once.
        latch: Whether a selected card is not found again until it is lifted.
        work_s: Seconds the module takes with the card before a read is answered; by default
            what a real one takes when paced, nothing otherwise.
        baud: The speed it listens at, one of `codec.BAUDRATES`; a command may change it.
        seed: Where its chance begins, when it is made flaky.
    """

    def __init__(
        self,
        link: Path,
        pace_baud: int | None = None,
        *,
        latch: bool = True,
        work_s: float | None = None,
        baud: int = 115200,
        seed: int = 0,
    ) -> None:
        self.port: SpeedPort = SpeedPort(link, pace_baud)
        self.faults = FlakyFaults(frozenset(FaultKind), FLAKY_FAULTS, seed)
        self.latch = latch
        self.condition = Condition.WELL
        self.baud = baud
        self.unplug_after: int | None = None
        """Bytes of the conversation, both ways, after which the cable is pulled; None: never."""
        usual = READ_S if pace_baud else 0.0
        self._work_s = usual if work_s is None else work_s
        self._receiver = RequestReceiver()
        self._changed = threading.Condition()
        self._placed: _Placed | None = None
        self._reads = 0
        self._answers = self._table()
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

    def put(self, card: Card, *, newest_address: str = "", fingerprints: bool = False) -> None:
        """Lay `card` down, in place of the one that lies there.

        Args:
            card: What it says.
            newest_address: Where its holder moved since, "" for nowhere.
            fingerprints: Whether it holds two (synthetic) templates.

        Raises:
            ValueError: A text is longer than its place on a card.
        """
        encode_card(card)  # a card that fits no block is refused here, not in the middle of a read
        encode_address(newest_address)
        templates = b"YIDUAN SYNTHETIC".ljust(512, b"\0") * 2 if fingerprints else b""
        placed = _Placed(card=card, newest_address=newest_address, fingerprints=templates)
        with self._changed:
            self._placed = placed
            self._changed.notify_all()

    def lift(self) -> None:
        """Take the card away; nothing when none is there."""
        with self._changed:
            self._placed = None
            self._changed.notify_all()

    def state(self) -> dict[str, object]:
        """Return what the control page shows of it, as JSON values."""
        card = self.card
        return {
            "plugged": self.port.plugged,
            "card": card_to_json(card) if card else None,
            "reads": self._reads,
            "condition": self.condition,
            "latch": self.latch,
            "baud": self.baud,
            "flaky": self.faults.chance,
            "faults": self.faults.waiting(),
        }

    def control(self, command: Mapping[str, object]) -> None:
        """Do what a person or a fault would.

        `{"put": {card record}}`, with `newest_address` and `fingerprints` in the record;
        `{"lift": true}`; `{"unplug": true}`, `{"replug": true}`, `{"unplug_after": bytes}`;
        `{"condition": …}`; `{"latch": bool}`; `{"baud": …}`; `{"flaky": chance, "seed": number}`;
        and the faults of `drivers.simulated.faults`.

        Raises:
            ValueError: The command cannot be understood; nothing was done.
        """
        for key, act in ACTS.items():
            if key in command:
                act(self, command)
                return
        if not self.faults.add(command):
            raise ValueError("not understood: " + ", ".join(sorted(command)))

    def close(self) -> None:
        """End the simulation and remove the link."""
        self.lift()
        self.port.close()

    def _on_bytes(self, data: bytes) -> None:
        if self.port.driver_baud not in {0, self.baud} or not self._spend(data):
            return
        for event in self._receiver.receive(data):
            if isinstance(event, FrameError):
                broken = event.fault is FrameFault.CHECKSUM
                self._send(reply(Status.BAD_CHECKSUM if broken else Status.BAD_LENGTH))
            else:
                self._serve(event)

    def _spend(self, data: bytes) -> bool:
        """Count bytes of the conversation; False once they are too many and the cable is out."""
        if self.unplug_after is None:
            return True
        self.unplug_after -= len(data)
        if self.unplug_after < 0:
            self.unplug_after = None
            self.port.unplug()
            return False
        return True

    def _send(self, answer: bytes) -> None:
        left = self.unplug_after
        if left is not None and len(answer) >= left:
            self.port.write(answer[:left])
            self.unplug_after = None
            self.port.unplug()
        else:
            self._spend(answer)
            self.port.write(answer)

    def _serve(self, request: Request) -> None:
        if self.condition is not Condition.WELL:
            if self.condition in REFUSALS:
                self._send(reply(REFUSALS[self.condition]))
            return
        at_work = request.command in _AT_WORK
        fault = self.faults.take(at_work=at_work)
        if fault and fault.kind is FaultKind.LIFT:
            self.lift()
        if request.command[:1] == Command.SET_BAUDRATE.value:
            self._set_baud(request.command[1])
        elif fault:
            self._fail(fault, self._answer(request))
        else:
            self._send(self._answer(request))

    def _table(self) -> Mapping[bytes, Callable[[], bytes]]:
        """Return what answers each command."""
        return {
            Command.RESET.value: self._reset,
            Command.SAM_STATUS.value: lambda: reply(Status.OK),
            Command.SAM_ID.value: lambda: reply(Status.OK, SAM_ID),
            Command.FIND_CARD.value: self._find,
            Command.SELECT_CARD.value: self._select,
            Command.READ_TEXT_PHOTO.value: self._read,
            Command.READ_TEXT_PHOTO_FINGERPRINT.value: lambda: self._read(fingerprints=True),
            Command.READ_NEWEST_ADDRESS.value: self._newest_address,
            Command.READ_CARD_SERIAL.value: self._card_serial,
            Command.SET_MAX_RF_FRAME.value: lambda: reply(Status.OK),
        }

    def _answer(self, request: Request) -> bytes:
        wants_data = request.command == Command.SET_MAX_RF_FRAME.value
        if len(request.data) != int(wants_data):
            return reply(Status.BAD_LENGTH)
        return self._answers.get(request.command, lambda: reply(Status.BAD_COMMAND))()

    def _fail(self, fault: Fault, answer: bytes) -> None:
        """Send `answer` the way `fault` wants it."""
        match fault.kind:
            case FaultKind.SILENCE:
                return
            case FaultKind.UNPLUG:
                self._send(answer[: int(fault.detail or len(answer) // 2)])
                self.port.unplug()
            case FaultKind.SPLIT:
                for at in range(len(answer)):
                    self._send(answer[at : at + 1])
            case _:
                self._send(spoilt(fault, answer))

    def _set_baud(self, code: int) -> None:
        """Answer at the old speed, then listen at the new one."""
        speeds = {number: speed for speed, number in BAUDRATES.items()}
        if code not in speeds:
            self._send(reply(Status.BAD_COMMAND))
            return
        self._send(reply(Status.OK))
        self.baud = speeds[code]
        self.port.pace(self.baud)

    def _reset(self) -> bytes:
        with self._changed:
            if self._placed:
                self._placed = self._placed.fresh()
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
            self._placed.latched = self.latch
            return reply(Status.OK, bytes(8))

    def _read(self, *, fingerprints: bool = False) -> bytes:
        """Talk to the card for a while; lifting it meanwhile makes the read fail."""
        with self._changed:
            placed = self._placed
            if not placed or not placed.selected:
                return reply(Status.READ_FAILED)
            if self._changed.wait_for(lambda: self._placed is not placed, timeout=self._work_s):
                return reply(Status.READ_FAILED)
            placed.read = True
            self._reads += 1
            block = CardBlock(
                text=encode_card(placed.card),
                photo=synthetic_photo(placed.card),
                fingerprints=placed.fingerprints,
            )
            return reply(Status.OK, join_block(block, fingerprints=fingerprints))

    def _newest_address(self) -> bytes:
        with self._changed:
            placed = self._placed
            if placed is None or not placed.read:
                return reply(Status.READ_FAILED)
            if placed.newest_address:
                return reply(Status.OK, encode_address(placed.newest_address))
            return reply(Status.NO_CONTENT)

    def _card_serial(self) -> bytes:
        with self._changed:
            selected = self._placed is not None and self._placed.selected
            return reply(Status.OK, bytes(28)) if selected else reply(Status.READ_FAILED)


def synthetic_photo(card: Card) -> bytes:
    """Return a photo block of 1024 bytes that is told from a real one by its first bytes."""
    seed = hashlib.sha256(card.id_no.encode()).digest()
    body = PREAMBLE + hashlib.shake_256(seed).digest(1024 - len(PHOTO_TAG) - len(PREAMBLE))
    return PHOTO_TAG + body  # with the preamble inside, as a real photo may have it


_AT_WORK = frozenset({Command.READ_TEXT_PHOTO.value, Command.READ_TEXT_PHOTO_FINGERPRINT.value})
"""The commands in which `fail_during` strikes."""


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


def spoilt(fault: Fault, answer: bytes) -> bytes:
    """Return the bytes a fault makes of an answer; the answer itself when it changes none."""
    spoil = _SPOILT.get(fault.kind)
    return spoil(fault, answer) if spoil else answer
