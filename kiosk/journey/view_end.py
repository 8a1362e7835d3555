"""View models of signing, rating, and one's own applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Line, Text

if TYPE_CHECKING:
    from kiosk.journey.facts import Stroke


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
    """``open_case:<application no>``."""
    thing: str
    number: str
    told: Text
    """Where it stands, in one line."""
    needs_you: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class MineView(View):
    """The applications of the person whose card was read."""

    asking: bool
    """The intake is being asked."""
    cases: tuple[Case, ...]
    empty: Line | None
    """What to do when there is none."""
