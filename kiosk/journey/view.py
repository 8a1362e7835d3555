"""View models: everything a screen may know, as data.

A screen paints one of these and returns intents by their *target* ids (:mod:`.intents`): a
touchable thing carries its target, and a target that is not in the view does not exist.  Words
are :class:`Text`: a key of ``assets/translations`` and the values to put into it.  Words that come
from the catalogue or from a department are carried by :func:`plain`.

Numbers of citizens arrive masked; a view holds no full identity or mobile number but the one
that is being typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from kiosk.journey.view_base import View
from kiosk.journey.view_choose import (
    ChooseView,
    HomeView,
    ItemChoice,
    SearchView,
    SituationBlock,
    ThingTile,
)
from kiosk.journey.view_end import (
    Case,
    FarewellView,
    MineView,
    ProgressItem,
    ProgressScanView,
    ProgressShowView,
    RatingView,
    ReceiptView,
    ScanPhase,
    SignView,
)
from kiosk.journey.view_enterprise import EnterprisePhase, EnterpriseView
from kiosk.journey.view_form import (
    FormRow,
    FormView,
    KnownFact,
    ObjectionView,
    OtherValue,
    ReviewGroup,
    ReviewRow,
    ReviewView,
)
from kiosk.journey.view_materials import (
    CapturedView,
    CaptureView,
    Check,
    CommitView,
    DeliveryView,
    ListedRow,
    ListedView,
    MaterialRow,
    MaterialsView,
    SparedGroup,
)
from kiosk.journey.view_parts import (
    Action,
    Figure,
    Frame,
    Input,
    Keyboard,
    Line,
    Notice,
    NoticeKind,
    Size,
    Steps,
    Text,
    plain,
    text,
)

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, kw_only=True, slots=True)
class AttractView(View):
    """Nobody is here."""

    things: tuple[str, ...]
    begin: Action | None
    """None while no visit can begin; the title says why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TroubleView(View):
    """The visit before this one broke: what was kept."""

    local_no: str | None
    """The number of what is kept on this terminal; None when nothing had been submitted."""
    seconds: int
    """How long the page stays."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GuideView(View):
    """一次告知: all that the thing takes, before anything is asked."""

    figures: tuple[Figure, ...]
    heads: tuple[Line, ...]
    """谁能办 · 在哪办 · 怎么办; ``bring`` is the fourth."""
    promise: tuple[Line, ...]
    """跑动次数 and 承诺办结时限."""
    items: tuple[Line, ...]
    """Item and department."""
    fill: tuple[Line, ...]
    """What the citizen fills in."""
    bring: tuple[Line, ...]
    """What the citizen brings; the identity card is always first."""
    spared: tuple[Line, ...]
    """What is not asked, and why."""
    stages: tuple[Line, ...]
    """What happens, and by when."""
    rules: tuple[Line, ...]
    """The seven parts of the complete guide, with the flow; what is the same is told once."""
    qr: str
    """Address of the same guide for a telephone; empty when there is none."""
    print: Action | None
    """``print_guide``, on the paper of slips; absent without a printer."""
    sheet: Action | None = None
    """``print_sheet``, the whole guide on A4; absent without such a printer."""


CardPhase = Literal["put", "reading", "lift", "stopped"]


@dataclass(frozen=True, kw_only=True, slots=True)
class CardView(View):
    """Put the card; trouble with it stands in ``notices``."""

    phase: CardPhase
    armed: bool
    """The reader waits for a card; one that lay there before is not read."""
    """put: waiting; reading: keep it there; lift: a card must go first; stopped: no reader."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentView(View):
    """What will be fetched, from whom; nothing is ticked beforehand."""

    person: str
    """Name, masked where the place asks for it."""
    fetches: tuple[Line, ...]
    """Fact and the department that holds it."""
    terms: tuple[Text, ...]
    reuse: Action | None
    """``reuse``: keep it for next time; separate, marked only when the citizen marked it."""
    reuse_terms: tuple[Text, ...]
    agree: Action
    decline: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class DeclinedView(View):
    """Not agreed: what that means."""

    choices: tuple[Action, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitView(View):
    """The terminal is working (fetching, submitting); every wait says for what."""

    slow: bool
    """It takes longer than usual; the lead says so."""
    done: tuple[Text, ...]
    """What is finished already."""
    cancel: Action | None


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionView(View):
    """One question of the form."""

    field: str
    number: int
    """1-based number of this question."""
    of: int
    why: Text | None
    """Why it is asked, or why it could not be filled for the citizen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceView(QuestionView):
    """Choose one of a few."""

    options: tuple[Action, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DivisionView(QuestionView):
    """Choose a province, then a place (pages ``province`` and ``place``)."""

    province: str | None
    """Name of the province on page ``place``."""
    options: tuple[Action, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class DateView(QuestionView):
    """Choose a day from a calendar."""

    today: date
    first: date
    last: date
    chosen: date | None

    def target(self, day: date) -> str:
        """Return the target of ``day``: days counted from today."""
        return f"date:{(day - self.today).days:+d}"


@dataclass(frozen=True, kw_only=True, slots=True)
class DigitsView(QuestionView):
    """Type a number on the digit pad: targets ``digit:0`` … ``digit:9``, ``erase``."""

    typed: str
    groups: tuple[int, ...]
    """How to group the digits, e.g. (3, 4, 4)."""
    wanted: int
    """How many digits make the number complete."""
    keys: tuple[Action, ...]
    """The twelve places of the pad, row by row; ``target`` is empty for an empty place."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WarningView(View):
    """Are you still there?  Full screen."""

    seconds: int
    """Left of the count-down."""
    of: int
    go_on: Action
    leave: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpView(View):
    """Whom to ask, and what to say."""

    phone: str
    hours: str
    """Of the number that always stands; empty when it is known who answers."""
    answers: Text | None
    """Who answers now, until when, or who does next; none: nobody said."""
    say: tuple[Text, ...]
    cannot: tuple[Text, ...]
    """办不成事: when staff are at the place, and where to turn when a thing cannot be done."""
    close: Action


@dataclass(frozen=True, kw_only=True, slots=True)
class EndedView(View):
    """Nothing is shown; the process is about to be replaced."""


AnyView = (
    AttractView
    | TroubleView
    | HomeView
    | GuideView
    | CardView
    | EnterpriseView
    | ConsentView
    | DeclinedView
    | WaitView
    | ChoiceView
    | DivisionView
    | DateView
    | DigitsView
    | ReviewView
    | ObjectionView
    | SearchView
    | ChooseView
    | FormView
    | MaterialsView
    | CaptureView
    | CapturedView
    | CommitView
    | ListedView
    | DeliveryView
    | SignView
    | RatingView
    | MineView
    | ReceiptView
    | FarewellView
    | ProgressScanView
    | ProgressShowView
    | WarningView
    | HelpView
    | EndedView
)

__all__ = [
    "Action",
    "AnyView",
    "AttractView",
    "CaptureView",
    "CapturedView",
    "CardPhase",
    "CardView",
    "Case",
    "Check",
    "ChoiceView",
    "ChooseView",
    "CommitView",
    "ConsentView",
    "DateView",
    "DeclinedView",
    "DeliveryView",
    "DigitsView",
    "DivisionView",
    "EndedView",
    "EnterprisePhase",
    "EnterpriseView",
    "FarewellView",
    "Figure",
    "FormRow",
    "FormView",
    "Frame",
    "GuideView",
    "HelpView",
    "HomeView",
    "Input",
    "ItemChoice",
    "Keyboard",
    "KnownFact",
    "Line",
    "ListedRow",
    "ListedView",
    "MaterialRow",
    "MaterialsView",
    "MineView",
    "Notice",
    "NoticeKind",
    "ObjectionView",
    "OtherValue",
    "ProgressItem",
    "ProgressScanView",
    "ProgressShowView",
    "QuestionView",
    "RatingView",
    "ReceiptView",
    "ReviewGroup",
    "ReviewRow",
    "ReviewView",
    "ScanPhase",
    "SearchView",
    "SignView",
    "SituationBlock",
    "Size",
    "SparedGroup",
    "Steps",
    "Text",
    "ThingTile",
    "TroubleView",
    "View",
    "WaitView",
    "WarningView",
    "plain",
    "text",
]
