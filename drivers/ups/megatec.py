"""The Megatec protocol (also Q1, Blazer, Voltronic), which low-cost UPSs speak at 2400 baud. Pure.

::

    Q1 CR  →  (MMM.M NNN.N PPP.P QQQ RR.R S.SS TT.T bbbbbbbb CR
              input V, fault V, output V, load %, Hz, battery V, °C, eight bits, highest first
    F CR   →  #MMM.M QQQ SS.SS RR.R CR         rated volts, amperes, battery volts, Hz
    I CR   →  #company (15), space, model (10), space, version (10) CR

A UPS that does not know a command sends it back, or `(NAK`.
Sources: networkupstools.org, "Megatec Protocol information" V2.7 (1996) and "Voltronic Power P
protocols" (QS and Q1; figures it does not know are dashes); Best 510 manual, appendix A.

The receiver never raises, keeps at most `MAX_LINE` bytes, and gives the same lines however the
bytes are cut into pieces.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from drivers.ups.lines import ParsedLines
from drivers.ups.power import Health, Power, Reading

MAX_LINE = 128
"""Longest line taken; the longest of the protocol has 47 bytes."""

BAUDRATE = 2400


class Query(enum.StrEnum):
    """What is asked."""

    STATUS = "Q1"
    RATING = "F"
    IDENTITY = "I"


class Order(enum.StrEnum):
    """What is done when staff ask for it; none is answered.  Nothing that switches is ever sent."""

    TEST = "T"
    """Try the battery for ten seconds, then return to mains (Megatec V2.7, section D)."""
    CANCEL_TEST = "CT"


class Bit(enum.IntFlag):
    """The eight bits of a status."""

    MAINS_FAILED = 0x80
    BATTERY_LOW = 0x40
    BYPASS_OR_BOOST = 0x20
    FAILED = 0x10
    STANDBY_TYPE = 0x08
    """The UPS is of the standby kind: bit 5 means boost, not bypass."""
    TESTING = 0x04
    SHUTTING_DOWN = 0x02
    """It counts down to cutting the power, on mains too."""
    BEEPER_ON = 0x01


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """An answer to Q1; figures the UPS does not know are None."""

    bits: Bit
    load: float | None
    battery_volts: float | None
    input_volts: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """An answer to F."""

    battery_volts: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """An answer to I."""

    company: str
    model: str
    version: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """The UPS does not know what was asked."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A line that is no answer of the protocol, or longer than any."""


Line = Status | Rating | Identity | NotKnown | Unreadable

_FIGURE = r"(?:\d{1,3}(?:\.\d{1,2})?|-{1,3}\.?-{0,2})"
_STATUS = re.compile(
    rf"\(({_FIGURE}) {_FIGURE} {_FIGURE} ({_FIGURE}) {_FIGURE} ({_FIGURE}) {_FIGURE} +([01]{{8}})"
)
_RATING = re.compile(rf"#{_FIGURE} +{_FIGURE} +({_FIGURE}) +{_FIGURE}")
_ECHOES = {word.value for word in (*Query, *Order)} | {"(NAK", "NAK"}
_COMPANY, _MODEL, _VERSION = slice(1, 16), slice(17, 27), slice(28, 38)
_IDENTITY_LENGTHS = range(28, 39)


def ask(query: Query | Order) -> bytes:
    """Return the bytes of a question or an order."""
    return query.encode("ascii") + b"\r"


class Receiver(ParsedLines[Line]):
    """The host's ear: bytes of a UPS become lines."""

    def __init__(self) -> None:
        super().__init__(parse, Unreadable(), MAX_LINE)


def parse(line: bytes) -> Line:
    """Read one line without its end; noise before the start byte is passed over."""
    text = line.decode("ascii", errors="replace")
    if text.strip() in _ECHOES:
        return NotKnown()
    if "(" in text and (found := _STATUS.fullmatch(text[text.index("(") :].rstrip())):
        return Status(
            input_volts=_figure(found[1]),
            load=_figure(found[2]),
            battery_volts=_figure(found[3]),
            bits=Bit(int(found[4], 2)),
        )
    if "#" not in text:
        return Unreadable()
    text = text[text.index("#") :]
    if found := _RATING.fullmatch(text.rstrip()):
        return Rating(battery_volts=_figure(found[1]))
    if len(text) in _IDENTITY_LENGTHS and text.isprintable() and text.isascii():
        fields = (text[part].strip() for part in (_COMPANY, _MODEL, _VERSION))
        return Identity(**dict(zip(("company", "model", "version"), fields, strict=True)))
    return Unreadable()


def reading(status: Status) -> Reading:
    """Return what a status means.

    The protocol tells neither minutes nor a charge in percent, nor whether the battery charges.
    """
    bits = status.bits
    low = bool(bits & Bit.BATTERY_LOW)
    power = Power.ON_LINE
    if bits & Bit.SHUTTING_DOWN or (low and bits & Bit.MAINS_FAILED):
        power = Power.LOW_BATTERY
    elif bits & Bit.MAINS_FAILED:
        power = Power.ON_BATTERY
    bypassed = bits & Bit.BYPASS_OR_BOOST and not bits & Bit.STANDBY_TYPE
    health = Health.FAULT if bits & Bit.FAILED or bypassed else Health.OK
    return Reading(power=power, health=health, battery_low=low, load=status.load)


def _figure(text: str) -> float | None:
    return None if "-" in text else float(text)
