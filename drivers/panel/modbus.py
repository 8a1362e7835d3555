"""Modbus RTU, the few functions an I/O board needs: read contacts and coils, set coils. Pure.

::

    unit | function | data … | CRC low | CRC high

    01, 02 read coils, inputs   address (2) count (2)               →  bytes (1) bits …
    05 write one coil           address (2) FF00/0000               →  the same again
    0F write coils              address (2) count (2) bytes (1) …   →  address (2) count (2)
    80 + function                                                   →  exception code (1)

Numbers are big-endian, bits are packed from the lowest bit of the first byte; the CRC is CRC-16
with polynomial A001 (reflected), start FFFF, over all before it.
Source: MODBUS Application Protocol Specification V1.1b3 (6.1, 6.2, 6.5, 6.11, 7) and MODBUS over
Serial Line V1.02 (2.5.1, 6.2.2).

A master knows what it asked, so it knows how long the answer is.  The receiver looks for that
answer, right down to its CRC, wherever noise leaves it; it never raises, keeps a bounded buffer,
and gives the same answer however the bytes are cut into pieces.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

MOST_BITS = 1968
"""Coils of one write; a read may have 2000."""

MAX_FRAME = 256
"""Longest frame on a serial line."""

_BUFFER = 4 * MAX_FRAME
_EXCEPTION = 0x80
_ON = 0xFF00


class Function(enum.IntEnum):
    """The functions used."""

    READ_COILS = 0x01
    READ_INPUTS = 0x02
    WRITE_COIL = 0x05
    WRITE_COILS = 0x0F


_READS = {Function.READ_COILS, Function.READ_INPUTS}


class ExceptionCode(enum.IntEnum):
    """Why a board refuses (section 7)."""

    ILLEGAL_FUNCTION = 1
    ILLEGAL_ADDRESS = 2
    ILLEGAL_VALUE = 3
    DEVICE_FAILURE = 4
    ACKNOWLEDGE = 5
    BUSY = 6
    MEMORY_PARITY = 8
    GATEWAY_PATH = 10
    GATEWAY_TARGET = 11
    OTHER = -1
    """A code the standard does not name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One question to one board.

    Attributes:
        unit: Address of the board, 1 to 247.
        function: What is asked.
        address: First contact or coil, counted from 0.
        count: How many are read; of a write, the length of `bits`.
        bits: What is written.
    """

    unit: int
    function: Function
    address: int
    count: int = 1
    bits: tuple[bool, ...] = ()

    def frame(self) -> bytes:
        """Return the bytes to send."""
        head = bytes([self.unit, self.function]) + self.address.to_bytes(2, "big")
        match self.function:
            case Function.WRITE_COIL:
                body = (_ON if self.bits[0] else 0).to_bytes(2, "big")
            case Function.WRITE_COILS:
                packed = pack(self.bits)
                body = len(self.bits).to_bytes(2, "big") + bytes([len(packed)]) + packed
            case Function.READ_COILS | Function.READ_INPUTS:
                body = self.count.to_bytes(2, "big")
        return sealed(head + body)

    def _answer_bytes(self) -> int:
        """Return how long the right answer is."""
        return 5 + (self.count + 7) // 8 if self.function in _READS else 8

    def begins(self, data: bytes | bytearray) -> int | None:
        """Return the length of the answer that may begin with `data`, None if none does.

        A length greater than that of `data` means: wait for more.
        """
        expected = bytes([self.unit, self.function])
        if len(data) < 2:
            return 5 if not data or data[0] == self.unit else None
        if data[:2] == bytes([self.unit, self.function | _EXCEPTION]):
            return 5
        if data[:2] != expected:
            return None
        length = self._answer_bytes()
        counted = (self.count + 7) // 8
        if self.function in _READS and len(data) > 2 and data[2] != counted:
            return None
        return length


def read_inputs(unit: int, address: int, count: int) -> Request:
    """Return the question for `count` contacts from `address` on."""
    return Request(unit=unit, function=Function.READ_INPUTS, address=address, count=count)


def read_coils(unit: int, address: int, count: int) -> Request:
    """Return the question for the state of `count` coils."""
    return Request(unit=unit, function=Function.READ_COILS, address=address, count=count)


def write_coil(unit: int, address: int, *, on: bool) -> Request:
    """Return the order to switch one coil."""
    return Request(unit=unit, function=Function.WRITE_COIL, address=address, bits=(on,))


def write_coils(unit: int, address: int, bits: Sequence[bool]) -> Request:
    """Return the order to switch coils that follow each other."""
    return Request(
        unit=unit,
        function=Function.WRITE_COILS,
        address=address,
        count=len(bits),
        bits=tuple(bits),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Bits:
    """The contacts or coils that were asked for."""

    bits: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What was to be switched is switched."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The board understood, and will not."""

    code: ExceptionCode


Answer = Bits | Done | Refused


class Receiver:
    """The ear of the master, for the answer to one request."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._buffer = bytearray()
        self._answer: Answer | None = None
        self.heard = False
        """Whether anything came, an answer or not."""

    def receive(self, data: bytes) -> Answer | None:
        """Take bytes as they came; return the answer once it is there."""
        self.heard = self.heard or bool(data)
        for at in range(0, len(data), MAX_FRAME):
            self._buffer += data[at : at + MAX_FRAME]
            if self._answer is None:
                self._search()
            del self._buffer[:-_BUFFER]
        return self._answer

    def _search(self) -> None:
        start = 0
        while start < len(self._buffer):
            piece = self._buffer[start:]
            length = self._request.begins(piece)
            if length is not None and len(piece) < length:
                break
            if length is not None and _is_sealed(piece[:length]):
                answer = self._read(bytes(piece[:length]))
                if answer is not None:
                    self._answer = answer
                    break
            start += 1
        del self._buffer[:start]

    def _read(self, frame: bytes) -> Answer | None:
        """Read a frame that is whole; None when it answers something else."""
        request = self._request
        if frame[1] & _EXCEPTION:
            return Refused(code=_exception(frame[2]))
        if request.function in _READS:
            return Bits(bits=unpack(frame[3:-2], request.count))
        return Done() if frame[2:6] == request.frame()[2:6] else None


def pack(bits: Sequence[bool]) -> bytes:
    """Return bits as bytes, the first one lowest."""
    packed = bytearray((len(bits) + 7) // 8)
    for number, bit in enumerate(bits):
        packed[number // 8] |= bit << number % 8
    return bytes(packed)


def unpack(data: bytes, count: int) -> tuple[bool, ...]:
    """Return the first `count` bits of bytes."""
    return tuple(bool(data[number // 8] >> number % 8 & 1) for number in range(count))


def crc16(data: bytes | bytearray) -> int:
    """Return the check sum of a frame (MODBUS over Serial Line, 6.2.2)."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def sealed(frame: bytes) -> bytes:
    """Return a frame with its check sum."""
    return frame + crc16(frame).to_bytes(2, "little")


def _is_sealed(frame: bytes | bytearray) -> bool:
    return crc16(frame[:-2]) == int.from_bytes(frame[-2:], "little")


def _exception(code: int) -> ExceptionCode:
    try:
        return ExceptionCode(code)
    except ValueError:
        return ExceptionCode.OTHER
