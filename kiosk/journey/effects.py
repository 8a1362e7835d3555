"""What a journey asks to be done.

A journey does nothing itself.  The session carries these out; an effect with a ``ticket`` is
answered by exactly one final intent that carries the same ticket (a card also by ``card_seen``
before it).  An effect that takes a ticket ends the one that is awaited before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Thing
    from kiosk.domain.form import Form
    from kiosk.journey.facts import Answer, Card, Stored


@dataclass(frozen=True, kw_only=True, slots=True)
class BeginVisit:
    """Somebody is here: make a visit id, tell the shell, get a relay."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckDevices:
    """Ask every device how it is → ``devices``; also ``card_present`` when a card lies there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckIntake:
    """Ask whether the intake answers and accepts our catalogue → ``intake``."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadIdCard:
    """Wait for a card put down from now on, and read it.

    → ``card_wanted`` once the reader waits, ``card_left`` for a card that lies there already (it
    is somebody else's, or was read before, and is never taken for this visit), ``card_seen``, then
    ``card_read`` | ``card_trouble``.
    """

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchPrefill:
    """Fetch for all open items what the citizen just agreed to.

    → ``prefilled`` | ``prefill_trouble``.
    """

    ticket: int
    thing: Thing
    card: Card


@dataclass(frozen=True, kw_only=True, slots=True)
class Submit:
    """Check the room, seal, hand over, wait for the number.

    → ``stored`` then ``answered``, or ``store_trouble``.  The same form handed over again keeps its
    submission id.
    """

    ticket: int
    thing: Thing
    card: Card
    form: Form
    agreed: bool
    """Whether the citizen agreed to the fetching."""


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintReceipt:
    """Print the slip of this outcome → ``printed``."""

    ticket: int
    thing: Thing
    card: Card
    stored: Stored
    answer: Answer
    copy: int
    """1 for the first, 2 for a reprint …"""


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanCode:
    """Wait for a code → ``code_read`` | ``code_trouble``."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchProgress:
    """Ask where an application stands → ``progress`` | ``progress_trouble``."""

    ticket: int
    token: str
    """``<local_no>.<token>`` of the slip."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """Give up what is awaited; its answer no longer matters."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EndVisit:
    """The visit is over and so is this process."""

    how: Literal["finished", "abandoned", "timed_out"]


Effect = (
    BeginVisit
    | CheckDevices
    | CheckIntake
    | ReadIdCard
    | FetchPrefill
    | Submit
    | PrintReceipt
    | ScanCode
    | FetchProgress
    | Stop
    | EndVisit
)
