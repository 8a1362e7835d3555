"""View models of a visit's end: signature, receipt, rating, farewell, and where things stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Line, Notice, Text

if TYPE_CHECKING:
    from kiosk.journey.context import PrintState
    from kiosk.journey.facts import Stroke
    from kiosk.journey.standing import Mark


ScanPhase = Literal["show", "asking", "stopped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SignView(View):
    """Sign by hand on the field (target ``stroke``), or confirm with the ID card."""

    name: str
    """What is to be written."""
    strokes: tuple[Stroke, ...]
    signed: bool
    """There is enough of a signature, or the card confirmed it."""
    by_card: bool
    """The card confirmed it; nothing need be written."""
    statement: tuple[Text, ...]
    wipe: Action | None
    confirm: Action | None
    """``confirm``: I cannot write, use my card."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RatingView(View):
    """How was it?  Voluntary, nothing is chosen beforehand (GB/T 39735, GB/T 39734 4.1)."""

    grades: tuple[Action, ...]
    """``rate:5`` … ``rate:1``: very satisfied first."""
    options: tuple[Action, ...]
    """``rate_option:<code>``: what was good or bad, once a grade is chosen."""
    skip: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One of the citizen's applications."""

    action: Action
    """``open_case:<place in the list>``."""
    thing: str
    number: str
    told: Text
    """Where it stands, in one line."""
    mark: Mark
    """What may be made of it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MineView(View):
    """The applications of the person whose card was read."""

    asking: bool
    """The intake is being asked."""
    cases: tuple[Case, ...]
    empty: Line | None
    """What to do when there is none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReceiptView(View):
    """What became of the submission, in the words that are true of it."""

    outcome: str
    """``submitted`` | ``stored`` | ``refused``."""
    seal: Text | None
    """Words in the seal; only when the intake answered with its number."""
    number_label: Text | None
    number: str | None
    """申报编号 in groups of four, or the local number."""
    items: tuple[Line, ...]
    """Each item with its sub-number."""
    qr: str | None
    """Payload of the code to scan."""
    printing: PrintState
    print_notice: Notice
    """What may be said about paper."""
    stages: tuple[Line, ...]
    """What happens next; the first is done when the outcome is ``submitted``."""
    card_notice: Notice | None
    """Take your card; only while it lies on the reader."""
    acted: Line | None = None
    """The enterprise for which it was filed; its code, by whom and as what."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FarewellView(View):
    """The visit is over; the data is gone."""

    card_left: bool
    done: bool
    """False when a form was begun and is not known to be filed: nothing looks like success."""
    seconds: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressScanView(View):
    """Show the code of a slip."""

    phase: ScanPhase
    """show: waiting for a code; asking: the intake is asked; stopped: no scanner."""
    by_card: Action | None
    """``by_card``: without a slip, by the ID card."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressItem:
    """One item of an application, at the intake's word."""

    name: str
    number: str
    state_text: str
    """Where it stands, in the intake's word."""
    at: str
    mark: Mark
    """What may be made of it."""
    done: int
    """How many of the stages it reached."""
    supplement: str = ""
    """What is still to be handed in, in the department's words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ProgressShowView(View):
    """Where the application stands."""

    application_no: str
    thing: str
    as_of: str
    items: tuple[ProgressItem, ...]
