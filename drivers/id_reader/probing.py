"""Open a reader at the speed it answers at.

A module keeps its speed when the power goes, so one that was set up elsewhere may talk at any of
five. Each is asked for its status for a short time, the one of the works first, round after round:
a module that is just starting answers none of them for up to three seconds.

The line is opened anew for each speed. Over a network there is no speed to find: the box at the
other end has it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from drivers.errors import DeviceError, DeviceGarbled, DeviceSilent
from drivers.id_reader.codec import BAUDRATES, Command
from drivers.id_reader.device import IdReader, ReaderOptions
from drivers.id_reader.exchange import Exchange
from drivers.id_reader.outcomes import ReaderIdentity
from drivers.transport import Transport

PROBE_S: Final = (0.4, 0.5, 0.8)
"""Seconds each speed is given to answer, round by round; at the slowest the bytes take 0.02 s."""

SETTLE_S: Final = 0.005
"""Least time between a change of speed and the next byte (one public driver)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenReader:
    """A reader that answered. `baudrate` is None over a network."""

    transport: Transport
    reader: IdReader
    identity: ReaderIdentity
    baudrate: int | None

    @property
    def description(self) -> str:
        """What is told of it: protocol and speed."""
        line = f"{self.baudrate} baud" if self.baudrate else "network"
        return f"SAM module (GA/T 467), {line}"


def open_reader(
    port: str,
    options: ReaderOptions,
    *,
    baudrate: int | None = None,
    first: int | None = None,
    patience_s: float = math.inf,
) -> OpenReader:
    """Open a port and find the reader on it.

    Args:
        port: Path of a serial line, or a URL such as ``socket://host:port``.
        options: How the reader is used.
        baudrate: Its speed; None finds it.
        first: The speed to try first, such as the one that worked last time.
        patience_s: Seconds after which no further round of speeds is begun.

    Raises:
        TransportLost: The port cannot be opened, or went away.
        DeviceSilent, DeviceGarbled: Nothing on it answers as a reader.
        DeviceFailed: The reader says that it cannot work.
    """
    if "://" in port:
        return _identified(Transport.open(port), options, None)
    if baudrate:
        return _identified(Transport.open(port, baudrate=baudrate), options, baudrate)
    speeds = [*([first] if first else []), *BAUDRATES]
    transport, speed = _probe(port, speeds, time.monotonic() + patience_s)
    return _identified(transport, options, speed)


def reset_reader(port: str, baudrate: int | None = None) -> None:
    """Send a reader the reset of its module, at its speed or that of the works.

    Raises:
        DeviceError: It did not answer, or the port cannot be opened.
    """
    with Transport.open(port, baudrate=baudrate or next(iter(BAUDRATES))) as transport:
        Exchange(transport).ask(Command.RESET)


def _identified(transport: Transport, options: ReaderOptions, baudrate: int | None) -> OpenReader:
    """Learn which reader is on an open line; the line is closed when there is none."""
    try:
        reader = IdReader(transport, options)
        identity = reader.identify()
    except DeviceError:
        transport.close()
        raise
    return OpenReader(transport=transport, reader=reader, identity=identity, baudrate=baudrate)


def _probe(port: str, speeds: Sequence[int], until: float) -> tuple[Transport, int]:
    """Return the line at the first speed at which a reader answers, whatever it says.

    Raises:
        DeviceSilent: Nothing came at any speed.
        DeviceGarbled: Something came, and at no speed what a reader says.
    """
    distinct = list(dict.fromkeys(speeds))
    heard: DeviceError | None = None
    for limit_s in PROBE_S:
        for speed in distinct:
            transport = Transport.open(port, baudrate=speed)
            wrong = _wrong_answer(transport, limit_s)
            if wrong is None:
                return transport, speed
            transport.close()
            heard = wrong if isinstance(wrong, DeviceGarbled) else heard
        if time.monotonic() >= until:
            break
    tried = ", ".join(map(str, distinct))
    if heard is not None:
        raise DeviceGarbled(f"something answers, at none of {tried} baud as a reader: {heard}")
    raise DeviceSilent(f"no reader answers at any of {tried} baud")


def _wrong_answer(transport: Transport, limit_s: float) -> DeviceError | None:
    """Return what is wrong with the answer at this speed; None for that of a reader."""
    time.sleep(SETTLE_S)
    try:
        Exchange(transport).ask_once(Command.SAM_STATUS, limit_s=limit_s)
    except (DeviceSilent, DeviceGarbled) as error:
        return error
    except DeviceError:
        transport.close()
        raise
    return None
