"""A character device that is neither a serial line nor a socket: a USB printer at ``/dev/usb/lp*``.

The kernel's `usblp` driver gives such a printer as one file for both directions. It is opened
non-blocking, for a printer without paper takes no byte and would block a writer for ever; every
wait is a `poll` with a limit. The file is locked (`flock`), so that two of our processes never
share a printer.
"""

from __future__ import annotations

import errno
import fcntl
import os
import select
import time

from drivers.errors import TransportStalled

PREFIX = "usb:"
"""What marks such a path where a port is named."""

FULL_S = 0.02
"""How long a printer that said it would take bytes, and did not, is left alone."""

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
        if not self._ready(select.POLLIN, wait_s):
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
        sent, deadline = 0, time.monotonic() + self._write_limit_s
        while sent < len(data):
            left = deadline - time.monotonic()
            if left <= 0 or not self._ready(select.POLLOUT, left):
                raise TransportStalled(f"{self._path}: takes no byte")
            try:
                sent += os.write(self._file, data[sent:])
                deadline = time.monotonic() + self._write_limit_s
            except BlockingIOError:
                time.sleep(FULL_S)  # usblp calls a printer without paper writable
        return sent

    def reset_input_buffer(self) -> None:
        """Drop what has arrived; a device that goes on talking is left to it."""
        self._waiting.clear()
        for _ in range(16):
            try:
                if not self._ready(select.POLLIN, 0) or not os.read(self._file, READ_SIZE):
                    return
            except BlockingIOError:
                return

    def _ready(self, wanted: int, wait_s: float) -> bool:
        """Wait until the device can be read or written.

        Raises:
            OSError: it was pulled; a read of it would only look like silence.
        """
        poll = select.poll()
        poll.register(self._file, wanted)
        events = poll.poll(round(wait_s * 1000))
        if any(seen & (select.POLLHUP | select.POLLERR | select.POLLNVAL) for _, seen in events):
            raise OSError(errno.ENODEV, "the device is gone", self._path)
        return bool(events)

    def reset_output_buffer(self) -> None:
        """Do nothing: what was taken is the printer's."""

    def close(self) -> None:
        """Close the device; safe to call twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
