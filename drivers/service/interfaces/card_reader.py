"""The social security card: CardReader, and our extension XSocialCard to read its holder.

The standard's ChipIO is not offered: it would let a caller send anything to a citizen's card.
"""

from __future__ import annotations

from enum import StrEnum

from drivers.service.envelope import Payload
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import UPKEEP

READ = "XSocialCard.Read"
READ_RAW_DATA = "CardReader.ReadRawData"
INSERT_CARD = "CardReader.InsertCardEvent"
MEDIA_INSERTED = "CardReader.MediaInsertedEvent"
MEDIA_REMOVED = "CardReader.MediaRemovedEvent"
TAKE_OUT = "XSocialCard.TakeOutEvent"
"""A card from before is in the slot and is not read: ask to take it out."""

NO_MEDIA, INVALID_MEDIA = "noMedia", "invalidMedia"
"""``errorCode`` of ReadRawData."""

_LONGEST_VISIT = 64
_SOURCES = {"track1", "track2", "track3", "security", "memoryChip", "frontImage", "backImage"}


class Media(StrEnum):
    """Where the card is (``cardReader.media``)."""

    UNKNOWN = "unknown"
    PRESENT = "present"
    NOT_PRESENT = "notPresent"


class ChipPower(StrEnum):
    """State of the chip (``cardReader.chipPower``)."""

    UNKNOWN = "unknown"
    ONLINE = "online"
    POWERED_OFF = "poweredOff"
    NO_CARD = "noCard"


class ReadError(StrEnum):
    """``errorCode`` of XSocialCard.Read."""

    CARD_REMOVED = "cardRemoved"
    CARD_UNREADABLE = "cardUnreadable"
    CARD_UNSUPPORTED = "cardUnsupported"
    CARD_BLOCKED = "cardBlocked"
    READER_FAILED = "readerFailed"


_CHIP = {
    Media.UNKNOWN: ChipPower.UNKNOWN,
    Media.PRESENT: ChipPower.POWERED_OFF,
    Media.NOT_PRESENT: ChipPower.NO_CARD,
}


def status(media: Media, *, powered: bool = False) -> dict[str, object]:
    """Return the interface part of the status."""
    chip = ChipPower.ONLINE if powered else _CHIP[media]
    return {"cardReader": {"media": media, "chipPower": chip}}


def _check_read(payload: Payload) -> str | None:
    visit = payload.get("visit")
    if not isinstance(visit, str) or not 0 < len(visit) <= _LONGEST_VISIT or not visit.isascii():
        return f"visit is not a text of 1 to {_LONGEST_VISIT} ASCII characters"
    return None


def _check_raw(payload: Payload) -> str | None:
    if payload.get("chip") is not True:
        return "only chip can be read, and is not asked for"
    if any(payload.get(source) for source in _SOURCES):
        return "only chip can be read"
    return None


SOCIAL_CARD = ServiceSpec(
    service="SocialCard",
    device="social-card",
    interfaces=(
        InterfaceSpec(
            name="CardReader",
            events={INSERT_CARD: "2.0", MEDIA_INSERTED: "2.0", MEDIA_REMOVED: "2.0"},
            commands=(CommandSpec(name=READ_RAW_DATA, versions=("2.0", "3.0"), check=_check_raw),),
        ),
        InterfaceSpec(
            name="XSocialCard",
            events={TAKE_OUT: "1.0"},
            commands=(
                CommandSpec(
                    name=READ,
                    versions=("1.0",),
                    answer_version="1.0",
                    check=_check_read,
                    stop_grace_s=2.0,
                ),
            ),
        ),
        *UPKEEP,
    ),
    unknown=status(Media.UNKNOWN),
    abilities={
        "cardReader": {
            "type": "dip",
            "chipProtocols": {"chipT0": True, "chipT1": True},
            "cardTakenSensor": True,
        },
        "xSocialCard": {"items": ["number", "name", "cardNumber", "expiry"]},
    },
    adapter="drivers.service.adapters.social_card:SocialCardAdapter",
    optional=True,
)
