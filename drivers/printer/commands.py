"""An ESC/POS byte stream as whole commands: where each begins and ends, not what it does.

The lengths are those of the published ESC/POS command references; this module knows nothing of our
encoder. Any bytes are accepted: an unknown command is reported and only its first two bytes are
taken, a command that declares more than `MAX_COMMAND` bytes likewise, and an unfinished one waits
for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_COMMAND = 1 << 20
"""Longest believable command: a full-width picture of 14,000 rows."""

DLE, ESC, FS, GS = 0x10, 0x1B, 0x1C, 0x1D
_FIRST_BYTES = {DLE: "DLE", ESC: "ESC", FS: "FS", GS: "GS"}
_SIMPLE = frozenset(b"\x00\x09\x0a\x0c\x0d\x18")
_FIRST_TEXT = 0x20


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A run of printable bytes, whole or not, in whatever character set is selected."""

    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Command:
    """One whole command: its two-byte (or one-byte) code and its parameters."""

    code: bytes
    parameters: bytes = b""


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """Bytes that are no command known here."""

    data: bytes

    @property
    def name(self) -> str:
        """The bytes as manuals write them, such as ``ESC 7A``."""
        first = _FIRST_BYTES.get(self.data[0])
        rest = self.data[1:] if first else self.data
        return " ".join([*([first] if first else []), *(f"{byte:02X}" for byte in rest)])


Token = Text | Command | Unknown


class CommandReader:
    """Cuts a stream that arrives in pieces into tokens, in order."""

    def __init__(self) -> None:
        self._data = bytearray()
        self._start = 0

    @property
    def pending(self) -> int:
        """Bytes of an unfinished command."""
        return len(self._data) - self._start

    def feed(self, data: bytes) -> None:
        """Take more of the stream."""
        del self._data[: self._start]
        self._start = 0
        self._data += data

    def clear(self) -> None:
        """Forget what has not been returned yet."""
        self._data.clear()
        self._start = 0

    def tokens(self) -> Iterator[Token]:
        """Yield every whole token; the rest stays for the next piece."""
        while (token := self.next()) is not None:
            yield token

    def next(self) -> Token | None:
        """Return the next whole token, or None when it has not arrived completely."""
        if self.pending == 0:
            return None
        first = self._data[self._start]
        if first in _FIRST_BYTES:
            return self._command()
        if first >= _FIRST_TEXT:
            return self._text()
        taken = self._take(1)
        return Command(code=taken) if first in _SIMPLE else Unknown(data=taken)

    def _take(self, count: int) -> bytes:
        taken = bytes(self._data[self._start : self._start + count])
        self._start += count
        return taken

    def _text(self) -> Text:
        end = self._start
        while end < len(self._data) and self._data[end] >= _FIRST_TEXT:
            end += 1
        return Text(data=self._take(end - self._start))

    def _command(self) -> Token | None:
        if self.pending < 2:
            return None
        code = bytes(self._data[self._start : self._start + 2])
        if code not in _FIXED and code not in _VARIABLE:
            return Unknown(data=self._take(2))
        head = bytes(self._data[self._start + 2 : self._start + 2 + _HEAD])
        length = _FIXED[code] if code in _FIXED else _VARIABLE[code](head)
        if length is None and len(head) < _HEAD:
            return None
        if length is None or length > MAX_COMMAND:
            return Unknown(data=self._take(2))
        if self.pending < 2 + length:
            return None
        return Command(code=self._take(2), parameters=self._take(length))


_HEAD = 1024
"""How many parameter bytes are looked at to learn a command's length."""


