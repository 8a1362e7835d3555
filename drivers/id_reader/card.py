"""What the 256-byte text block of a card says: block to `Card`, and back for the simulator. Pure.

The block is UTF-16LE in fixed slots, padded with spaces. Byte 248 tells the kind: `I` a foreigner's
permit of 2017, `Y` one of 2023, `J` a residence permit for Hong Kong, Macao and Taiwan residents,
no letter a citizen's card.

Codes stay codes and words stay words: whether a card has expired or its number is plausible is
judged by who uses it (`checks`). A name may hold any character of Unicode, private use and
surrogate pairs included.

Sources of the slots: citizen, 2017 and HMT layouts are alike in at least two public driver
programs; the 2023 layout is in one, with the published rules of its number (eastcoms.com,
新版外国人永久居留身份证机读信息规则), and is to be tried with a real card.
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

BLOCK_SIZE = 256
ADDRESS_SIZE = 70
"""Bytes of the append information: 35 characters (one source)."""
_PADDING = " \0"
LONG_TERM = "长期"
"""What stands in the last-day slot of a card without an end."""


class CardKind(enum.StrEnum):
    """The cards that share this reader."""

    CITIZEN = "citizen"
    FOREIGNER_2017 = "foreigner_2017"
    FOREIGNER_2023 = "foreigner_2023"
    HMT = "hmt"
    """Residence permit for residents of Hong Kong, Macao and Taiwan."""


class CardFault(enum.StrEnum):
    """Why a text block is not a card we can read."""

    WRONG_SIZE = "wrong-size"
    UNKNOWN_TYPE = "unknown-type"
    BAD_DATE = "bad-date"
    MISSING = "missing"


class CardError(Exception):
    """The text block does not hold a card; `fault` says why, the message never quotes it."""

    def __init__(self, fault: CardFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Card:
    """The text of one card; its `repr` tells the kind alone, for that may reach a log.

    Attributes:
        sex_code: One digit of GB/T 2261.1.
        nation_code: Two digits of GB/T 3304, citizens only.
        nationality: Three letters of ISO 3166, foreigners only.
        valid_to: Last day; None for 长期.
        pass_number: Number of the travel pass, permits of HMT residents only.
        issue_count: How often the permit was issued, as printed; not on citizens' cards.
        card_version: As printed, permits of 2017 only.
        previous_permit: Part of the number of the permit before, permits of 2023 only.
    """

    kind: CardKind = CardKind.CITIZEN
    name: str
    sex_code: str
    birth_date: dt.date
    id_no: str
    valid_from: dt.date
    valid_to: dt.date | None
    nation_code: str = ""
    address: str = ""
    issuer: str = ""
    name_en: str = ""
    nationality: str = ""
    pass_number: str = ""
    issue_count: str = ""
    card_version: str = ""
    previous_permit: str = ""

    def __repr__(self) -> str:
        return f"Card(kind={self.kind.value})"


Layout = Mapping[str, tuple[int, int]]
"""Slot name to (byte offset, byte length)."""

_TYPE_SLOT = (248, 2)

_CITIZEN: Layout = MappingProxyType(
    {
        "name": (0, 30),
        "sex_code": (30, 2),
        "nation_code": (32, 4),
        "birth_date": (36, 16),
        "address": (52, 70),
        "id_no": (122, 36),
        "issuer": (158, 30),
        "valid_from": (188, 16),
        "valid_to": (204, 16),
    }
)

LAYOUTS: Mapping[CardKind, Layout] = MappingProxyType(
    {
        CardKind.CITIZEN: _CITIZEN,
        CardKind.FOREIGNER_2017: MappingProxyType(
            {
                "name_en": (0, 120),
                "sex_code": (120, 2),
                "id_no": (122, 30),
                "nationality": (152, 6),
                "name": (158, 30),
                "valid_from": (188, 16),
                "valid_to": (204, 16),
                "birth_date": (220, 16),
                "card_version": (236, 4),
                "issuer": (240, 8),
            }
        ),
        CardKind.FOREIGNER_2023: MappingProxyType(
            {
                "name": (0, 30),
                "sex_code": (30, 2),
                "issue_count": (32, 4),
                "birth_date": (36, 16),
                "name_en": (52, 70),
                "id_no": (122, 36),
                "valid_from": (188, 16),
                "valid_to": (204, 16),
                "nationality": (242, 6),
                "previous_permit": (250, 6),
            }
        ),
        CardKind.HMT: MappingProxyType(
            {slot: place for slot, place in _CITIZEN.items() if slot != "nation_code"}
            | {"pass_number": (220, 18), "issue_count": (238, 4)}
        ),
    }
)
"""Where each kind keeps what; a long English name of a 2023 permit goes on in `_NAME_REST`."""

_NAME_REST = (220, 22)
_NAME_BREAK = 35
"""Characters of a 2023 permit's English name before it goes on elsewhere."""

