"""Lines of a bounded length out of bytes that come in any pieces. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Parsed = TypeVar("Parsed")


class LineReceiver:
    """Cuts bytes into lines; never raises, and keeps at most one line.

    Args:
        ends: The bytes that end a line, each of them.
        longest: Bytes of the longest line taken.
    """

    def __init__(self, ends: bytes, longest: int) -> None:
        self._ends = ends
        self._longest = longest
        self._buffer = bytearray()
        self._too_long = False

    @property
    def kept(self) -> int:
        """How many bytes of a line that is not complete are kept."""
        return len(self._buffer)

    def receive(self, data: bytes) -> list[bytes | None]:
        """Return the lines that are complete, without their ends; None stands for one too long.

        Empty lines are left out.
        """
        lines: list[bytes | None] = []
        for byte in data:
            if byte in self._ends:
                if self._buffer:
                    lines.append(None if self._too_long else bytes(self._buffer))
                self._buffer.clear()
                self._too_long = False
            elif len(self._buffer) < self._longest:
                self._buffer.append(byte)
            else:
                self._too_long = True
        return lines


class ParsedLines(Generic[Parsed]):
    """The ear of a protocol of lines: bytes become what its lines mean.

    Args:
        parse: What a line without its end means.
        too_long: What stands for a line that was too long.
        longest: Bytes of the longest line taken.
    """

    def __init__(self, parse: Callable[[bytes], Parsed], too_long: Parsed, longest: int) -> None:
        self._lines = LineReceiver(b"\r\n", longest)
        self._parse = parse
        self._too_long = too_long

    @property
    def kept(self) -> int:
        """How many bytes are kept."""
        return self._lines.kept

    def receive(self, data: bytes) -> list[Parsed]:
        """Take bytes as they came, return the lines that are complete."""
        lines = self._lines.receive(data)
        return [self._too_long if line is None else self._parse(line) for line in lines]
