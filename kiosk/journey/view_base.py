"""What every page has in common."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.journey.view_parts import Frame, Input, Notice, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """What every page has.  ``title`` says what to do."""

    page: str
    """A value of :class:`kiosk.journey.states.State`."""
    frame: Frame
    title: Text
    lead: Text | None = None
    notices: tuple[Notice, ...] = ()
    input: Input | None = None
    """A text is written here; the pad stands below."""
    held: bool = False
    """True while the terminal works and the idle clock stands still."""
