"""The port of a serial device, with our own deadlines and one error.

pyserial knows serial ports, `socket://host:port` and more by URL, and `usb:PATH` is a USB printer's
character device; this wraps what a driver needs:

- a read returns as soon as something came, or b"" when its deadline passed; pyserial's own timeout
  stays fixed and small, for changing it on an open port reconfigures the line;
- a write has a time limit, for a peer that stopped would block it for ever;
- the port is exclusive, so two of our processes never share a line;
- whatever pyserial, the kernel or termios raise becomes `TransportLost` (`TransportStalled` when
  the write's time is over), with the first message kept.

A deadline is an instant of `time.monotonic()`, in seconds. One thread owns a transport.
"""

from __future__ import annotations

import contextlib
import termios
import time
from typing import TYPE_CHECKING, Protocol, Self, cast

import serial

from drivers.character_port import PREFIX, CharacterPort
from drivers.errors import TransportLost, TransportStalled
from drivers.line_trace import LINE

if TYPE_CHECKING:
    from collections.abc import Iterator

SLICE_S = 0.05
"""Longest single wait inside pyserial; a deadline is kept to within this."""

WRITE_LIMIT_S = 2.0
"""A device that takes no byte for this long has stopped."""

SOCKET_CHUNK = 4096
"""Most bytes taken from a socket in one read; pyserial tells only whether one is waiting."""

MOST_DISCARDED = 64 * 1024
"""Most bytes of a socket thrown away at once."""


class _Port(Protocol):
    """What is used of pyserial; its serial ports and its URL handlers all have it."""

    @property
    def in_waiting(self) -> int: ...
    def read(self, size: int) -> bytes: ...
    def write(self, data: bytes) -> int | None: ...
    def reset_input_buffer(self) -> None: ...
    def reset_output_buffer(self) -> None: ...
    def close(self) -> None: ...


class Transport:
    """An open line to one device. Made by `Transport.open`; closed by `close` or a `with` block."""

    def __init__(self, port: _Port, name: str) -> None:
        self._port = port
        self._name = name
        self._is_socket = "://" in name

    @classmethod
    def open(cls, url: str, *, baudrate: int = 115200) -> Transport:
        """Open a serial device path, a pyserial URL or `usb:PATH`; 8N1 without flow control.

        What arrived before the open is lost.

        Raises:
            TransportLost: There is no such port, it is in use, or it may not be opened.
        """
        if url.startswith(PREFIX):
            with _one_error(url):
                path = url.removeprefix(PREFIX)
                usb = CharacterPort(path, wait_s=SLICE_S, write_limit_s=WRITE_LIMIT_S)
            return cls(usb, url)
        with _one_error(url):
            port = serial.serial_for_url(
                url,
                baudrate=baudrate,
                timeout=SLICE_S,
                write_timeout=WRITE_LIMIT_S,
                exclusive=None if "://" in url else True,
            )
        return cls(cast("_Port", port), url)

    @property
    def name(self) -> str:
        """What was opened, for messages."""
        return self._name

    def read(self, deadline: float) -> bytes:
        """Return the next bytes as soon as there are any; b"" when `deadline` passes first.

        Raises:
            TransportLost: The line hung up.
        """
        with _one_error(self._name):
            while True:
                first = self._port.read(1)
                if first:
                    data = bytes(first) + self._rest()
                    LINE.came(data)
                    return data
                if time.monotonic() >= deadline:
                    return b""

    def arrived(self) -> bytes:
        """Return what has arrived already, without waiting; mostly b"".

        Raises:
            TransportLost: The line hung up.
        """
        with _one_error(self._name):
            data = self._rest()
        LINE.came(data)
        return data

    def write(self, data: bytes) -> None:
        """Send all of `data`.

        Raises:
            TransportLost: The line hung up; how much went out is then unknown.
            TransportStalled: It took nothing for `WRITE_LIMIT_S`; the same.
        """
        LINE.sent(data)
        with _one_error(self._name):
            self._port.write(data)

    def discard_input(self) -> None:
        """Throw away what has arrived and was not read; of a socket that floods, some of it."""
        with _one_error(self._name):
            if not self._is_socket:
                self._port.reset_input_buffer()
                return
            for _ in range(MOST_DISCARDED // SOCKET_CHUNK):  # pyserial would go on for ever
                if not self._rest():
                    return

    def drain(self, quiet_s: float, limit_s: float = 2.0) -> int:
        """Read and drop until the line is silent for `quiet_s`, at most `limit_s`.

        Returns:
            How many bytes were dropped.
        """
        end, dropped = time.monotonic() + limit_s, 0
        while piece := self.read(min(end, time.monotonic() + quiet_s)):
            dropped += len(piece)
            if time.monotonic() >= end:
                break
        return dropped

    def close(self) -> None:
        """Close the port; a line that is already gone closes too."""
        with contextlib.suppress(OSError, termios.error):
            self._port.reset_output_buffer()
        with contextlib.suppress(OSError, termios.error):
            self._port.close()

    def _rest(self) -> bytes:
        """Return what else is there already."""
        if not self._is_socket:
            waiting = self._port.in_waiting
            return bytes(self._port.read(waiting)) if waiting else b""
        rest = bytearray()
        while len(rest) < SOCKET_CHUNK and self._port.in_waiting:
            rest += self._port.read(1)
        return bytes(rest)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@contextlib.contextmanager
def _one_error(name: str) -> Iterator[None]:
    """Turn everything a port can raise into `TransportLost`."""
    try:
        yield
    except serial.SerialTimeoutException as error:
        raise TransportStalled(f"{name}: takes no byte") from error
    except (OSError, termios.error, ValueError) as error:  # SerialException is an OSError
        raise TransportLost(f"{name}: {error}") from error
