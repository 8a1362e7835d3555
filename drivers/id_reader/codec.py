"""Frames of the SAM protocol (GA/T 467, terminal interface): bytes in, events out. Pure.

::

    host → reader   AA AA AA 96 69 | LenH LenL | CMD PARA     | data… | CHK
    reader → host   AA AA AA 96 69 | LenH LenL | SW1 SW2 SW3  | data… | CHK

- Len is big-endian and counts what follows it, CHK included.
- CHK is the XOR of everything between the preamble and itself; the two Len bytes are in, the
  preamble is not.
- The preamble is looked for in a sliding window, so one AA too many or a line of noise is skipped;
  inside a frame of known length it is never looked for, for a photo may hold it.

A receiver never raises and never loses its place for good: every byte ends in a whole frame, in a
named `FrameError`, or in noise that was skipped. How the bytes are cut into pieces makes no
difference.

The standard itself is not public. What is written here is agreed on by at least two public driver
programs and one published description (softs.im, 身份证阅读器通信协议); where only one source or
the vendor's interface library says it, a comment does so.
"""

from __future__ import annotations

import enum
import functools
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
MAX_LENGTH = 4096
REPLY_MIN_LENGTH = 4
"""Three status bytes and the check."""
REQUEST_MIN_LENGTH = 3
"""Command, parameter and the check."""


class Command(enum.Enum):
    """What a SAM can be asked: its CMD and PARA bytes."""

    RESET = b"\x10\xff"
    """Resets module and radio field; a latched card is found again afterwards."""
    SAM_STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND_CARD = b"\x20\x01"
    SELECT_CARD = b"\x20\x02"
    READ_TEXT_PHOTO = b"\x30\x01"
    READ_NEWEST_ADDRESS = b"\x30\x03"
    READ_CARD_SERIAL = b"\x30\x05"
    """卡体管理号, 28 bytes (vendor's interface library, SDT_ReadMngInfo)."""
    READ_TEXT_PHOTO_FINGERPRINT = b"\x30\x10"
    SET_BAUDRATE = b"\x60"
    """Its PARA is one of `BAUDRATES`; it is kept when the power goes."""
    SET_MAX_RF_FRAME = b"\x61\xff"
    """With one byte: the most bytes of a frame between module and card (one source)."""


BAUDRATES: Mapping[int, int] = MappingProxyType({115200: 0, 57600: 1, 38400: 2, 19200: 3, 9600: 4})
"""Speeds of the line and the PARA of `Command.SET_BAUDRATE`; a module leaves the works at the
first."""


class Handling(enum.StrEnum):
    """What a status asks of the host; the classes of the vendors' own samples."""

    DONE = "done"
    POLL = "poll"
    """Nothing there: ask again after the poll interval."""
    RE_PLACE = "re-place"
    """The card must be found again, and put down again if that does not help (请重新放卡)."""
    UNSUPPORTED = "unsupported"
    """Another kind of card: the citizen is told."""
    ASK_AGAIN = "ask-again"
    """Line noise or our own mistake: ask once more, then the reader counts as failed."""
    OUT_OF_SERVICE = "out-of-service"
    """The module accepts nothing: staff must act."""


class Status(enum.IntEnum):
    """SW3, the reader's own verdict."""

    BAD_CHECKSUM = 0x10
    BAD_LENGTH = 0x11
    BAD_COMMAND = 0x21
    NOT_PERMITTED = 0x23  # vendor's interface library only
    UNRECOGNISED = 0x24
    CARD_REFUSED_READER = 0x31
    READER_REFUSED_CARD = 0x32
    BAD_VERIFICATION = 0x33
    BAD_FINGERPRINT = 0x37  # vendor's interface library only
    BAD_INFORMATION_LENGTH = 0x3F  # vendor's interface library only
    WRONG_CARD_TYPE = 0x40
    READ_FAILED = 0x41
    NO_RANDOM = 0x47
    WRITE_FAILED = 0x50  # vendor's interface library only
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    OK = 0x90
    NO_CONTENT = 0x91
    CARD_FOUND = 0x9F

    @property
    def handling(self) -> Handling:
        """What the host does about it."""
        return _HANDLING.get(self, Handling.RE_PLACE)


