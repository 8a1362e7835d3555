"""Bytes of a pad's node and of an I/O board: named events and answers, in bounded memory."""

from __future__ import annotations

from typing import Final

from drivers.panel import keypad_profile
from drivers.panel.input_events import EVENT_BYTES, EventType, InputEvent
from drivers.panel.input_events import Receiver as EventReceiver
from drivers.panel.keys import Decoder
from drivers.panel.modbus import (
    Bits,
    Done,
    Receiver,
    Refused,
    read_inputs,
    sealed,
    write_coil,
    write_coils,
)

_KEYS: Final = keypad_profile.load("arrows")
_REQUESTS: Final = (
    read_inputs(1, 0, 8),
    write_coil(1, 2, on=True),
    write_coils(1, 0, [True] * 8),
)
_BUFFER: Final = 1024

SEEDS: Final = [
    b"\x00" + InputEvent(type=EventType.KEY, code=103, value=1).pack(),
    b"\x00" + InputEvent(type=EventType.SYN, code=3, value=0).pack(),
    b"\x01" + sealed(bytes.fromhex("010201a5")),
    b"\x02" + sealed(bytes.fromhex("01050002ff00")),
    b"\x03" + sealed(bytes.fromhex("018f02")),
]


def one_input(data: bytes) -> None:
    """Feed a pad (first byte 0) or the answer to one of the requests."""
    kind, data = data[:1], data[1:]
    if kind and kind[0] % 4:
        _board(kind[0] % 4 - 1, data)
    else:
        _pad(data)


def _pad(data: bytes) -> None:
    receiver = EventReceiver()
    events = [
        event for at in range(0, len(data), 7) for event in receiver.receive(data[at : at + 7])
    ]
    if len(events) != len(data) // EVENT_BYTES:
        raise AssertionError("an event was lost or made up")
    Decoder(_KEYS).decode(event for event in events if isinstance(event, InputEvent))


def _board(number: int, data: bytes) -> None:
    whole, pieces = Receiver(_REQUESTS[number]), Receiver(_REQUESTS[number])
    answer, last = whole.receive(data), None
    for at in range(0, len(data), 5):
        last = pieces.receive(data[at : at + 5])
    if answer != last or not isinstance(answer, Bits | Done | Refused | None):
        raise AssertionError("the answer depends on the pieces")
    if len(whole._buffer) > _BUFFER:
        raise AssertionError("the buffer grows")
