"""Questions to a social security card and what its answers mean. Pure.

::

    select the environment    00 A4 04 00 0F "sx1.sh.社会保障" (GBK)
    select a file             00 A4 02 00 02 EF 05          P1 00 on some cards
    read an item              00 B2 item 00 00              by its tag, or
                              00 B2 number 04 00            by its number in the file
    answer                    tag (1) length (1) value … SW1 SW2

SW 61xx: xx bytes wait to be fetched (00 C0 00 00 xx).  SW 6Cxx: ask again for xx bytes.
Only EF05 (who issued it) and EF06 (who holds it) can be read without a PIN; of them only what a
visit needs is asked for.

Source: 人社信息函[2012]37号 (structure V2.0), as described at blog.csdn.net/zz_bubble/article/
details/106245384 and in public code of two regions; ISO/IEC 7816-4 for the status words.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

ENVIRONMENT = "sx1.sh.社会保障".encode("gbk")
"""Name of the social security environment on the card."""

SELECT_ENVIRONMENT = bytes([0x00, 0xA4, 0x04, 0x00, len(ENVIRONMENT)]) + ENVIRONMENT

_MOST_FOLLOWED = 8
"""Follow-ups of one question; a card that asks for more is playing."""

_LONGEST_DATA = 512


class File(enum.IntEnum):
    """The two files that are open to everyone."""

    ISSUER = 0xEF05
    HOLDER = 0xEF06


class Item(enum.Enum):
    """What is read: tag, file, and number in its file."""

    EXPIRY = (0x06, File.ISSUER, 6)
    CARD_NUMBER = (0x07, File.ISSUER, 7)
    NUMBER = (0x08, File.HOLDER, 1)
    NAME = (0x09, File.HOLDER, 2)

    @property
    def tag(self) -> int:
        """Its tag."""
        return self.value[0]

    @property
    def file(self) -> File:
        """The file it is in."""
        return self.value[1]

    @property
    def number(self) -> int:
        """Its number in the file, counted from 1."""
        return self.value[2]


class Status(enum.Enum):
    """What SW1 SW2 mean here."""

    OK = "ok"
    NOT_FOUND = "not found"
    """6A82, 6A83, 6A88: there is no such environment, file or item."""
    WRONG_PARAMETERS = "wrong parameters"
    """6A86, 6B00: this card wants the other form of the question."""
    BLOCKED = "blocked"
    """6283, 6A81, 9303: the application or the card is blocked."""
    CLOSED = "closed"
    """6982, 6985: not without a PIN or a security module."""
    OTHER = "other"


_STATUS: Mapping[int, Status] = {
    0x9000: Status.OK,
    0x6A82: Status.NOT_FOUND,
    0x6A83: Status.NOT_FOUND,
    0x6A88: Status.NOT_FOUND,
    0x6A86: Status.WRONG_PARAMETERS,
    0x6B00: Status.WRONG_PARAMETERS,
    0x6283: Status.BLOCKED,
    0x6A81: Status.BLOCKED,
    0x9303: Status.BLOCKED,
    0x6982: Status.CLOSED,
    0x6985: Status.CLOSED,
}


class CardError(ValueError):
    """What the card answered makes no sense; says where, never what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SocialCard:
    """What a visit needs of a card; its `repr` shows none of it, for that may reach a log.

    Attributes:
        number: Social security number, 18 characters; of citizens that is the identity number.
        name: As on the card.
        card_number: Printed on the card, 9 characters.
        expiry: Last day it is good; None when the card does not say.
    """

    number: str = field(repr=False)
    name: str = field(repr=False)
    card_number: str = field(repr=False)
    expiry: dt.date | None = field(repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """The end of an exchange."""

    status: Status
    data: bytes = field(repr=False)
    words: int
    """SW1 SW2, for technicians."""


class Exchange:
    """One question and its follow-ups: send `to_send`, give what came to `receive`, and so on."""

    def __init__(self, command: bytes) -> None:
        self.to_send = command
        self._data = b""
        self._left = _MOST_FOLLOWED

    def receive(self, answer: bytes) -> Reply | None:
        """Take an answer; return the reply, or None when `to_send` is to be sent next.

        Raises:
            CardError: It has no status words, or goes on for too long.
        """
        if len(answer) < 2:
            raise CardError("an answer without status words")
        data, first, second = answer[:-2], answer[-2], answer[-1]
        self._data += data
        self._left -= 1
        if self._left < 0 or len(self._data) > _LONGEST_DATA:
            raise CardError("an answer without end")
        if first == 0x61:
            self.to_send = bytes([0x00, 0xC0, 0x00, 0x00, second])
            return None
        if first == 0x6C:
            self._data = b""
            self.to_send = self.to_send[:4] + bytes([second])
            return None
        words = first << 8 | second
        status = _STATUS.get(words, Status.OTHER)
        return Reply(status=status, data=self._data, words=words)


def select_file(file: File, *, p1: int = 0x02) -> bytes:
    """Return the question that makes a file the current one."""
    return bytes([0x00, 0xA4, p1, 0x00, 0x02]) + file.to_bytes(2, "big")


def read_item(item: Item, *, by_number: bool = False) -> bytes:
    """Return the question for an item of the current file."""
    if by_number:
        return bytes([0x00, 0xB2, item.number, 0x04, 0x00])
    return bytes([0x00, 0xB2, item.tag, 0x00, 0x00])


def value_of(item: Item, data: bytes) -> bytes:
    """Return the value in the answer to an item.

    Raises:
        CardError: It is another item, or longer or shorter than it says.
    """
    if len(data) < 2 or data[0] != item.tag or len(data) - 2 != data[1]:
        raise CardError(f"{item.name} is not a whole item")
    return data[2:]


def card_of(values: Mapping[Item, bytes]) -> SocialCard:
    """Return the card whose items these are.

    Raises:
        CardError: One of them makes no sense.
    """
    return SocialCard(
        number=_code(Item.NUMBER, values, 18),
        name=_name(values[Item.NAME]),
        card_number=_code(Item.CARD_NUMBER, values, 9),
        expiry=_day(values[Item.EXPIRY]),
    )


def from_vendor(text: str) -> SocialCard:
    """Return the card that a region's driver (`iReadCardBas`) tells.

    Its eleven fields, each ended by a bar: region, social security number, card number,
    identification code, name, ATR, version, day of issue, day of expiry, terminal, device.

    Raises:
        CardError: It is none of that form.
    """
    fields = text.rstrip("\r\n\0").split("|")
    if len(fields) < 10:
        raise CardError("the vendor's text has too few fields")
    try:
        expiry = fields[8].strip()
        return card_of(
            {
                Item.NUMBER: fields[1].encode("ascii"),
                Item.CARD_NUMBER: fields[2].encode("ascii"),
                Item.NAME: fields[4].encode("gb18030"),
                Item.EXPIRY: bytes.fromhex(expiry) if expiry else b"",
            }
        )
    except ValueError as error:
        raise CardError("the vendor's text makes no sense") from error


def _code(item: Item, values: Mapping[Item, bytes], length: int) -> str:
    text = values[item].rstrip(b"\x00 ").decode("ascii", errors="replace")
    if len(text) != length or not text.isascii() or not text.isalnum():
        raise CardError(f"{item.name} is not of {length} letters and digits")
    return text.upper()


def _name(value: bytes) -> str:
    try:
        name = value.rstrip(b"\x00 ").decode("gb18030").strip()
    except UnicodeDecodeError:
        raise CardError("NAME is not GBK") from None
    if not name or not name.isprintable():
        raise CardError("NAME is empty or no name")
    return name


def _day(value: bytes) -> dt.date | None:
    """Read a day of eight BCD digits; unset ones are FF or 00."""
    if not value.strip(b"\xff") or not value.strip(b"\x00"):
        return None
    try:
        return dt.datetime.strptime(value.hex(), "%Y%m%d").replace(tzinfo=dt.UTC).date()
    except ValueError:
        raise CardError("EXPIRY is not a day") from None