_TYPE_LETTERS = MappingProxyType(
    {
        "I": CardKind.FOREIGNER_2017,
        "Y": CardKind.FOREIGNER_2023,
        "J": CardKind.HMT,
    }
)


def parse_card(block: bytes) -> Card:
    """Return the card a text block holds.

    Raises:
        CardError: The block has another size, is of an unknown kind, lacks the name or the number,
            or holds an impossible date.
    """
    if len(block) != BLOCK_SIZE:
        raise CardError(CardFault.WRONG_SIZE)
    kind = _kind(block)
    texts = {slot: _text(block, place) for slot, place in LAYOUTS[kind].items()}
    if kind is CardKind.FOREIGNER_2023:
        first = texts["name_en"].ljust(_NAME_BREAK)  # a space at the break belongs to the name
        texts["name_en"] = (first + _text(block, _NAME_REST)).rstrip(_PADDING)
    if not texts["id_no"] or not (texts["name"] or texts.get("name_en")):
        raise CardError(CardFault.MISSING)
    until = texts.pop("valid_to")
    return Card(
        kind=kind,
        birth_date=_date(texts.pop("birth_date")),
        valid_from=_date(texts.pop("valid_from")),
        valid_to=None if until == LONG_TERM else _date(until),
        **texts,
    )


def encode_card(card: Card) -> bytes:
    """Return the text block of `card`, as its chip would send it.

    Raises:
        ValueError: A text is longer than its slot.
    """
    block = bytearray(" ".encode("utf-16-le") * (BLOCK_SIZE // 2))
    texts = _texts(card)
    if card.kind is CardKind.FOREIGNER_2023 and len(card.name_en) > _NAME_BREAK:
        texts["name_en"] = card.name_en[:_NAME_BREAK]
        _put(block, _NAME_REST, card.name_en[_NAME_BREAK:])
    for slot, place in LAYOUTS[card.kind].items():
        _put(block, place, texts[slot])
    letters = {kind: letter for letter, kind in _TYPE_LETTERS.items()}
    _put(block, _TYPE_SLOT, letters.get(card.kind, ""))
    return bytes(block)


def decode_address(data: bytes) -> str:
    """Return the newest address of an append-information answer (35 characters UTF-16LE)."""
    return _text(data, (0, len(data) & ~1))


def encode_address(address: str) -> bytes:
    """Return the append information that carries `address`; the inverse of `decode_address`.

    Raises:
        ValueError: It is longer than 35 UTF-16 units.
    """
    data = bytearray(" ".encode("utf-16-le") * (ADDRESS_SIZE // 2))
    _put(data, (0, ADDRESS_SIZE), address)
    return bytes(data)


def _kind(block: bytes) -> CardKind:
    letter = _text(block, _TYPE_SLOT)
    if letter in _TYPE_LETTERS:
        return _TYPE_LETTERS[letter]
    if letter.isascii() and letter.isalpha():
        raise CardError(CardFault.UNKNOWN_TYPE)
    return CardKind.CITIZEN


def _text(block: bytes, place: tuple[int, int]) -> str:
    """Return a slot without its padding.

    Private-use characters and surrogate pairs are kept as they are; half a pair becomes U+FFFD.
    """
    offset, length = place
    raw = block[offset : offset + length]
    return raw.decode("utf-16-le", errors="replace").rstrip(_PADDING)


def _date(text: str) -> dt.date:
    if not re.fullmatch(r"[0-9]{8}", text):
        raise CardError(CardFault.BAD_DATE)
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        raise CardError(CardFault.BAD_DATE) from None


def _texts(card: Card) -> dict[str, str]:
    """Return every field of `card` as the text of its slot."""
    return {
        "name": card.name,
        "sex_code": card.sex_code,
        "nation_code": card.nation_code,
        "birth_date": f"{card.birth_date:%Y%m%d}",
        "address": card.address,
        "id_no": card.id_no,
        "issuer": card.issuer,
        "valid_from": f"{card.valid_from:%Y%m%d}",
        "valid_to": f"{card.valid_to:%Y%m%d}" if card.valid_to else LONG_TERM,
        "name_en": card.name_en,
        "nationality": card.nationality,
        "pass_number": card.pass_number,
        "issue_count": card.issue_count,
        "card_version": card.card_version,
        "previous_permit": card.previous_permit,
    }


def _put(block: bytearray, place: tuple[int, int], text: str) -> None:
    offset, length = place
    raw = text.encode("utf-16-le")
    if len(raw) > length:
        raise ValueError(f"a text of {len(raw)} bytes does not fit its slot of {length}")
    block[offset : offset + len(raw)] = raw
