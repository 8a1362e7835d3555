"""View models of the merged form: one page of it, and the whole before it is submitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownFact:
    """A fact that is filled already, with where it came from."""

    label: Text
    value: Text
    source: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class FormRow:
    """One fact that the citizen gives."""

    key: str
    label: Text
    aside: Text | None
    """Who needs it, so that it is asked once."""
    kind: Literal["text", "choice", "pick"]
    """text: written on the pad; choice: ``options``; pick: another page (``open``)."""
    value: Text | None
    """As it will be filed; None while nothing is given."""
    options: tuple[Action, ...]
    """``choose:<key>:<value>``, the answer marked; of a choice."""
    suggestions: tuple[Action, ...]
    """``suggest:<key>:<number>``: one touch instead of writing."""
    focus: Action | None
    """``focus:<key>``: write here; ``open:<key>``: choose on another page."""
    clear: Action | None
    """``clear``: take away all that is written here; only where the pad writes."""
    focused: bool
    """The pad writes into this one."""
    fault: Text | None
    """What is wrong, once the page was checked."""
    why: Text | None
    """Why the citizen is asked what others might know, or a word of help."""
    paper: str = ""
    """Key of the sample picture that shows where it is written, or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormView(View):
    """One page of the form; with elder letters it has one row."""

    known: tuple[KnownFact, ...]
    rows: tuple[FormRow, ...]
    left: int
    """How many facts of the whole form the citizen still has to give."""
    number: int
    """1-based number of this page."""
    of: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectionView(View):
    """What a register says of the citizen, and what they say is right; ``input`` is written."""

    told: KnownFact
    written: Text | None
    clear: Action | None


@dataclass(frozen=True, kw_only=True, slots=True)
class OtherValue:
    """What another register says instead; ``take:<key>:<place>`` files that, as its word."""

    words: Text
    take: Action | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewRow:
    """One field of the whole form."""

    label: Text
    value: Text
    source: Text
    """Where it came from."""
    by_citizen: bool
    change: Action | None
    """Change it, say that a register is wrong (``object:<key>``), or take that back."""
    says: Text | None = None
    """What the citizen says is right instead."""
    others: tuple[OtherValue, ...] = ()
    """What each of the other registers says instead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewGroup:
    """What the form says of one person or matter."""

    title: Text
    summary: Text
    """The few facts that tell whether it is right."""
    rows: tuple[ReviewRow, ...]
    change: Action | None = None
    """Leads to where the group was filled in (items, materials, delivery)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ReviewView(View):
    """The whole form, and the statement that is made by submitting."""

    rows: tuple[ReviewRow, ...]
    """Every field."""
    groups: tuple[ReviewGroup, ...]
    """The same by whom it is about, with items, materials and delivery; empty for a short form."""
    filled_for_you: int
    filled_by_you: int
    statement: tuple[Text, ...]
