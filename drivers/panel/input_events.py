"""Linux input events: what a keypad's node says, as `struct input_event`. Pure.

::

    seconds (8) | microseconds (8) | type (2) | code (2) | value (4, signed)

Source: ``linux/input.h`` and ``linux/input-event-codes.h`` on a 64-bit kernel, native byte order.
The kernel only ever sends whole events of known types; anything else is `Nonsense`.

The receiver never raises, keeps less than one event, and gives the same events however the bytes
are cut into pieces.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass

_EVENT = struct.Struct("=qqHHi")
EVENT_BYTES = _EVENT.size
"""24: the size of one event."""

_TYPE_MAX = 0x1F
"""EV_MAX: there are no types beyond."""
_MICROSECONDS = 1_000_000
_LATEST_S = 1 << 40
"""No clock shows a later second."""


class EventType(enum.IntEnum):
    """The types a keypad sends; others (such as EV_MSC, the scan codes) are not looked at."""

    SYN = 0
    KEY = 1
    SW = 5
    """A switch, such as that of a headset jack."""


SYN_REPORT = 0
"""Ends what belongs together."""
SYN_DROPPED = 3
"""The reader was too slow: events are missing up to the next report."""


class KeyValue(enum.IntEnum):
    """What happened to a key."""

    UP = 0
    DOWN = 1
    REPEAT = 2
    """Sent by the kernel while a key is held."""


@dataclass(frozen=True, kw_only=True, slots=True)
class InputEvent:
    """One event; `at_s` is the kernel's time in seconds, good for differences only."""

    type: int
    code: int
    value: int
    at_s: float = 0.0

    def pack(self) -> bytes:
        """Return the bytes of this event, as the kernel writes them."""
        seconds, rest = divmod(round(self.at_s * _MICROSECONDS), _MICROSECONDS)
        return _EVENT.pack(seconds, rest, self.type, self.code, self.value)


@dataclass(frozen=True, slots=True)
class Nonsense:
    """24 bytes that no kernel sends: this is not an input node."""


Received = InputEvent | Nonsense


class Receiver:
    """The ear at an input node."""

    def __init__(self) -> None:
        self._rest = b""

    def receive(self, data: bytes) -> list[Received]:
        """Take bytes as they came, return the events that are complete."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT_BYTES
        self._rest = data[whole:]
        return [_event(*fields) for fields in _EVENT.iter_unpack(data[:whole])]


def _event(seconds: int, microseconds: int, kind: int, code: int, value: int) -> Received:
    timely = 0 <= seconds < _LATEST_S and 0 <= microseconds < _MICROSECONDS
    if not timely or kind > _TYPE_MAX or (kind == EventType.KEY and value not in set(KeyValue)):
        return Nonsense()
    at_s = seconds + microseconds / _MICROSECONDS
    return InputEvent(type=kind, code=code, value=value, at_s=at_s)
