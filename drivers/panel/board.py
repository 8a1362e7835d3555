"""An I/O board on a serial line: contacts read, lamps switched, by Modbus RTU.

The board only answers; we are the only master.  A question is asked twice at most.  A board that
says it is busy is left alone for a moment and may then be asked again; one that says so to the same
question `BUSY_ASKS` times in a row tells nothing of its contacts, and so is as good as silent.  One
that refuses a question is wired or set otherwise than its file says, which staff must mend.
"""

from __future__ import annotations

import time
from collections import Counter

from drivers.errors import DeviceFailed, DeviceGarbled, DeviceSilent
from drivers.panel.board_profile import BoardProfile
from drivers.panel.modbus import (
    Answer,
    Bits,
    ExceptionCode,
    Function,
    Receiver,
    Refused,
    Request,
    read_coils,
    read_inputs,
    write_coil,
    write_coils,
)
from drivers.transport import Transport

ANSWER_S = 0.3
"""Seconds an answer may take; a board needs some milliseconds, the line 30 at 9600 baud."""

BUSY_ASKS = 3
"""Busy answers in a row to one question that are a silent board."""
BUSY_S = 0.1
"""Seconds a busy board is left alone."""

_FRAME_GAP_BITS = 39
"""3.5 characters of 11 bits between frames (MODBUS over Serial Line, 2.5.1.1)."""
_SHORTEST_GAP_S = 0.00175
_PASSING = {ExceptionCode.BUSY, ExceptionCode.ACKNOWLEDGE}


class Board:
    """One board.

    Calls block and come from one thread.

    Args:
        transport: The open line; closed by who opened it.
        profile: What is wired to it.
        baudrate: Speed of the line, for the gap between frames.
    """

    def __init__(
        self, transport: Transport, profile: BoardProfile, *, baudrate: int = 9600
    ) -> None:
        self._transport = transport
        self._profile = profile
        self._gap_s = max(_SHORTEST_GAP_S, _FRAME_GAP_BITS / baudrate)
        self._quiet_until = 0.0
        self._coils: tuple[bool, ...] | None = None
        self._busy: Counter[tuple[Function, int]] = Counter()

    def identify(self) -> None:
        """See that the board answers for every contact and coil its file names.

        Raises:
            DeviceSilent, DeviceGarbled, DeviceFailed, TransportLost: As `look`.
        """
        coils = self._profile.coils
        for question in (
            self._contacts(),
            read_coils(self._profile.unit, coils.address, coils.count),
        ):
            while not isinstance(self._ask(question), Bits):
                pass  # busy: the third time raises

    def look(self) -> tuple[bool, ...] | None:
        """Return the contacts as they are; None if the board is busy.

        Raises:
            DeviceSilent: It did not answer, twice, or is busy `BUSY_ASKS` times in a row.
            DeviceGarbled: What came was no answer, twice.
            DeviceFailed: It refuses the question.
            TransportLost: The port went away.
        """
        answer = self._ask(self._contacts())
        return answer.bits if isinstance(answer, Bits) else None

    def switch(self, coils: tuple[bool, ...]) -> bool:
        """Bring every coil into the wanted state; nothing is sent when it is there already.

        Returns:
            Whether they are all there now; if not, the board is busy: ask again.

        Raises:
            DeviceSilent, DeviceGarbled, DeviceFailed, TransportLost: As `look`.
        """
        if coils == self._coils:
            return True
        profile, before = self._profile, self._coils
        if profile.write == "many":
            requests = [write_coils(profile.unit, profile.coils.address, coils)]
        else:
            requests = [
                write_coil(profile.unit, profile.coils.address + number, on=on)
                for number, on in enumerate(coils)
                if before is None or before[number] != on
            ]
        self._coils = None  # unknown, should one of them fail
        if not all(self._ask(request) is not None for request in requests):
            return False
        self._coils = coils
        return True

    def _contacts(self) -> Request:
        inputs = self._profile.inputs
        return read_inputs(self._profile.unit, inputs.address, inputs.count)

    def _ask(self, request: Request) -> Answer | None:
        """Return the answer, None if the board is busy."""
        heard = False
        for _ in range(2):
            receiver = Receiver(request)
            answer = self._exchange(request, receiver)
            if isinstance(answer, Refused) and answer.code in _PASSING:
                self._leave_alone(request)
                return None
            if isinstance(answer, Refused):
                raise DeviceFailed(f"board: {request.function.name}: {answer.code.name}")
            if answer is not None:
                del self._busy[request.function, request.address]
                return answer
            heard = heard or receiver.heard
        if heard:
            raise DeviceGarbled(f"board: no right answer to {request.function.name}, twice")
        raise DeviceSilent(f"board: no answer in {ANSWER_S} s, twice")

    def _leave_alone(self, request: Request) -> None:
        """Count a busy answer; raise at the last that is borne."""
        asked = (request.function, request.address)
        self._quiet_until = time.monotonic() + BUSY_S
        self._busy[asked] += 1
        if self._busy[asked] >= BUSY_ASKS:
            del self._busy[asked]
            raise DeviceSilent(f"board: busy, {BUSY_ASKS} times in a row")

    def _exchange(self, request: Request, receiver: Receiver) -> Answer | None:
        time.sleep(max(0.0, self._quiet_until - time.monotonic()))
        self._transport.discard_input()
        self._transport.write(request.frame())
        deadline = time.monotonic() + ANSWER_S
        while data := self._transport.read(deadline):
            answer = receiver.receive(data)
            if answer is not None:
                self._quiet_until = time.monotonic() + self._gap_s
                return answer
            if time.monotonic() >= deadline:
                break
        return None
