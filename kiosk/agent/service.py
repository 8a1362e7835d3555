"""In service or out of it, as staff say; kept over a restart, told to every session.

A file that is there and cannot be read may be the one in which staff took the terminal out of
service: it counts as out, with the general sentence, until staff say that it serves again.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.audit import Event
from kiosk.channel import Request
from kiosk.maintenance.damage import is_damaged, service_whole
from kiosk.maintenance.keeping import Keeping

FILE: Final = "service.json"
STATION: Final = "station.json"
TOUCH: Final = "touch.json"
"""How loud and how bright it is."""
_KEY: Final = re.compile(r"[a-z0-9_]{1,40}\Z")
GENERAL: Final = "maintenance"
"""The sentence where nobody knows why."""
MOST_WORDS: Final = 60
OWN: Final = "own"
"""Key of the reason whose sentence is in ``words``."""


class ServiceError(Exception):
    """The words would not be shown so; staff choose others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Out:
    """What citizens read while the terminal is out of service.

    Attributes:
        reason: key of the sentence.
        until: key of the time that is told, or empty.
        words: a sentence of its own instead, or empty.
    """

    reason: str
    until: str = ""
    words: str = ""


class Service:
    """Whether citizens are served."""

    def __init__(
        self, keeping: Keeping, note: Callable[..., None], changed: Callable[[], None]
    ) -> None:
        self._keeping, self._note, self._changed = keeping, note, changed
        self.pausing: Callable[[], Out | None] = lambda: None
        """What is told while nobody may begin for another reason than staff's."""
        self._told_damaged = False

    @property
    def out(self) -> Out | None:
        """What is told instead of serving, ``None`` in service."""
        kept = self._keeping.document(FILE)
        reason = kept.get("reason")
        if not isinstance(reason, str):
            return Out(reason=GENERAL) if self._damaged() else None
        return Out(
            reason=reason, until=str(kept.get("until", "")), words=str(kept.get("words", ""))
        )

    def _damaged(self) -> bool:
        """Say whether the file is there and cannot be read; the log has it once."""
        try:
            found = is_damaged(self._keeping.folder / FILE, service_whole)
        except PermissionError:
            found = True
        if found and not self._told_damaged:
            self._note(Event("service_unreadable"), file=FILE)
        self._told_damaged = found
        return found

    def told(self, request: Request) -> dict[str, object]:
        """Tell a session that is being warmed."""
        del request
        station, out = self._keeping.document(STATION), self.out or self.pausing()
        levels = {name: station.get(name, 7) for name in ("sound", "brightness")}
        levels["touch"] = self._keeping.document(TOUCH)
        if out is None:
            return {"out": False, **levels}
        words = {"reason": out.reason, "until": out.until, "words": out.words}
        return {"out": True, **words, **levels}

    def stop(self, out: Out, person: str) -> None:
        """Serve nobody from now on.

        Raises:
            ServiceError: the words are not plain ones.
            OSError: it cannot be kept, so it is not done.
        """
        plain = out.words.isprintable() and len(out.words) <= MOST_WORDS
        if not plain or not _KEY.match(out.reason) or not (not out.until or _KEY.match(out.until)):
            raise ServiceError(f"a sentence of at most {MOST_WORDS} characters")
        was = self.out
        kept = {"reason": out.reason, "until": out.until, "words": out.words}
        self._keeping.keep(FILE, dict(kept))
        if was is None:
            self._note(Event("service_stopped"), person=person, reason=out.reason)
        self._changed()

    def resume(self, person: str) -> None:
        """Serve again."""
        if self.out is None:
            return
        self._keeping.keep(FILE, {})
        self._note(Event("service_resumed"), person=person)
        self._changed()
