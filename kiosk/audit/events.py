"""The catalogue of events, read from ``events.toml`` beside this file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib import resources


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """What one event means, which fields it may carry, and whose word it is."""

    meaning: str
    staff: str
    fields: tuple[str, ...]
    who: tuple[str, ...]
    """Roles: session, shell, maintenance, agent."""
    ends: str = ""
    """The event that this one must be followed by some time, or empty."""


@cache
def catalogue() -> dict[str, Description]:
    """Return every event's description by name."""
    text = resources.files("kiosk.audit").joinpath("events.toml").read_text(encoding="utf-8")
    return {
        name: Description(
            meaning=entry["meaning"],
            staff=entry["staff"],
            fields=tuple(entry["fields"]),
            who=tuple(entry["who"]),
            ends=entry.get("ends", ""),
        )
        for name, entry in tomllib.loads(text).items()
    }


def may_write(who: str, name: str) -> bool:
    """Say whether an event is the word of a role; one that does not exist is nobody's."""
    known = catalogue().get(name)
    return known is not None and who in known.who


Event = Enum("Event", {name.upper(): name for name in catalogue()}, type=str)  # type: ignore[misc]
