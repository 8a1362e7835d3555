"""A line to an ID reader without a port: answers at once, may be cut anywhere; its time is its own.

What takes seconds on a port (an answer that never comes) takes none here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from drivers.errors import TransportLost
from drivers.id_reader.card import Card, encode_address, encode_card
from drivers.id_reader.codec import (
    CardBlock,
    Command,
    Request,
    RequestReceiver,
    Status,
    join_block,
    reply,
)
from tests.devices.people import CARD

Answer = Callable[[Request], bytes]


def answers(card: Card = CARD, newest_address: str = "") -> dict[bytes, bytes]:
    """Return what a reader with a card on it says to each command of a read."""
    block = join_block(CardBlock(text=encode_card(card), photo=b"\xaa\xaa\xaa\x96\x69" * 200))
    newest = reply(Status.OK, encode_address(newest_address))
    return {
        Command.SAM_STATUS.value: reply(Status.OK),
        Command.SAM_ID.value: reply(Status.OK, bytes(16)),
        Command.FIND_CARD.value: reply(Status.CARD_FOUND, bytes(4)),
        Command.SELECT_CARD.value: reply(Status.OK, bytes(8)),
        Command.READ_TEXT_PHOTO.value: reply(Status.OK, block),
        Command.READ_NEWEST_ADDRESS.value: newest if newest_address else reply(Status.NO_CONTENT),
        Command.RESET.value: reply(Status.OK),
    }


def by_table(table: Mapping[bytes, bytes]) -> Answer:
    """Return an answer that looks the command up."""
    return lambda request: table.get(request.command, reply(Status.BAD_COMMAND))


class ScriptedLine:
    """One line.

    Args:
        answer: What the other end says to a request.
        cut_after: Bytes of the conversation, both ways, after which the line is gone.
        piece: Most bytes of one read.
    """

    MOST_CALLS = 3000
    """A driver that asks more of one line than this would never end."""

    def __init__(self, answer: Answer, *, cut_after: int | None = None, piece: int = 4096) -> None:
        self.now = 0.0
        self.spent = 0
        self._answer = answer
        self._cut_after = cut_after
        self._piece = piece
        self._calls = 0
        self._ear = RequestReceiver()
        self._waiting = bytearray()

    def clock(self) -> float:
        """Return this line's time in seconds."""
        return self.now

    def write(self, data: bytes) -> None:
        """Take a request; what it is answered waits to be read."""
        self._allow(data)
        for event in self._ear.receive(data):
            if isinstance(event, Request):
                self._waiting += self._answer(event)

    def read(self, deadline: float) -> bytes:
        """Return what waits; nothing takes until the deadline."""
        piece = self._allow(bytes(self._waiting[: self._piece]))
        del self._waiting[: self._piece]
        if not piece:
            self.now = max(self.now, deadline)
        return piece

    def discard_input(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def drain(self, quiet_s: float, limit_s: float = 2.0) -> int:
        """Forget what waits, and be silent for a while."""
        del limit_s
        self.now += quiet_s
        dropped = len(self._waiting)
        self._waiting.clear()
        return dropped

    def _allow(self, data: bytes) -> bytes:
        """Return as much of `data` as comes through before the line is cut."""
        self._calls += 1
        assert self._calls < self.MOST_CALLS, "the driver does not end"
        self.now += 0.001
        left = len(data) if self._cut_after is None else self._cut_after - self.spent
        if self._cut_after is not None and left <= 0:
            raise TransportLost("cut")
        self.spent += min(left, len(data))
        return data[:left]