_HANDLING: Mapping[Status, Handling] = MappingProxyType(
    {
        Status.OK: Handling.DONE,
        Status.NO_CONTENT: Handling.DONE,
        Status.CARD_FOUND: Handling.DONE,
        Status.NO_CARD: Handling.POLL,
        Status.WRONG_CARD_TYPE: Handling.UNSUPPORTED,
        Status.BAD_CHECKSUM: Handling.ASK_AGAIN,
        Status.BAD_LENGTH: Handling.ASK_AGAIN,
        Status.BAD_COMMAND: Handling.ASK_AGAIN,
        Status.SELF_TEST_FAILED: Handling.OUT_OF_SERVICE,
        Status.NOT_AUTHORISED: Handling.OUT_OF_SERVICE,
    }
)


class FrameFault(enum.Enum):
    """Why bytes that began like a frame are none."""

    LENGTH = "length"
    CHECKSUM = "checksum"
    TRUNCATED = "truncated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A whole answer of the reader. `sw` are its three status bytes."""

    sw: bytes
    data: bytes = field(default=b"", repr=False)

    @property
    def status(self) -> Status:
        """The named status; a code nobody documents is taken as a failed read."""
        try:
            status = Status(self.sw[2])
        except ValueError:
            return Status.READ_FAILED
        good = status.handling is Handling.DONE
        return Status.READ_FAILED if good and self.sw[:2] != b"\0\0" else status


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A whole question of the host, as the simulated reader sees it. `command` is CMD and PARA."""

    command: bytes
    data: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class FrameError:
    """Bytes that began like a frame and were dropped."""

    fault: FrameFault


def frame(body: bytes) -> bytes:
    """Wrap command or status bytes and their data into a whole frame."""
    checked = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + checked + bytes([check(checked)])


def request(command: Command, data: bytes = b"") -> bytes:
    """Return the frame that asks `command`."""
    return frame(command.value + data)


def reply(status: int, data: bytes = b"", *, sw12: bytes = b"\0\0") -> bytes:
    """Return the frame a reader answers with; used by the simulated reader and by tests."""
    return frame(sw12 + bytes([status]) + data)


def check(checked: bytes) -> int:
    """Return the XOR of `checked`, which begins with the two length bytes."""
    return functools.reduce(operator.xor, checked, 0)


class _FrameReceiver:
    """Cuts a stream into frame bodies; the two directions differ in their least length only."""

    def __init__(self, min_length: int) -> None:
        self._min_length = min_length
        self._buffer = bytearray()
        self._in_frame = False

    @property
    def in_frame(self) -> bool:
        """Whether a preamble came and its frame is not complete."""
        return self._in_frame

    @property
    def kept(self) -> int:
        """How many bytes wait for the rest of their frame."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[bytes | FrameError]:
        """Take bytes, return whole bodies (without length and check) and errors in line order."""
        self._buffer += data
        found: list[bytes | FrameError] = []
        while (event := self._next()) is not None:
            found.append(event)
        return found

    def quiet(self) -> list[FrameError]:
        """The line fell silent: a frame that was begun is truncated, and the rest is noise."""
        truncated = self._in_frame
        self._buffer.clear()
        self._in_frame = False
        return [FrameError(fault=FrameFault.TRUNCATED)] if truncated else []

    def _next(self) -> bytes | FrameError | None:
        if not self._in_frame and not self._find_preamble():
            return None
        if len(self._buffer) < 2:
            return None
        length = int.from_bytes(self._buffer[:2], "big")
        if not self._min_length <= length <= MAX_LENGTH:
            self._in_frame = False  # the two bytes stay: they may belong to a real preamble
            return FrameError(fault=FrameFault.LENGTH)
        if len(self._buffer) < 2 + length:
            return None
        checked, got = bytes(self._buffer[: 1 + length]), self._buffer[1 + length]
        del self._buffer[: 2 + length]
        self._in_frame = False
        return checked[2:] if check(checked) == got else FrameError(fault=FrameFault.CHECKSUM)

    def _find_preamble(self) -> bool:
        """Drop noise up to and including the next preamble; keep what may be its beginning."""
        at = self._buffer.find(PREAMBLE)
        if at < 0:
            del self._buffer[: max(0, len(self._buffer) - len(PREAMBLE) + 1)]
            return False
        del self._buffer[: at + len(PREAMBLE)]
        self._in_frame = True
        return True


