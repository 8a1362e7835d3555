"""What the views of maintenance mode are made of.  No citizen's data has a place in any of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Frame, Text

StaffRole = Literal["clerk", "engineer", "vendor"]
"""值守员, 运维工程师, 厂家."""
Tone = Literal["fine", "soon", "trouble", "off", "unknown"]
"""It works; somebody must act before it does not; citizens lose something now; not in use here;
could not be looked at.  A page shows each by colour, icon and words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffFrame(Frame):
    """The bars: ``nav`` is at most ``staff:back`` and ``staff:leave``, ``go`` the way on."""

    role: StaffRole | None = None
    """None until somebody has proved who they are."""
    work_no: str = ""
    """工号; a name never."""
    leaves_in_s: int | None = None
    """Seconds until maintenance is left by itself; None while the clock stands still."""
    training: bool = False
    """Nothing that is done is real; every page says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffView(View):
    """What every page of maintenance mode has; ``notices`` stand above its body."""

    frame: StaffFrame


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """How it is with one thing."""

    tone: Tone
    told: Text
    """A few words: 正常, 纸将尽, 今天读 91 次."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A figure: ``staff.count.<key>`` names it."""

    key: str
    value: str
    """With its unit where it has one: ``97%``."""
    tone: Tone = "fine"


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """A name and a value: ``staff.fact.<key>`` names it."""

    key: str
    value: Text


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question that lies over the page: do you really want to shut down?"""

    title: Text
    told: Text
    """What will happen, and what with citizens."""
    yes: Action
    no: Action
    grave: bool = False
    """Yes cannot be taken back: it is red."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What became of what was just done."""

    tone: Tone
    told: Text
    hint: Text | None = None
    """What to do now."""
