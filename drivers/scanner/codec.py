"""What every family of scanners has in common: what is asked, and what comes back. Pure.

A `Codec` makes requests and a `Receiver`. A receiver never raises, keeps at most `MAX_PAYLOAD`
bytes of a record, and gives the same events however the bytes are cut into pieces. What it has to
send back (an acknowledgement) it keeps for `Receiver.answers`, so that it needs no port.

How replies are told from codes on one line is each family's own matter. Where a code can imitate a
reply, it is taken for one and ignored: it can silence itself, nothing else.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from drivers.scanner.symbology import UNKNOWN, ToldBy

MAX_PAYLOAD = 4096
"""Longest record taken, in bytes; a QR code holds at most 2953 (ISO/IEC 18004)."""


class Verdict(enum.StrEnum):
    """What a scanner says of a request."""

    ACCEPTED = "accepted"
    BAD_VALUE = "badValue"
    """Known, but not with this value."""
    UNKNOWN_COMMAND = "unknownCommand"
    REFUSED = "refused"
    """Known, but not allowed or not now."""
    UNCLEAR = "unclear"
    """An answer that says neither yes nor no."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """One thing said to a scanner.

    Attributes:
        name: What its reply is known by, and what messages call it.
        data: The bytes to send.
        answered: Whether the scanner answers; a trigger of some families is just obeyed.
        settings: The settings it holds, in order.
        quiet_s: Silence, in seconds, that ends an answer of free text; 0 for a framed answer.
    """

    name: str
    data: bytes
    answered: bool = True
    settings: tuple[str, ...] = ()
    quiet_s: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Payload:
    """What a code holds, byte for byte; never empty.

    Attributes:
        data: The bytes of the code, without suffix and symbology mark.
        symbology: The standard's word (XFS4IoT BarcodeReader).
        mark: What the scanner itself called the symbology, such as ``]Q1``; ASCII.
    """

    data: bytes
    symbology: str = UNKNOWN
    mark: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandReply:
    """The scanner's answer.

    Attributes:
        name: The `Request.name` it belongs to; of a reply nobody asked for, what it names itself,
            in at most six ASCII letters and digits.
        verdict: The first that is not `Verdict.ACCEPTED`, else that.
        refused: The settings that were not accepted.
        data: What it adds: an identity, a value.
    """

    name: str
    verdict: Verdict
    refused: tuple[str, ...] = ()
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Overflow:
    """A record was longer than `MAX_PAYLOAD` and was dropped, up to its end."""


class Damage(enum.StrEnum):
    """Why something that arrived is no code."""

    CHECKSUM = "checksum"
    CUT_SHORT = "cutShort"
    """It stopped before its end."""
    NOT_ASCII = "notAscii"
    """A key was struck that stands for no ASCII character."""
    LOST = "lost"
    """The kernel had to drop some of it."""
    FOREIGN = "foreign"
    """Whole, but not of a kind we know."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Garbled:
    """Something arrived that is no code, and was dropped.

    Attributes:
        damage: Why.
        begun: What it would be had silence been its end; none where that cannot be.
    """

    damage: Damage
    begun: Payload | None = field(default=None, compare=False)


Event = Payload | CommandReply | Overflow | Garbled


class Framing(enum.StrEnum):
    """Where a payload ends, on lines that have no packets."""

    SUFFIX = "suffix"
    """At CR, LF or silence: codes hold one line."""
    SUFFIX_ONLY = "suffix-only"
    """At a suffix; for a module that confirmed it sends one. What silence cuts off is no code."""
    GAP = "gap"
    """At silence only: codes may hold several lines. A trailing CR or LF is the suffix."""


class Receiver(Protocol):
    """The host's ear: bytes of a scanner become events."""

    @property
    def in_record(self) -> bool:
        """Whether a record has begun and is not complete."""

    def expect(self, request: Request | None) -> None:
        """Say which answer is waited for; none with ``None``."""

    def receive(self, data: bytes) -> list[Event]:
        """Take bytes as they came, return what is complete."""

    def idle(self) -> list[Event]:
        """Say that the line was silent for the gap time; what was begun is complete or lost."""

    def reset(self) -> None:
        """Forget what was begun."""

    def answers(self) -> bytes:
        """Return, once, what has to be sent back for what was received."""


class Codec(Protocol):
    """One family of scanners. Every method is pure."""

    @property
    def name(self) -> str:
        """The family, as profiles and ports name it."""

    def receiver(self, framing: Framing, told_by: ToldBy, suffix: bytes = b"") -> Receiver:
        """Return an ear for a module that marks the symbology in this way.

        With a `suffix` of its own nothing else ends a code; without one, CR and LF do.
        """

    def identify(self) -> tuple[Request, ...]:
        """Return what asks who it is, in the order in which it is tried; nothing if it cannot."""

    def configure(self, settings: Sequence[str]) -> Request | None:
        """Return what sets all of `settings` until power-off, never for good."""

    def check(self, setting: str) -> Request | None:
        """Return what asks whether `setting` is set; its reply carries the value."""

    def start(self) -> tuple[Request, ...]:
        """Return what makes it look for a code, the trigger last; nothing if it always looks."""

    def stop(self) -> Request | None:
        """Return what makes it look no more."""

    def fault_of(self, setting: str) -> str | None:
        """Return what is wrong with the text of a setting, or None."""
