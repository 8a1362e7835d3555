"""What happens in maintenance mode: touches, and what devices, agent and clock say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kiosk.maintenance.facts import Fact
from kiosk.maintenance.targets import Touch, parse


class Said(StrEnum):
    """Every kind that is no touch."""

    TICK = "tick"
    """A second went by."""
    BEGUN = "begun"
    STATUSES = "statuses"
    LOOKED = "looked"
    EXAMINED = "examined"
    CARD_SEEN = "card_seen"
    READER_GONE = "reader_gone"
    TAKEN = "taken"
    """The card or the code opens; the PIN is missing."""
    DENIED = "denied"
    SIGNED_IN = "signed_in"
    DOING = "doing"
    """A person has something to do for what runs."""
    DID = "did"
    """What was asked for ended."""
    SLIP = "slip"
    """The code on a citizen's slip was scanned; its local number is the argument."""
    FOUND = "found"
    NOW = "now"
    """What time it is."""
    HISTORY = "history"
    """What the log has of a device."""
    TOUCH_TRIED = "touch_tried"
    """A new matrix of the touch panel is on trial, or could not be made."""
    TRACED = "traced"
    """Which device's line is recorded now; the argument is empty when none is."""
    ON_STICK = "on_stick"
    """What release the stick holds."""


TICKETED: Final = frozenset(
    {
        Said.CARD_SEEN,
        Said.READER_GONE,
        Said.TAKEN,
        Said.DENIED,
        Said.SIGNED_IN,
        Said.DOING,
        Said.DID,
        Said.SLIP,
        Said.FOUND,
        Said.ON_STICK,
        Said.TOUCH_TRIED,
    }
)
"""Kinds that answer an effect: legal only with the ticket of the one that is awaited."""

Kind = Touch | Said


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """One thing that happened."""

    kind: Kind
    argument: str = ""
    ticket: int = 0
    fact: Fact | None = None


def touch(target: str) -> Intent:
    """Return the intent of touching a target of `targets`.

    Raises:
        BadStaffTarget: there is no such touch.
    """
    kind, argument = parse(target)
    return Intent(kind=kind, argument=argument)