class ReplyReceiver:
    """The host's ear: bytes of a reader become `Reply` and `FrameError`."""

    def __init__(self) -> None:
        self._frames = _FrameReceiver(REPLY_MIN_LENGTH)

    @property
    def in_frame(self) -> bool:
        """Whether an answer has begun and is not complete."""
        return self._frames.in_frame

    @property
    def kept(self) -> int:
        """How many bytes wait for the rest of their frame; never more than one frame has."""
        return self._frames.kept

    def receive(self, data: bytes) -> list[Reply | FrameError]:
        """Take bytes as they came, return what is complete."""
        return [
            event if isinstance(event, FrameError) else Reply(sw=event[:3], data=event[3:])
            for event in self._frames.feed(data)
        ]

    def quiet(self) -> list[FrameError]:
        """Say that nothing more comes: a begun frame is truncated, the receiver is as new."""
        return self._frames.quiet()


class RequestReceiver:
    """The reader's ear, for the simulated reader: bytes of a host become `Request`s."""

    def __init__(self) -> None:
        self._frames = _FrameReceiver(REQUEST_MIN_LENGTH)

    def receive(self, data: bytes) -> list[Request | FrameError]:
        """Take bytes as they came, return what is complete."""
        return [
            event if isinstance(event, FrameError) else Request(command=event[:2], data=event[2:])
            for event in self._frames.feed(data)
        ]


@dataclass(frozen=True, kw_only=True, slots=True)
class CardBlock:
    """What a read gives: as a rule 256 bytes of text, 1024 of photo, and 1024 of fingerprints.

    The fingerprints (two templates of 512 bytes, not to be kept) come only with the command that
    asks for them, and only from a card that has some.
    """

    text: bytes = field(repr=False)
    photo: bytes = field(repr=False)
    fingerprints: bytes = field(default=b"", repr=False)


def split_block(data: bytes, *, fingerprints: bool = False) -> CardBlock | None:
    """Split the answer of a read by its own length fields; None when they do not add up.

    Args:
        data: What follows the status: two lengths of two bytes, big-endian, then text and photo.
        fingerprints: Whether it answers the command that has a third length and part.
    """
    count = 3 if fingerprints else 2
    if len(data) < 2 * count:
        return None
    lengths = [int.from_bytes(data[at : at + 2], "big") for at in range(0, 2 * count, 2)]
    if not lengths[0] or len(data) != 2 * count + sum(lengths):
        return None
    parts, at = [], 2 * count
    for length in lengths:
        parts.append(data[at : at + length])
        at += length
    return CardBlock(text=parts[0], photo=parts[1], fingerprints=b"".join(parts[2:]))


def join_block(block: CardBlock, *, fingerprints: bool = False) -> bytes:
    """Return the answer a reader sends; the inverse of `split_block`."""
    parts = [block.text, block.photo, *([block.fingerprints] if fingerprints else [])]
    return b"".join([*(len(part).to_bytes(2, "big") for part in parts), *parts])


def printable_sam_id(data: bytes) -> str | None:
    """Return the serial as printed on the module, such as `05.01-20240102-0000000001-0000000002`.

    Args:
        data: The 16 bytes of a SAM id answer: two u16, three u32, all little-endian.

    Returns:
        Five decimal groups, or None when `data` is not 16 bytes.
    """
    if len(data) != 16:
        return None
    first, second = data[0], data[2]
    date, low, high = (int.from_bytes(data[at : at + 4], "little") for at in (4, 8, 12))
    return f"{first:02d}.{second:02d}-{date}-{low:010d}-{high:010d}"
