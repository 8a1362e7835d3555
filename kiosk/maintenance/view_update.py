"""The view model of the page that installs a release from a stick."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_parts import Action, Text
from kiosk.maintenance.view_parts import Fact, Outcome, StaffView


@dataclass(frozen=True, kw_only=True, slots=True)
class UpdateStep:
    """One thing that is done with a release: ``stick.step.<key>`` names it."""

    key: str
    state: Literal["waiting", "now", "passed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StaffUpdateView(StaffView):
    """What is on the stick, and how far its installing is; ``title``: ``stick.title.<phase>``."""

    page: str = "staff_update"
    phase: Literal["looking", "found", "nothing", "installing", "done", "failed"] = "looking"
    facts: tuple[Fact, ...] = ()
    """``release``, ``made``, ``now``."""
    changes: tuple[Text, ...] = ()
    """What is another than now, in words."""
    steps: tuple[UpdateStep, ...] = ()
    outcome: Outcome | None = None
    ways: tuple[Action, ...] = ()
    """install, again."""
