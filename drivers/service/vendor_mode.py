"""Vendor mode as one table: the devices are handed over to maintenance and back; pure.

Every registered application is asked and must acknowledge; when nobody is left to ask, the mode
changes.  An application whose connection ends is no longer waited for.  The technician whose
connection ends gives the devices back: a terminal is not left dead by a pulled laptop.  (The
standard leaves both open.)

=============  =========  =============  ==========================================
mode           what       next           told
=============  =========  =============  ==========================================
inactive       enter      enterPending   EnterModeRequestEvent to the registered
enterPending   agreed     active         ModeEnteredEvent to all
enterPending   owner left inactive       ModeExitedEvent to all
active         exit       exitPending    ExitModeRequestEvent to the registered
active         owner left exitPending    ExitModeRequestEvent to the registered
exitPending    agreed     inactive       ModeExitedEvent to all
=============  =========  =============  ==========================================

``agreed`` follows by itself as soon as no acknowledgement is pending.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from drivers.service.envelope import Payload
from drivers.service.interfaces.vendor_mode import (
    ENTER_REQUESTED,
    ENTERED,
    EXIT_REQUESTED,
    EXITED,
    Mode,
)


class What(StrEnum):
    """What moves the mode."""

    ENTER = "enter"
    EXIT = "exit"
    AGREED = "agreed"
    OWNER_LEFT = "owner left"


TABLE: Final[Mapping[tuple[Mode, What], Mode]] = {
    (Mode.INACTIVE, What.ENTER): Mode.ENTER_PENDING,
    (Mode.ENTER_PENDING, What.AGREED): Mode.ACTIVE,
    (Mode.ENTER_PENDING, What.OWNER_LEFT): Mode.INACTIVE,
    (Mode.ACTIVE, What.EXIT): Mode.EXIT_PENDING,
    (Mode.ACTIVE, What.OWNER_LEFT): Mode.EXIT_PENDING,
    (Mode.EXIT_PENDING, What.AGREED): Mode.INACTIVE,
}

_EVENT: Final[Mapping[Mode, str]] = {
    Mode.ENTER_PENDING: ENTER_REQUESTED,
    Mode.ACTIVE: ENTERED,
    Mode.EXIT_PENDING: EXIT_REQUESTED,
    Mode.INACTIVE: EXITED,
}
_PENDING = (Mode.ENTER_PENDING, Mode.EXIT_PENDING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """An event to send: to these connections, to everyone when ``to`` is ``None``."""

    event: str
    to: frozenset[int] | None = None
    payload: Payload = field(default_factory=dict)


class VendorMode:
    """Who is registered, who is waited for, whose the devices are."""

    def __init__(self) -> None:
        self.mode = Mode.INACTIVE
        self._registered: dict[int, str] = {}
        self._pending: set[int] = set()
        self._owner: int | None = None

    @property
    def handed_over(self) -> bool:
        """Say whether maintenance has the devices."""
        return self.mode in (Mode.ACTIVE, Mode.EXIT_PENDING)

    def register(self, connection: int, name: str) -> None:
        """Take an application that wants to be asked."""
        self._registered[connection] = name

    def enter(self, connection: int) -> list[Told] | None:
        """Ask for the devices; ``None`` when it is not the time for it."""
        told = self._move(What.ENTER)
        if told is not None:
            self._owner = connection
        return told

    def exit(self) -> list[Told] | None:
        """Give the devices back; ``None`` when they are not handed over."""
        return self._move(What.EXIT)

    def acknowledge(self, connection: int, mode: Mode) -> list[Told] | None:
        """Take the word of an application that was asked; ``None`` when it was not."""
        if self.mode is not mode or connection not in self._pending:
            return None
        self._pending.discard(connection)
        return self._agreed()

    def left(self, connection: int) -> list[Told]:
        """Forget a connection."""
        self._registered.pop(connection, None)
        self._pending.discard(connection)
        told: list[Told] = []
        if connection == self._owner:
            self._owner = None
            told += self._move(What.OWNER_LEFT) or []
        return [*told, *self._agreed()]

    def _move(self, what: What) -> list[Told] | None:
        """Make one step of the table, and the one that follows by itself."""
        following = TABLE.get((self.mode, what))
        if following is None:
            return None
        self.mode = following
        self._pending = set(self._registered) if following in _PENDING else set()
        if following is Mode.INACTIVE:
            self._owner = None
        return [self._told(), *self._agreed()]

    def _agreed(self) -> list[Told]:
        waits = self.mode not in _PENDING or self._pending
        return [] if waits else self._move(What.AGREED) or []

    def _told(self) -> Told:
        event = _EVENT[self.mode]
        if self.mode in _PENDING:
            return Told(event=event, to=frozenset(self._pending))
        if self.mode is Mode.INACTIVE:
            names = sorted(set(self._registered.values()))
            return Told(event=event, payload={"connectedApplications": names})
        return Told(event=event)
