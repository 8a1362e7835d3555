"""One command and its answer over a line: times, line noise, and answers that come too late.

Line noise
    A frame that is broken, incomplete, missing, or cannot be the answer to what was asked, is
    dropped with all that follows it until the line is silent, and the command is asked once more.

The line is half-duplex and the reader never speaks first: what lies in the input before a question
is stale and dropped.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Protocol

from drivers.errors import DeviceGarbled, DeviceSilent
from drivers.id_reader.card import ADDRESS_SIZE
from drivers.id_reader.codec import (
    Command,
    FrameError,
    Handling,
    Reply,
    ReplyReceiver,
    Status,
    request,
    split_block,
)

QUIET_S = 0.2
"""How long the line must be silent after a broken answer."""

GAP_S = 0.3
"""Silence inside an answer after which the rest will not come."""

ANSWER_S: Mapping[Command, float] = MappingProxyType(
    {
        Command.RESET: 3.0,
        Command.SAM_STATUS: 0.5,
        Command.SAM_ID: 0.5,
        Command.FIND_CARD: 0.5,
        Command.SELECT_CARD: 0.5,
        Command.READ_TEXT_PHOTO: 3.0,
        Command.READ_NEWEST_ADDRESS: 1.5,
        Command.READ_CARD_SERIAL: 1.5,
        Command.READ_TEXT_PHOTO_FINGERPRINT: 4.0,
        Command.SET_BAUDRATE: 0.5,
        Command.SET_MAX_RF_FRAME: 0.5,
    }
)
"""Seconds from the question to the last byte of its answer; what working drivers allow, and more
for a slow line (1295 bytes take 1.4 s at 9600 baud)."""

SERIAL_SIZE = 28
"""Bytes of an answer to `Command.READ_CARD_SERIAL` (vendor's interface library)."""


class Line(Protocol):
    """What is used of a `drivers.transport.Transport`."""

    def read(self, deadline: float) -> bytes:
        """Return the next bytes as soon as there are any; b"" when `deadline` passes first."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""

    def discard_input(self) -> None:
        """Throw away what has arrived and was not read."""

    def drain(self, quiet_s: float, limit_s: float = 2.0) -> int:
        """Read and drop until the line is silent for `quiet_s`."""


def _bare(status: Status, data: bytes) -> bool:
    return status is Status.OK and not data


_SUCCESS_FORM: Mapping[Command, Callable[[Status, bytes], bool]] = MappingProxyType(
    {
        Command.RESET: _bare,
        Command.SAM_STATUS: _bare,
        Command.SAM_ID: lambda status, data: status is Status.OK and len(data) == 16,
        Command.FIND_CARD: lambda status, data: status is Status.CARD_FOUND and len(data) <= 8,
        Command.SELECT_CARD: lambda status, data: status is Status.OK and len(data) in {0, 8},
        Command.READ_TEXT_PHOTO: lambda status, data: (
            status is Status.OK and split_block(data) is not None
        ),
        Command.READ_TEXT_PHOTO_FINGERPRINT: lambda status, data: (
            status is Status.OK and split_block(data, fingerprints=True) is not None
        ),
        Command.READ_NEWEST_ADDRESS: lambda status, data: (
            len(data) == ADDRESS_SIZE if status is Status.OK else status is Status.NO_CONTENT
        ),
        Command.READ_CARD_SERIAL: lambda status, data: (
            len(data) == SERIAL_SIZE if status is Status.OK else status is Status.NO_CONTENT
        ),
        Command.SET_BAUDRATE: _bare,
        Command.SET_MAX_RF_FRAME: _bare,
    }
)
"""What a success of each command looks like; anything else is a late answer to another command."""


def may_answer(command: Command, reply: Reply) -> bool:
    """Whether `reply` can be an answer to `command`: a failure always, a success by its form."""
    done = reply.status.handling is Handling.DONE
    return not done or _SUCCESS_FORM[command](reply.status, reply.data)


class Exchange:
    """Asks a reader on one line; calls block and come from one thread.

    Args:
        line: The open line.
        clock: Seconds, as `time.monotonic`; a deadline given to the line is one of its instants.
    """

    def __init__(self, line: Line, clock: Callable[[], float] = time.monotonic) -> None:
        self._line = line
        self._clock = clock
        self._receiver = ReplyReceiver()

    def ask(self, command: Command, data: bytes = b"", *, if_silent: bool = True) -> Reply:
        """Ask and return the answer; ask once more after silence, garble, or a complaint of it.

        Args:
            command: What to ask.
            data: What goes with it.
            if_silent: Whether to ask once more when no answer came at all.

        Raises:
            DeviceSilent, DeviceGarbled: Neither answer was one.
            TransportLost: The port went away.
        """
        try:
            reply = self.ask_once(command, data)
        except (DeviceSilent, DeviceGarbled) as error:
            self.settle()
            if isinstance(error, DeviceSilent) and not if_silent:
                raise
            return self.ask_once(command, data)
        again = reply.status.handling is Handling.ASK_AGAIN
        return self.ask_once(command, data) if again else reply

    def settle(self) -> None:
        """Wait until the line is silent, and forget what came: the next answer is a fresh one."""
        self._receiver.quiet()
        self._line.drain(QUIET_S)

    def ask_once(self, command: Command, data: bytes = b"", limit_s: float = 0.0) -> Reply:
        """Ask and return the answer.

        Args:
            command: What to ask.
            data: What goes with it.
            limit_s: Seconds to the last byte of the answer; by default those of `ANSWER_S`.

        Raises:
            DeviceSilent, DeviceGarbled: There was none in time, or it was not one.
            TransportLost: The port went away.
        """
        self._line.discard_input()
        self._receiver.quiet()
        self._line.write(request(command, data))
        limit = limit_s or ANSWER_S[command]
        deadline = self._clock() + limit
        while (now := self._clock()) < deadline:
            in_frame = self._receiver.in_frame
            piece = self._line.read(min(deadline, now + GAP_S) if in_frame else deadline)
            if in_frame and not piece:
                raise DeviceGarbled(f"{command.name}: the answer broke off")
            for event in self._receiver.receive(piece):
                return _answer(command, event)
        if self._receiver.in_frame:
            raise DeviceGarbled(f"{command.name}: answer not complete in {limit} s")
        raise DeviceSilent(f"{command.name}: no answer in {limit} s")


def _answer(command: Command, event: Reply | FrameError) -> Reply:
    """Return the event when it can be the answer to `command`.

    Raises:
        DeviceGarbled: It is a broken frame, or the answer to something else.
    """
    if isinstance(event, FrameError):
        raise DeviceGarbled(f"{command.name}: broken frame ({event.fault.value})")
    if not may_answer(command, event):
        raise DeviceGarbled(f"{command.name}: the answer belongs to another command")
    return event
