"""Newland's unified commands, and payloads of unknown length between them. Pure.

::

    host → scanner   7E 01 "0000" | @ or # | TAG SUB data | 3B 03
    scanner → host   02 01 "0000" | the command again | 06, 15 or 05 | 3B 03
    payload          any bytes, then CR, LF or both, then, or instead, silence

`#` sets a value until power-off, `@` for ever (which wears the flash: not used at run time).
A reply is told from a payload by how a record begins; within a payload nothing is looked for.
A code that imitates a reply is thus taken for one and ignored: it can silence itself, nothing else.

The receiver never raises, keeps at most `MAX_PAYLOAD` bytes, and gives the same events however the
bytes are cut into pieces.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

MAX_PAYLOAD = 4096
"""Longest record taken; a QR code holds at most 2953 bytes."""

ASK_ALIVE = b"?"
"""What older engines are asked; they answer `ALIVE`."""
ALIVE = b"!"

_COMMAND_PREFIX = b"~\x010000"
_REPLY_PREFIX = b"\x02\x010000"
_END = b";\x03"
_TERMINATOR = re.compile(rb"[\r\n]")


class Command(enum.StrEnum):
    """The commands used: tag, sub-tag and data."""

    START = "SCNTRG1"
    STOP = "SCNTRG0"
    SYSTEM_INFO = "QRYSYS"


class Verdict(enum.Enum):
    """What the scanner says of a command."""

    ACCEPTED = 0x06
    BAD_VALUE = 0x15
    UNKNOWN_COMMAND = 0x05
    UNCLEAR = -1
    """A reply without a verdict byte."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """What a code holds, byte for byte; never empty."""

    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandReply:
    """The scanner's answer to `command`, which it repeats; `data` is what it adds."""

    command: str
    verdict: Verdict
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Overflow:
    """A record was longer than `MAX_PAYLOAD` and was dropped, up to its end."""


Event = Payload | CommandReply | Overflow


class Framing(enum.Enum):
    """Where a payload ends."""

    SUFFIX = "suffix"
    """At CR, LF or silence: the module is set to send a suffix, codes hold one line."""
    GAP = "gap"
    """At silence only: codes may hold several lines. A trailing CR or LF is the suffix."""


def command(what: Command) -> bytes:
    """Return the bytes of a command that lasts until power-off."""
    return _COMMAND_PREFIX + b"#" + what.encode("ascii") + _END


def command_reply(sent: bytes, verdict: Verdict, data: bytes = b"") -> bytes:
    """Return the scanner's reply to the command text `sent` (as `#SCNTRG1`); for the simulator."""
    return _REPLY_PREFIX + sent + data + bytes([verdict.value]) + _END


class Receiver:
    """The host's ear: bytes of a scanner become events."""

    def __init__(self, framing: Framing = Framing.SUFFIX) -> None:
        self._framing = framing
        self._buffer = bytearray()
        self._skipping = False

    @property
    def in_record(self) -> bool:
        """Whether a record has begun and is not complete."""
        return self._skipping or bool(self._buffer)

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they came, return what is complete."""
        self._buffer += data
        events: list[Event] = []
        while self._buffer:
            before = len(self._buffer)
            if self._skipping:
                self._skip()
            elif event := self._next():
                events.append(event)
            if len(self._buffer) == before:
                break
        return events

    def idle(self) -> list[Event]:
        """The line was silent for the gap time: the record that was begun is complete."""
        data = bytes(self._buffer).rstrip(b"\r\n")
        skipped = self._skipping
        self.reset()
        return [Payload(data=data)] if data and not skipped else []

    def reset(self) -> None:
        """Forget what was begun."""
        self._buffer.clear()
        self._skipping = False

    def _skip(self) -> None:
        """Drop the rest of a record that was too long."""
        end = _TERMINATOR.search(self._buffer) if self._framing is Framing.SUFFIX else None
        self._skipping = end is None
        del self._buffer[: end.end() if end else len(self._buffer)]

    def _next(self) -> Event | None:
        if self._buffer.startswith(_REPLY_PREFIX):
            return self._reply()
        if _REPLY_PREFIX.startswith(self._buffer):
            return None  # may become a reply
        return self._payload()

    def _reply(self) -> CommandReply | Overflow | None:
        end = self._buffer.find(_END)
        if 0 <= end <= MAX_PAYLOAD - len(_END):
            body = bytes(self._buffer[len(_REPLY_PREFIX) : end])
            del self._buffer[: end + len(_END)]
            return _parse_reply(body)
        return self._overflow()

    def _payload(self) -> Payload | Overflow | None:
        end = _TERMINATOR.search(self._buffer) if self._framing is Framing.SUFFIX else None
        if end and end.start() <= MAX_PAYLOAD:
            data = bytes(self._buffer[: end.start()])
            del self._buffer[: end.end()]
            return Payload(data=data) if data else None
        return self._overflow()

    def _overflow(self) -> Overflow | None:
        if len(self._buffer) <= MAX_PAYLOAD:
            return None
        del self._buffer[: MAX_PAYLOAD + 1]
        self._skipping = True
        return Overflow()


def _parse_reply(body: bytes) -> CommandReply:
    """Read `#SCNTRG1<ACK>`: what was asked, what was added, and the verdict byte."""
    try:
        verdict, body = Verdict(body[-1]), body[:-1]
    except (IndexError, ValueError):
        verdict = Verdict.UNCLEAR
    text = body.lstrip(b"@#")
    known = next((name for name in Command if text.startswith(name.encode("ascii"))), None)
    if known is None:
        return CommandReply(command="", verdict=verdict, data=text)
    return CommandReply(command=known.value, verdict=verdict, data=text[len(known) :])
