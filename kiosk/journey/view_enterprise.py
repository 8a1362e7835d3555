"""View model of an enterprise's sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kiosk.journey.view_base import View
from kiosk.journey.view_parts import Action, Line

EnterprisePhase = Literal["show", "asking", "stopped", "known"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EnterpriseView(View):
    """Show the code of the electronic business licence."""

    phase: EnterprisePhase
    """show: waiting for a code; asking: the intake is asked; stopped: it does not go on by itself;
    known: the enterprise is there, and is to be looked at."""
    facts: tuple[Line, ...]
    """Name, credit code and the person's role, once they are known."""
    other: Action | None
    """``again``: another enterprise."""
