"""Bytes of an ID reader: from the wire to a person or a named outcome.

The first byte says how the input is cut. What follows is heard by the receiver as it is, and given,
piece by piece, as the reader's answers to a whole read: half of the pieces as they are, half of
them put into a right frame, so that what lies behind the checksum is reached.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from drivers.errors import DeviceError
from drivers.id_reader.card import CardKind
from drivers.id_reader.checks import checks
from drivers.id_reader.codec import MAX_LENGTH, ReplyReceiver, frame
from drivers.id_reader.device import IdReader, ReaderOptions
from drivers.id_reader.outcomes import CardReading, ReadFailure
from drivers.id_reader.record import person_record
from tests.devices.id_line import ScriptedLine, answers

OPTIONS = ReaderOptions(poll_s=0, kinds=frozenset(CardKind))
SEEDS = [b"\x10" + answer for answer in answers().values()] + [b"\x00", b"\x07" + b"\xaa" * 40]


def one_input(data: bytes) -> None:
    """Hear the bytes, and read a card from a reader that answers with them."""
    size, rest = (data[0] if data else 0) + 1, data[1:]
    hear(rest, size)
    told = pieces(rest, size * 8)
    line = ScriptedLine(lambda _: next(told, b""), piece=size)
    read(line)


def hear(data: bytes, size: int) -> None:
    """Give bytes to a receiver in pieces of `size`; it never keeps more than a frame."""
    receiver = ReplyReceiver()
    for at in range(0, len(data), size):
        receiver.receive(data[at : at + size])
        assert receiver.kept < 2 + MAX_LENGTH


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """Yield the answers: every second one as it is, the others in a right frame."""
    for number, at in enumerate(range(0, len(data), size)):
        piece = data[at : at + size]
        yield frame(piece) if number % 2 else piece


def read(line: ScriptedLine) -> CardReading | ReadFailure:
    """Identify a reader and read its card; whatever comes is one of the named outcomes."""
    reader = IdReader(line, OPTIONS, clock=line.clock)
    with contextlib.suppress(DeviceError):
        reader.identify()
    outcome = reader.read(line.now + 0.05)
    if isinstance(outcome, CardReading):
        person_record(outcome)
        checks(outcome.card)
    return outcome
