"""In service or out of it, as staff say; kept over a restart, told to every session.

A file that is there and cannot be read may be the one in which staff took the terminal out of
service: it counts as out, with the general sentence, until staff say that it serves again.

Theory of operation
-------------------
It serves when nobody's stop stands. There is one stop of persons, here or at the centre, and one of
each maintenance window. Citizens read the persons' one, else that of the window that began first. A
window ends its own stop and no other. A person who lets the terminal go on ends all, but from afar
only those that stood when it was said: a line that comes back brings older wishes, too.
The centre's word at a window's end may be lost behind a later one, so its stop also lapses with its
time. In the file what citizens read stands first, as it did before there were several.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop:
    """What one of those who stop the terminal said.

    Attributes:
        out: what citizens read.
        since: when it was said, seconds of the epoch.
        lapses: when it is over by itself; never for that of persons.
    """

    out: Out
    since: float = 0.0
    lapses: float = float("inf")


class Service:
    """Whether citizens are served."""

    def __init__(
        self, keeping: Keeping, note: Callable[..., None], changed: Callable[[], None]
    ) -> None:
        self._keeping, self._note, self._changed = keeping, note, changed
        self.pausing: Callable[[], Out | None] = lambda: None
        """What is told while nobody may begin for another reason than staff's."""
        self._told_damaged = False
        self._lock = threading.RLock()
        """One change at a time: staff and centre are heard by different threads."""

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

    def stop(self, out: Out, person: str, *, said: datetime | None = None) -> None:
        """Serve nobody from now on, or from when it was said.

        Raises:
            ServiceError: the words are not plain ones.
            OSError: it cannot be kept, so it is not done.
        """
        own = Stop(out=out, since=(said or datetime.now(UTC)).timestamp())
        self._begin(_PERSONS, own, person)

    def stop_for(self, window: str, own: Stop, person: str) -> None:
        """Serve nobody while a maintenance window is open, whoever else stops the terminal.

        Raises:
            ServiceError: the words are not plain ones.
            OSError: it cannot be kept, so it is not done.
        """
        self._begin(window, own, person)

    def resume(self, person: str, *, said: datetime | None = None) -> bool:
        """End every stop, of those that stood when it was said; says whether it serves now."""
        at = float("inf") if said is None else said.timestamp()
        now = datetime.now(UTC).timestamp()  # what is later than now was said by a wrong clock
        return self._leave(lambda _name, own: at < own.since <= now, person)

    def window_over(self, window: str, person: str) -> None:
        """End the stop of a maintenance window, and those whose time is over."""
        now = datetime.now(UTC).timestamp()
        self._leave(lambda name, own: name != window and own.lapses > now, person)

    def lapse(self, now: datetime | None = None) -> None:
        """End the stops of windows whose time is over; costs nothing when there are none."""
        at = (now or datetime.now(UTC)).timestamp()
        if any(own.lapses <= at for own in self._stops().values()):
            self._leave(lambda _name, own: own.lapses > at, "window")

    def _begin(self, name: str, own: Stop, person: str) -> None:
        _check(own.out)
        with self._lock:
            stops = self._stops()
            since = max(own.since, stops.get(name, own).since)
            self._keep({**stops, name: replace(own, since=since)})
        if not stops:
            self._note(Event("service_stopped"), person=person, reason=own.out.reason)
        self._changed()

    def _leave(self, stays: Callable[[str, Stop], bool], person: str) -> bool:
        """Keep only these stops; says whether none is left."""
        with self._lock:
            stops = self._stops()
            left = {name: own for name, own in stops.items() if stays(name, own)}
            if left == stops:
                return not stops
            self._keep(left)
        if not left:
            self._note(Event("service_resumed"), person=person)
        self._changed()
        return not left

    def _stops(self) -> dict[str, Stop]:
        """Return who stops it; what cannot be told apart counts as said by persons."""
        shown = self.out
        if shown is None:
            return {}
        try:
            return _parsed(self._keeping.document(FILE)["stops"])
        except (LookupError, TypeError, ValueError, AttributeError):
            return {_PERSONS: Stop(out=shown)}

    def _keep(self, stops: Mapping[str, Stop]) -> None:
        if not stops:
            self._keeping.keep(FILE, {})
            return
        first = min(stops, key=lambda name: (name != _PERSONS, stops[name].since))
        told = {name: _written(own) for name, own in stops.items()}
        self._keeping.keep(FILE, {**asdict(stops[first].out), "stops": told})


_PERSONS: Final = ""


def _check(out: Out) -> None:
    plain = out.words.isprintable() and len(out.words) <= MOST_WORDS
    if not plain or not _KEY.match(out.reason) or not (not out.until or _KEY.match(out.until)):
        raise ServiceError(f"a sentence of at most {MOST_WORDS} characters")


def _written(own: Stop) -> dict[str, object]:
    """Return a stop as JSON has it, which knows no infinity."""
    told: dict[str, object] = {**asdict(own.out), "since": own.since}
    return told if own.lapses == float("inf") else {**told, "lapses": own.lapses}


def _parsed(told: Any) -> dict[str, Stop]:
    """Read them; raises `LookupError`, `TypeError`, `ValueError` or `AttributeError`."""
    found = {
        str(name): Stop(
            out=Out(reason=str(one["reason"]), until=str(one["until"]), words=str(one["words"])),
            since=float(one["since"]),
            lapses=float(one.get("lapses", "inf")),
        )
        for name, one in told.items()
    }
    if not found:
        raise ValueError("nobody stops it")
    return found