def _word(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8


def _after(size: int, rule: Callable[[bytes], int | None]) -> Callable[[bytes], int | None]:
    """Apply `rule` once `size` parameter bytes are there."""
    return lambda head: rule(head) if len(head) >= size else None


def _column_picture(head: bytes) -> int:
    """ESC * m nL nH: a byte a column for 8-dot modes, three for 24-dot ones."""
    bytes_a_column = {0: 1, 1: 1, 32: 3, 33: 3}.get(head[0], 0)
    return 3 + bytes_a_column * _word(head, 1)


def _user_characters(head: bytes) -> int | None:
    """ESC & y c1 c2 then, for each character, its width and that many columns of y bytes."""
    height, at = head[0], 3
    for _ in range(head[1], head[2] + 1):
        if at >= len(head):
            return None
        at += 1 + height * head[at]
    return at


def _tabs(head: bytes) -> int | None:
    """ESC D n1 … nk NUL, at most 32 stops."""
    end = head.find(0, 0, 33)
    return end + 1 if end >= 0 else 32 if len(head) > 32 else None


def _bar_code(head: bytes) -> int | None:
    """GS k m …: ended by NUL for m up to 6, preceded by its length from 65 on."""
    if head[0] <= 6:
        end = head.find(0, 1)
        return end + 1 if end >= 0 else None
    return 2 + head[1] if len(head) > 1 else None


def _stored_pictures(head: bytes) -> int | None:
    """FS q n then, for each picture, its size in 8-dot units and its bytes."""
    at = 1
    for _ in range(head[0]):
        if at + 4 > len(head):
            return None
        at += 4 + _word(head, at) * _word(head, at + 2) * 8
    return at


def _raster(head: bytes) -> int | None:
    """GS v 0 m xL xH yL yH: x bytes a row, y rows."""
    return 6 + _word(head, 2) * _word(head, 4)


def _cut(head: bytes) -> int:
    return 2 if head[0] in b"\x41\x42\x61\x62\x67\x68" else 1


def _real_time_request(head: bytes) -> int:
    """DLE DC4 fn …: the length hangs on the function."""
    return {1: 3, 2: 3, 3: 5, 7: 2, 8: 8}.get(head[0], 1)


_VARIABLE: dict[bytes, Callable[[bytes], int | None]] = {
    b"\x10\x04": _after(1, lambda head: 2 if head[0] in (7, 8, 18) else 1),
    b"\x10\x14": _after(1, _real_time_request),
    b"\x1b&": _after(3, _user_characters),
    b"\x1b(": _after(3, lambda head: 3 + _word(head, 1)),
    b"\x1b*": _after(3, _column_picture),
    b"\x1bD": _tabs,
    b"\x1c(": _after(3, lambda head: 3 + _word(head, 1)),
    b"\x1cq": _after(1, _stored_pictures),
    b"\x1d(": _after(3, lambda head: 3 + _word(head, 1)),
    b"\x1d*": _after(2, lambda head: 2 + head[0] * head[1] * 8),
    b"\x1d8": _after(5, lambda head: 5 + _word(head, 1) + (_word(head, 3) << 16)),
    b"\x1dC": _after(1, lambda head: 5 if head[0] in (1, 0x31) else 3),
    b"\x1dQ": _after(6, _raster),
    b"\x1dV": _after(1, _cut),
    b"\x1dR": _after(1, lambda head: 2 if head[0] == 0x31 else 1),
    b"\x1de": _after(1, lambda head: {3: 2, 32: 3}.get(head[0], 1)),
    b"\x1dk": _after(1, _bar_code),
    b"\x1dv": _after(6, _raster),
}
"""Commands whose length their first parameters tell."""

_ESC_LENGTHS = {
    0: "@<LSijkm2v\x0c",
    1: " !%-3=?EGJKMRTUVadefrtu{x\x06",
    2: "$B\\c",
    3: "p",
    8: "W",
}
_FS_LENGTHS = {0: "&.", 1: "!-CWT", 2: "?Sp", 74: "2"}
_GS_LENGTHS = {0: ":c", 1: "!/BEHITabfhjrwx", 2: "$LPW\\", 3: "^z", 4: "g"}


def _fixed() -> dict[bytes, int]:
    table = {b"\x10\x05": 1}
    for first, lengths in ((ESC, _ESC_LENGTHS), (FS, _FS_LENGTHS), (GS, _GS_LENGTHS)):
        for length, letters in lengths.items():
            table |= {bytes((first, ord(letter))): length for letter in letters}
    return table


_FIXED = _fixed()
"""Commands whose number of parameter bytes never changes."""
