"""What a journey asks to be done.

A journey does nothing itself.  The session carries these out; an effect with a ``ticket`` is
answered by exactly one final intent that carries the same ticket (a card also by ``card_seen``
before it).  An effect that takes a ticket ends the one that is awaited before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from kiosk.domain.application import EnterpriseSignIn
    from kiosk.domain.catalogue import Item, Thing
    from kiosk.domain.form import Form
    from kiosk.domain.receipt import Owed
    from kiosk.journey.facts import Answer, Card, Stored, Stroke, Taken


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
    """Fetch for the chosen items what the citizen just agreed to.

    → ``prefilled`` | ``prefill_trouble``.
    """

    ticket: int
    thing: Thing
    items: tuple[Item, ...]
    card: Card
    role: str
    """The applicant's role in the form."""
    enterprise: EnterpriseSignIn | None = None
    """Whom the applicant acts for, in things of enterprises."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Delivered:
    """How the citizen wants the results."""

    method: str
    """A word of `kiosk.domain.catalogue.DeliveryMethod`."""
    together: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Signed:
    """How the citizen signed: by hand, or by putting the card down once more."""

    strokes: tuple[Stroke, ...] = ()
    card: Card | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Submit:
    """Check the room, seal, hand over, wait for the number.

    → ``stored`` then ``answered``, or ``store_trouble``.  The same submission handed over again
    keeps its id.
    """

    ticket: int
    thing: Thing
    items: tuple[Item, ...]
    card: Card
    role: str
    form: Form
    agreed: bool
    """Whether the citizen agreed to the fetching."""
    reuse: bool = False
    """Whether the citizen agreed to the keeping for next time."""
    situations: Mapping[str, str] = field(default_factory=dict)
    captures: Mapping[str, tuple[Taken, ...]] = field(default_factory=dict)
    """Pictures by material."""
    commitments: tuple[str, ...] = ()
    """Materials that will follow."""
    delivery: Delivered | None = None
    signed: Signed | None = None
    enterprise: EnterpriseSignIn | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintReceipt:
    """Print the slip of this outcome → ``printed``."""

    ticket: int
    thing: Thing
    items: tuple[Item, ...]
    card: Card
    stored: Stored
    answer: Answer
    copy: int
    """1 for the first, 2 for a reprint …"""
    owed: tuple[Owed, ...] = ()
    objections: int = 0
    """How many values of registers are said to be wrong."""
    enterprise: EnterpriseSignIn | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintGuide:
    """Print what the thing takes, for this choice of items → ``guide_printed``."""

    ticket: int
    thing: Thing
    items: tuple[Item, ...]
    sheet: bool = False
    """The whole guide on A4, instead of the list on the paper of slips."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WatchCamera:
    """Show what lies under the document camera → many ``sight``, or ``capture_trouble``."""

    ticket: int
    kind: Literal["page", "card"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TakePicture:
    """Take, straighten and judge one picture → ``taken`` | ``capture_trouble``."""

    ticket: int
    kind: Literal["page", "card"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadNumber:
    """Read the number on the pictured bank card → ``number_read``, empty when it cannot."""

    ticket: int
    picture: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SendRating:
    """Hand the citizen's rating on; nobody waits for the answer."""

    token: str
    """``<local no>.<token>`` of the application."""
    grade: int
    """1 (very dissatisfied) to 5 (very satisfied), GB/T 39735."""
    options: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chime:
    """Sound a cue: ``take_card`` | ``shutter`` | ``error``."""

    name: Literal["take_card", "shutter", "error"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ScanCode:
    """Wait for a code → ``code_read`` | ``code_trouble``."""

    ticket: int


@dataclass(frozen=True, kw_only=True, slots=True)
class SignIn:
    """Ask for whom this person acts → ``signed_in`` | ``sign_in_trouble``."""

    ticket: int
    code: str
    card: Card


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchProgress:
    """Ask where an application stands → ``progress`` | ``progress_trouble``."""

    ticket: int
    token: str
    """``<local_no>.<token>`` of the slip."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FetchMine:
    """Ask for the applications of whose card was read → ``mine`` | ``progress_trouble``."""

    ticket: int
    card: Card


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
    | PrintGuide
    | WatchCamera
    | TakePicture
    | ReadNumber
    | SendRating
    | Chime
    | FetchMine
    | ScanCode
    | SignIn
    | FetchProgress
    | Stop
    | EndVisit
)
