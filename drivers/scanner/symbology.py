"""What kind of code it was: a scanner's own mark, as the standard's word. Pure.

The words are those of XFS4IoT ``BarcodeReader`` (``symbologies`` of the public JSON schema). A mark
that may mean several of them is `UNKNOWN`: nobody is told a guess.

Sources of the tables:

- AIM identifiers: ISO/IEC 15424 as printed in the guides of Honeywell 8600 p. 4-18, Honeywell
  Marathon p. 2-25, Denso AT27Q p. 62, Opticon universal menu book p. U89, Symbol PDT6800 p. F-16;
- Honeywell code ids: Honeywell 3820 guide p. A-2 (first letters), N86 guide, symbology chart;
- SSI code types: SSI programmer's guide 72E-40451 table of code types; two public drivers agree.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeVar

UNKNOWN: Final = "symbologyUnknown"

_Mark = TypeVar("_Mark", int, str)


class ToldBy(enum.StrEnum):
    """How a module says what kind of code it read."""

    NOTHING = "nothing"
    AIM = "aim"
    """Three characters before the payload: ``]``, a letter, a modifier."""
    CODE_ID = "code-id"
    """One letter before the payload, in Honeywell's table."""
    PACKET = "packet"
    """A field of the packet, beside the payload."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A record taken apart: the standard's word, the scanner's mark, and the bytes of the code."""

    symbology: str
    mark: str
    data: bytes


_AIM_MARK = re.compile(rb"\][A-Za-z][0-9A-Za-z]")

_AIM: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A": "code39",
        "F": "codabar",
        "G": "code93",
        "H": "code11",
        "I": "itf",
        "K": "code16K",
        "M": "msi",
        "O": "codablockF",
        "P": "plessey",
        "Q": "qrCode",
        "R": "std2Of5Iata",
        "S": "std2Of5",
        "T": "code49",
        "U": "maxiCode",
        "d": "dataMatrix",
        "z": "aztec",
    }
)
_AIM_MODIFIED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "C0": "code128",
        "C1": "ean128",
        "C2": "code128",
        "C4": "code128",
        "L0": "pdf417",
        "L1": "pdf417",
        "L2": "pdf417",
        "L3": "microPdf417",
        "L4": "microPdf417",
        "L5": "microPdf417",
        "E4": "ean8",
    }
)
"""Where the modifier decides; ``e`` (GS1 DataBar) and ``X`` (other) leave several words open."""

_EAN_BY_LENGTH: Final[Mapping[int, str]] = MappingProxyType({12: "upcA", 13: "ean13"})
_EAN_AND_MORE: Final[Mapping[int, str]] = MappingProxyType(
    {14: "upcA_2", 15: "ean13_2", 17: "upcA_5", 18: "ean13_5"}
)

_CODE_ID: Final[Mapping[str, str]] = MappingProxyType(
    {
        "c": "upcA",
        "E": "upcE0",
        "D": "ean8",
        "d": "ean13",
        "I": "ean128",
        "R": "microPdf417",
        "a": "codabar",
        "b": "code39",
        "e": "itf",
        "h": "code11",
        "i": "code93",
        "j": "code128",
        "r": "pdf417",
        "s": "qrCode",
        "w": "dataMatrix",
        "x": "maxiCode",
        "z": "aztec",
    }
)

_SSI: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x01: "code39",
        0x02: "codabar",
        0x03: "code128",
        0x04: "std2Of5",
        0x05: "std2Of5Iata",
        0x06: "itf",
        0x07: "code93",
        0x08: "upcA",
        0x09: "upcE0",
        0x0A: "ean8",
        0x0B: "ean13",
        0x0C: "code11",
        0x0D: "code49",
        0x0E: "msi",
        0x0F: "ean128",
        0x10: "upcE1",
        0x11: "pdf417",
        0x12: "code16K",
        0x13: "code39",
        0x15: "triopticCode39",
        0x1A: "microPdf417",
        0x1B: "dataMatrix",
        0x1C: "qrCode",
        0x25: "maxiCode",
        0x28: "pdf417",
        0x29: "qrCode",
        0x2D: "aztec",
        0x30: "rss",
        0x31: "rssRestricted",
        0x32: "rssExpanded",
        0x48: "upcA_2",
        0x4A: "ean8_2",
        0x4B: "ean13_2",
        0x88: "upcA_5",
        0x8A: "ean8_5",
        0x8B: "ean13_5",
    }
)


def split(told_by: ToldBy, record: bytes) -> Told:
    """Take the mark off a record; a record without one is a payload of unknown kind."""
    if told_by is ToldBy.AIM and _AIM_MARK.match(record):
        mark, data = record[:3].decode("ascii"), record[3:]
        return Told(symbology=by_aim(mark, len(data)), mark=mark, data=data)
    if told_by is ToldBy.CODE_ID and record[:1].isalpha():
        mark, data = record[:1].decode("ascii"), record[1:]
        return Told(symbology=_CODE_ID.get(mark, UNKNOWN), mark=mark, data=data)
    return Told(symbology=UNKNOWN, mark="", data=record)


def is_mark(data: bytes) -> bool:
    """Say whether these are the three characters of an AIM identifier."""
    return _AIM_MARK.fullmatch(data) is not None


def by_aim(mark: str, length: int) -> str:
    """Return the word for an AIM identifier such as ``]Q1`` before `length` bytes.

    ``]E0`` and ``]E3`` stand for the whole EAN family; its members differ in their length.
    """
    kind = mark[1:]
    if kind == "E0":
        return _EAN_BY_LENGTH.get(length, UNKNOWN)
    if kind == "E3":
        return _EAN_AND_MORE.get(length, UNKNOWN)
    return _AIM_MODIFIED.get(kind) or _AIM.get(kind[:1], UNKNOWN)


def by_ssi(code_type: int) -> str:
    """Return the word for the code type byte of an SSI packet."""
    return _SSI.get(code_type, UNKNOWN)


def words(told_by: ToldBy) -> frozenset[str]:
    """Return the words a module that tells in this way may give."""
    match told_by:
        case ToldBy.NOTHING:
            return frozenset()
        case ToldBy.CODE_ID:
            return frozenset(_CODE_ID.values())
        case ToldBy.PACKET:
            return frozenset(_SSI.values())
        case ToldBy.AIM:
            ean = {*_EAN_BY_LENGTH.values(), *_EAN_AND_MORE.values()}
            return frozenset({*_AIM.values(), *_AIM_MODIFIED.values(), *ean})


def mark_for(told_by: ToldBy, symbology: str) -> bytes:
    """Return the mark a module would send for a word; for simulators.

    Raises:
        KeyError: There is no mark of that kind for the word.
    """
    match told_by:
        case ToldBy.NOTHING:
            return b""
        case ToldBy.CODE_ID:
            return {word: letter for letter, word in _CODE_ID.items()}[symbology].encode("ascii")
        case ToldBy.PACKET:
            return bytes([_first(_SSI)[symbology]])
        case ToldBy.AIM:
            return f"]{_aim_letters()[symbology]}".encode("ascii")


def _aim_letters() -> dict[str, str]:
    letters = {word: letter + ("1" if letter == "Q" else "0") for letter, word in _AIM.items()}
    letters |= _first(_AIM_MODIFIED)
    letters |= dict.fromkeys(_EAN_BY_LENGTH.values(), "E0")
    return letters | dict.fromkeys(_EAN_AND_MORE.values(), "E3")


def _first(table: Mapping[_Mark, str]) -> dict[str, _Mark]:
    """Turn a table round; of several marks for one word, the first."""
    return {word: mark for mark, word in reversed(list(table.items()))}
