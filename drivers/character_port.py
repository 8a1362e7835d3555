"""A character device that is neither a serial line nor a socket: a USB printer at ``/dev/usb/lp*``.

The kernel's `usblp` driver gives such a printer as one file for both directions. It is opened
non-blocking, for a printer without paper takes no byte and would block a writer for ever; every
wait is a `select` with a limit. The file is locked (`flock`), so that two of our processes never
share a printer.
"""

from __future__ import annotations

import fcntl
import os
import select
import time

from drivers.errors import TransportStalled

PREFIX = "usb:"
"""What marks such a path where a port is named."""

READ_SIZE = 4096
"""Most bytes of one read; longer than any answer of a printer."""


class CharacterPort:
    """One open character device, with as much of pyserial's port as `drivers.transport` uses.

    Args:
        path: The device, or a link to it.
        wait_s: Longest wait of a read.
        write_limit_s: How long the other end may take no byte.

    Raises:
        OSError: there is no such device, it is in use, or it may not be opened.
    """

    def __init__(self, path: str, *, wait_s: float, write_limit_s: float) -> None:
        self._path = path
        self._wait_s = wait_s
        self._write_limit_s = write_limit_s
        self._waiting = bytearray()
        self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self.close()
            raise

    @property
    def in_waiting(self) -> int:
        """How many bytes can be read at once."""
        if not self._waiting:
            self._fill(0)
        return len(self._waiting)

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes, b"" when none came in time."""
        if not self._waiting:
            self._fill(self._wait_s)
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        return taken

    def _fill(self, wait_s: float) -> None:
        """Take what is there. A printer that has nothing to say may end a read with no byte."""
        readable, _, _ = select.select([self._file], [], [], wait_s)
        if not readable:
            return
        try:
            data = os.read(self._file, READ_SIZE)
        except BlockingIOError:
            return
        if data:
            self._waiting += data
        else:
            time.sleep(wait_s)  # it stays readable: without a pause this would spin

    def write(self, data: bytes) -> int:
        """Send all of `data`.

        Raises:
            TransportStalled: no byte was taken for the limit.
        """
        sent = 0
        while sent < len(data):
            _, writable, _ = select.select([], [self._file], [], self._write_limit_s)
            if not writable:
                raise TransportStalled(f"{self._path}: takes no byte")
            try:
                sent += os.write(self._file, data[sent:])
            except BlockingIOError:
                continue
        return sent

    def reset_input_buffer(self) -> None:
        """Drop what has arrived; a device that goes on talking is left to it."""
        self._waiting.clear()
        for _ in range(16):
            readable, _, _ = select.select([self._file], [], [], 0)
            try:
                if not readable or not os.read(self._file, READ_SIZE):
                    return
            except BlockingIOError:
                return

    def reset_output_buffer(self) -> None:
        """Do nothing: what was taken is the printer's."""

    def close(self) -> None:
        """Close the device; safe to call twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
