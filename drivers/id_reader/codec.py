"""Frames of the SAM protocol: bytes in, events out; commands to bytes. Pure.

::

    host → reader   AA AA AA 96 69 | LenH LenL | CMD PARA     | data… | CHK
    reader → host   AA AA AA 96 69 | LenH LenL | SW1 SW2 SW3  | data… | CHK

- Len is big-endian and counts what follows it, CHK included.
- CHK is the XOR of everything between the preamble and itself; the two Len bytes are in, the
  preamble
  is not.
- The preamble is looked for in a sliding window, so one AA too many or a line of noise is skipped;
  inside a frame of known length it is never looked for, for a photo may hold it.

A receiver never raises and never loses its place for good: every byte ends in a whole frame, in a
named `FrameError`, or in noise that was skipped. How the bytes are cut into pieces makes no
difference.
"""

from __future__ import annotations

import enum
import functools
import operator
from dataclasses import dataclass

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
MAX_LENGTH = 4096
REPLY_MIN_LENGTH = 4
"""Three status bytes and the check."""
REQUEST_MIN_LENGTH = 3
"""Command, parameter and the check."""


class Command(enum.Enum):
    """What a SAM can be asked: its CMD and PARA bytes."""

    RESET = b"\x10\xff"
    SAM_STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND_CARD = b"\x20\x01"
    SELECT_CARD = b"\x20\x02"
    READ_TEXT_PHOTO = b"\x30\x01"
    READ_NEWEST_ADDRESS = b"\x30\x03"


class Status(enum.IntEnum):
    """SW3, the reader's own verdict."""

    BAD_CHECKSUM = 0x10
    BAD_LENGTH = 0x11
    BAD_COMMAND = 0x21
    UNRECOGNISED = 0x24
    CARD_REFUSED_READER = 0x31
    READER_REFUSED_CARD = 0x32
    BAD_VERIFICATION = 0x33
    WRONG_CARD_TYPE = 0x40
    READ_FAILED = 0x41
    NO_RANDOM = 0x47
    SELF_TEST_FAILED = 0x60
    NOT_AUTHORISED = 0x66
    NO_CARD = 0x80
    SELECT_FAILED = 0x81
    OK = 0x90
    NO_CONTENT = 0x91
    CARD_FOUND = 0x9F


class FrameFault(enum.Enum):
    """Why bytes that began like a frame are none."""

    LENGTH = "length"
    CHECKSUM = "checksum"
    TRUNCATED = "truncated"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A whole answer of the reader. `sw` are its three status bytes."""

    sw: bytes
    data: bytes = b""

    @property
    def status(self) -> Status:
        """The named status; a code nobody documents is taken as a failed read."""
        try:
            status = Status(self.sw[2])
        except ValueError:
            return Status.READ_FAILED
        good = status in {Status.OK, Status.NO_CONTENT, Status.CARD_FOUND}
        return Status.READ_FAILED if good and self.sw[:2] != b"\0\0" else status


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """A whole question of the host, as the simulated reader sees it. `command` is CMD and PARA."""

    command: bytes
    data: bytes = b""


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
class TextPhoto:
    """The block of "read text and photo": a text of 256 bytes as a rule, a photo of 1024."""

    text: bytes
    photo: bytes


def split_text_photo(data: bytes) -> TextPhoto | None:
    """Split a read block by its own length fields; None when they do not add up."""
    if len(data) < 4:
        return None
    text_length = int.from_bytes(data[:2], "big")
    photo_length = int.from_bytes(data[2:4], "big")
    if not text_length or len(data) != 4 + text_length + photo_length:
        return None
    return TextPhoto(text=data[4 : 4 + text_length], photo=data[4 + text_length :])


def join_text_photo(block: TextPhoto) -> bytes:
    """Return the read block a reader sends; the inverse of `split_text_photo`."""
    lengths = len(block.text).to_bytes(2, "big") + len(block.photo).to_bytes(2, "big")
    return lengths + block.text + block.photo


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
