"""The photo block of a card → a picture, by a decoder from outside, in a child process.

The block's packing (WLT) is not published; decoders are closed libraries of the readers' makers.
One may crash, hang or write too much: it gets a process of its own, two seconds, no file to write
and no say in what becomes of the visit. Photo and picture go through pipes and are nowhere on disk.
"""

from __future__ import annotations

import contextlib
import enum
import os
import select
import shlex
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from drivers.id_reader import photo_child
from drivers.id_reader.portrait import BMP_SIZE, Order, Portrait, portrait_of

LIMIT_S: Final = 2.0
"""Seconds a decoder has, its start included; the usual ones need some hundredths."""

_SLICE_S = 0.05


class PhotoProblem(enum.StrEnum):
    """Why there is no picture. The value is what the service tells."""

    NO_DECODER = "noDecoder"
    CRASHED = "crashed"
    TIME_OUT = "timeOut"
    NOT_A_PICTURE = "notAPicture"
    """It wrote something of another size, another form, or one colour all over."""
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True, slots=True)
class DecoderOptions:
    """Which decoder, and what it is called with.

    Attributes:
        target: Path of a program with its arguments, or of a shared library (``….so``).
        function: The library's function ``int f(const char *photo, char *picture, int flag)``.
        flag: Its last argument.
        order: How the dots lie when they come without a header.
        limit_s: Seconds it has.
    """

    target: str
    function: str = "unpack"
    flag: int = 0
    order: Order = Order.BACKWARDS
    limit_s: float = LIMIT_S

    @property
    def found(self) -> bool:
        """Whether there is such a file, and it may be run or loaded."""
        path = self._words[0]
        return Path(path).is_absolute() and os.access(path, os.R_OK if self._library else os.X_OK)

    def arguments(self) -> list[str]:
        """Return what the child process is started with."""
        if self._library:
            return ["library", self._words[0], self.function, str(self.flag)]
        return ["program", *self._words]

    @property
    def _words(self) -> list[str]:
        return shlex.split(self.target) or [""]

    @property
    def _library(self) -> bool:
        return ".so" in Path(self._words[0]).suffixes


class PhotoDecoder:
    """Decodes photos one at a time, each in a process of its own."""

    def __init__(self, options: DecoderOptions) -> None:
        self._options = options

    def decode(
        self, photo: bytes, cancelled: threading.Event | None = None
    ) -> Portrait | PhotoProblem:
        """Return the picture of a photo block, or why there is none; never raises."""
        if not self._options.found:
            return PhotoProblem.NO_DECODER
        try:
            child = _start(self._options)
        except OSError:
            return PhotoProblem.CRASHED
        try:
            output = _converse(child, photo, self._options.limit_s, cancelled or threading.Event())
        finally:
            code = _end(child)
        if isinstance(output, PhotoProblem):
            return output
        if code:
            return PhotoProblem.CRASHED
        return portrait_of(output, self._options.order) or PhotoProblem.NOT_A_PICTURE


def _start(options: DecoderOptions) -> subprocess.Popen[bytes]:
    program = [sys.executable, "-I", "-S", photo_child.__file__, str(options.limit_s)]
    return subprocess.Popen(
        [*program, *options.arguments()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={"PATH": os.defpath},
        start_new_session=True,
    )


def _converse(
    child: subprocess.Popen[bytes], photo: bytes, limit_s: float, cancelled: threading.Event
) -> bytes | PhotoProblem:
    """Hand the photo over and take what comes back, in bounded time and memory."""
    stdin, stdout = cast("IO[bytes]", child.stdin), cast("IO[bytes]", child.stdout)
    deadline = time.monotonic() + limit_s
    with contextlib.suppress(BrokenPipeError), stdin:
        stdin.write(photo)  # a pipe holds more than any photo has
    output = bytearray()
    while len(output) <= BMP_SIZE:
        if cancelled.is_set():
            return PhotoProblem.CANCELLED
        if time.monotonic() >= deadline:
            return PhotoProblem.TIME_OUT
        if select.select([stdout], [], [], _SLICE_S)[0]:
            piece = stdout.read(BMP_SIZE + 1 - len(output))
            if not piece:
                return bytes(output) if _ends(child, deadline) else PhotoProblem.TIME_OUT
            output += piece
    return PhotoProblem.NOT_A_PICTURE


def _ends(child: subprocess.Popen[bytes], deadline: float) -> bool:
    """Whether a child that has closed its output ends in time; it is not reaped yet."""
    process = os.pidfd_open(child.pid)
    try:
        return bool(select.select([process], [], [], max(0.0, deadline - time.monotonic()))[0])
    finally:
        os.close(process)


def _end(child: subprocess.Popen[bytes]) -> int:
    """End the child with all it started; return its exit code, negative for a signal's."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
    return child.wait()
