"""The two ends a scanner can be reached by: a serial line, or an input device of the kernel.

`drivers.transport.Transport` is the first; `InputLine` is the second. What a device needs of either
is the protocol `Line`.

An input device is held alone: a keyboard by EVIOCGRAB, so that no key of a code reaches the screen,
a point-of-sale device by an exclusive lock among our own processes (no other driver listens to it).
A device that cannot be held alone is refused.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import time
from typing import Protocol

from drivers.errors import TransportLost

CHUNK = 4096
"""Most bytes taken in one read; the kernel gives whole events or one whole report."""

MOST_DISCARDED = 64
"""Reads after which a device that never falls silent is left talking."""


class Line(Protocol):
    """What the device uses of an open line."""

    def read(self, deadline: float) -> bytes:
        """Return the next bytes, or b"" when `deadline` passed."""

    def write(self, data: bytes) -> None:
        """Send all of `data`."""

    def discard_input(self) -> None:
        """Throw away what has arrived and was not read."""

    def close(self) -> None:
        """Close the line; never raises."""


class InputLine:
    """An open input device: `InputLine.keyboard` or `InputLine.pos`; or any descriptor, for tests.

    Args:
        descriptor: Opened for reading, without blocking; closed by `close`.
        name: What was opened, for messages.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._name = name
        os.set_blocking(descriptor, False)

    @classmethod
    def keyboard(cls, path: str) -> InputLine:
        """Open a keyboard of the kernel and hold it alone (EVIOCGRAB).

        Raises:
            TransportLost: There is no such device, it is no input device, or somebody holds it.
        """
        from evdev import InputDevice  # noqa: PLC0415 - terminals without such a module lack it

        device = None
        try:
            device = InputDevice(path)
            device.grab()
            return cls(os.dup(device.fd), path)  # the grab belongs to the open file, not to the fd
        except OSError as error:
            raise TransportLost(f"{path}: cannot be held alone: {error}") from error
        finally:
            if device is not None:
                device.close()

    @classmethod
    def pos(cls, path: str) -> InputLine:
        """Open a hidraw device of the point-of-sale class and lock it against our own processes.

        Raises:
            TransportLost: There is no such device, or another process of ours has it.
        """
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise TransportLost(f"{path}: {error}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            raise TransportLost(f"{path}: cannot be held alone: {error}") from error
        return cls(descriptor, path)

    def read(self, deadline: float) -> bytes:
        """Return the next events or report; b"" when `deadline` passes first.

        Raises:
            TransportLost: The device was unplugged.
        """
        while True:
            try:
                ready, _, _ = select.select(
                    [self._descriptor], [], [], max(0.0, deadline - time.monotonic())
                )
                data = os.read(self._descriptor, CHUNK) if ready else b""
            except BlockingIOError:
                continue  # somebody else's wake-up
            except (OSError, ValueError) as error:
                raise TransportLost(f"{self._name}: {error}") from error
            if ready and not data:
                raise TransportLost(f"{self._name}: the device is gone")
            return data

    def write(self, data: bytes) -> None:
        """Send nothing: an input device is not spoken to.

        Raises:
            TransportLost: There was something to send.
        """
        if data:
            raise TransportLost(f"{self._name}: takes no commands")

    def discard_input(self) -> None:
        """Throw away what has arrived and was not read."""
        for _ in range(MOST_DISCARDED):
            if not self.read(time.monotonic()):
                return

    def close(self) -> None:
        """Close the device, and with it let go of it."""
        with contextlib.suppress(OSError):
            os.close(self._descriptor)
