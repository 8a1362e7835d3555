"""The ID reader: CardReader status words, and our extension XIdCard to read a person.

The standard has no message for a resident identity card.  CardReader supplies the status, the
prompts and the lifted-card event; ``XIdCard.Read`` returns the person.
"""

from __future__ import annotations

from enum import StrEnum

from drivers.service.envelope import Payload
from drivers.service.interfaces.common import CommandSpec, InterfaceSpec, ServiceSpec
from drivers.service.options import BAUDRATE

READ = "XIdCard.Read"
INSERT_CARD = "CardReader.InsertCardEvent"
MEDIA_INSERTED = "CardReader.MediaInsertedEvent"
MEDIA_REMOVED = "CardReader.MediaRemovedEvent"
LIFT_CARD = "XIdCard.LiftCardEvent"
"""A card from before lies on the reader and is not read again: ask to lift it."""

_LONGEST_VISIT = 64


class Media(StrEnum):
    """Where the card is (``cardReader.media``)."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    NOT_PRESENT = "notPresent"


class ReadError(StrEnum):
    """``errorCode`` of XIdCard.Read."""

    CARD_REMOVED = "cardRemoved"
    """Lifted too early: ask to leave it until the tone."""
    CARD_UNREADABLE = "cardUnreadable"
    """Read, but what is on it makes no sense or cannot be read."""
    CARD_UNSUPPORTED = "cardUnsupported"
    """A card of another kind."""
    AUTHENTICATION_FAILED = "authenticationFailed"
    """Card and security module do not accept each other."""
    READER_FAILED = "readerFailed"
    """The reader itself failed; staff must act."""


def status(media: Media) -> dict[str, object]:
    """Return the interface part of the status; a contactless reader has no more to tell."""
    return {"cardReader": {"media": media}}


def capabilities() -> dict[str, object]:
    """Return the interface part of the capabilities."""
    return {
        "cardReader": {
            "type": "contactless",
            "chipProtocols": {"chipTypeB": True},
            "cardTakenSensor": True,
        },
        "xIdCard": {"cardKinds": ["citizen"], "photo": True, "evidence": True},
    }


def _check_read(payload: Payload) -> str | None:
    visit = payload.get("visit")
    if not isinstance(visit, str) or not 0 < len(visit) <= _LONGEST_VISIT or not visit.isascii():
        return f"visit is not a text of 1 to {_LONGEST_VISIT} ASCII characters"
    return None


ID_READER = ServiceSpec(
    service="IdReader",
    device="id-reader",
    interfaces=(
        InterfaceSpec(
            name="CardReader",
            events={INSERT_CARD: "2.0", MEDIA_INSERTED: "2.0", MEDIA_REMOVED: "2.0"},
        ),
        InterfaceSpec(
            name="XIdCard",
            events={LIFT_CARD: "1.0"},
            commands=(
                CommandSpec(name=READ, versions=("1.0",), answer_version="1.0", check=_check_read),
            ),
        ),
    ),
    unknown=status(Media.UNKNOWN),
    abilities=capabilities(),
    adapter="drivers.service.adapters.id_reader:IdReaderAdapter",
    options={"baudrate": BAUDRATE},
)
