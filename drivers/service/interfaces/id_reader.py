"""The ID reader: CardReader status words, and our extension XIdCard to read a person.

The standard has no message for a resident identity card.  CardReader supplies the status, the
prompts and the lifted-card event; ``XIdCard.Read`` returns the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from drivers.service.envelope import Payload
from drivers.service.interfaces.offer import ServiceSpec
from drivers.service.interfaces.spec import CommandSpec, InterfaceSpec
from drivers.service.interfaces.upkeep import TRACED
from drivers.service.options import OptionRule, Rule, number, word

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


class Decoder(StrEnum):
    """How the decoder of photos is (``xIdCard.photoDecoder``); left out without one."""

    OK = "ok"
    """It made a picture last time."""
    INOPERATIVE = "inop"
    """It is not there, or made none."""
    UNKNOWN = "unknown"
    """It was not used yet."""


class PhotoForm(StrEnum):
    """``photo`` of XIdCard.Read: which form of the photo is wanted."""

    ENCODED = "encoded"
    """As the card holds it."""
    DECODED = "decoded"
    """As a picture too, if there is a decoder."""


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


def status(media: Media, decoder: Decoder | None = None) -> dict[str, object]:
    """Return the interface part of the status; a contactless reader has no more to tell."""
    told: dict[str, object] = {"cardReader": {"media": media}}
    return told | ({"xIdCard": {"photoDecoder": decoder}} if decoder else {})


def capabilities(options: Mapping[str, str]) -> dict[str, object]:
    """Return the interface part of the capabilities of a reader with these options."""
    return {
        "cardReader": {
            "type": "contactless",
            "chipProtocols": {"chipTypeB": True},
            "cardTakenSensor": True,
        },
        "xIdCard": {
            "cardKinds": kinds(options),
            "photo": True,
            "photoDecoder": "photo_decoder" in options,
            "evidence": True,
        },
    }


def kinds(options: Mapping[str, str]) -> list[str]:
    """Return the kinds of cards a reader with these options takes."""
    return [kind.strip() for kind in options.get("kinds", "citizen").split(",")]


def _baudrate(value: object) -> str | None:
    """Take ``auto`` or a speed a module can have."""
    if value == "auto" or (isinstance(value, int) and value in _SPEEDS):
        return None
    return "is not auto or one of " + ", ".join(map(str, _SPEEDS))


_SPEEDS: Final = (115200, 57600, 38400, 19200, 9600)
_KIND = "(citizen|foreigner_2017|foreigner_2023|hmt)"

OPTIONS: Final[Mapping[str, OptionRule]] = {
    "baudrate": Rule(_baudrate, {"enum": ["auto", *_SPEEDS]}),
    "kinds": word(f"{_KIND}( *, *{_KIND})*"),
    "poll_s": number(0.1, 5),
    "latched": word("lift|read|reset"),
    "no_content": word("present|unknown"),
    "newest_address": word("ask|skip"),
    "max_rf_frame": number(16, 255),
    "photo_decoder": word(r"/[^'\"\\]+"),
    "photo_function": word("[A-Za-z_][A-Za-z0-9_]*"),
    "photo_flag": number(0, 255),
    "photo_order": word("backwards|forwards"),
    "photo_limit_s": number(0.2, 10),
}
"""What its entry in the file of ports may hold; ``docs/devices/id-reader.md`` explains each."""


def _check_read(payload: Payload) -> str | None:
    visit = payload.get("visit")
    if not isinstance(visit, str) or not 0 < len(visit) <= _LONGEST_VISIT or not visit.isascii():
        return f"visit is not a text of 1 to {_LONGEST_VISIT} ASCII characters"
    if payload.get("photo", PhotoForm.ENCODED) not in set(PhotoForm):
        return f"photo is not one of {', '.join(PhotoForm)}"
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
        *TRACED,
    ),
    unknown=status(Media.UNKNOWN),
    abilities=capabilities({}),
    abilities_with=capabilities,
    adapter="drivers.service.adapters.id_reader:IdReaderAdapter",
    options=OPTIONS,
)
