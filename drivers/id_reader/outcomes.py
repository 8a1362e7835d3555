"""What a read can end with, and what a status of the reader means for it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from drivers.id_reader.card import Card
from drivers.id_reader.codec import Command, Handling, Reply, Status


class CardProblem(enum.StrEnum):
    """Why a read ended without a card. The value is the error code of the service."""

    NO_CARD = "noCard"
    CANCELLED = "cancelled"
    CARD_REMOVED = "cardRemoved"
    CARD_UNREADABLE = "cardUnreadable"
    CARD_UNSUPPORTED = "cardUnsupported"
    AUTHENTICATION_FAILED = "authenticationFailed"
    READER_FAILED = "readerFailed"


class Progress(enum.StrEnum):
    """What a read tells while it works."""

    LIFT_FIRST = "liftFirst"
    """A card that was read before lies on the reader: it must be lifted (and put down again)."""
    LIFTED = "lifted"
    """That card was lifted: another one can be put down."""
    CARD_FOUND = "cardFound"
    """A card was put down and is being read: it must stay."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderIdentity:
    """Which reader this is: its module's serial as printed, or its id in hex if it has none."""

    sam_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CardReading:
    """A card that was read.

    Attributes:
        card: Its text.
        photo: The compressed picture as the card holds it, 1024 bytes as a rule.
        newest_address: Where its holder moved since it was printed; "" when it says nothing of
            that, None when it was not asked or the card was lifted before it answered.
        fingerprints: Templates, only when they were asked for and the card has some.
    """

    card: Card
    photo: bytes = field(repr=False)
    newest_address: str | None = field(default=None, repr=False)
    fingerprints: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadFailure:
    """A read that ended without a card; `detail` is technical and holds nothing of the card."""

    problem: CardProblem
    detail: str = ""

    @property
    def final(self) -> bool:
        """Whether to try the same card again is useless."""
        return self.problem in {CardProblem.CARD_UNSUPPORTED, CardProblem.READER_FAILED}


_BY_HANDLING: Mapping[Handling, CardProblem] = MappingProxyType(
    {
        Handling.UNSUPPORTED: CardProblem.CARD_UNSUPPORTED,
        Handling.ASK_AGAIN: CardProblem.READER_FAILED,  # it was asked again before
        Handling.OUT_OF_SERVICE: CardProblem.READER_FAILED,
    }
)
_AUTHENTICATION = frozenset(
    {
        Status.CARD_REFUSED_READER,
        Status.READER_REFUSED_CARD,
        Status.BAD_VERIFICATION,
        Status.BAD_FINGERPRINT,
        Status.NO_RANDOM,
    }
)


def failure(command: Command, reply: Reply) -> ReadFailure:
    """Return what an answer that is no success means for the read."""
    if reply.status in _AUTHENTICATION:
        problem = CardProblem.AUTHENTICATION_FAILED
    else:
        problem = _BY_HANDLING.get(reply.status.handling, CardProblem.CARD_UNREADABLE)
    code = reply.sw.hex(" ")
    return ReadFailure(problem=problem, detail=f"{command.name}: {reply.status.name} ({code})")
