"""Trying the face camera: somebody stands before it until it sees them well.  No picture is kept.

It looks in stretches of `LOOK_S`: a look ends by its time alone, so who is seen well waits no
longer than the rest of one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from drivers.service.client import Event
from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.conditions import is_gone
from kiosk.maintenance.facts import Did
from kiosk.session.maintenance.bench import VISIT, Answer, Bench, Gone

PART: Final = "face_camera"
FACE_S: Final = 60.0
LOOK_S: Final = 2.0
_ENDS: Final = frozenset({"timeOut", "canceled"})


@dataclass(slots=True)
class _Seen:
    """What was seen so far; hints are those of `drivers.face.judgement`."""

    say: Callable[[Text], None]
    well: bool = False
    hint: str = ""
    told: str = field(default="")

    def happened(self, event: Event) -> None:
        """Take a sight, and say what to do about it."""
        if event.name != "XFace.SightEvent":
            return
        sight: Mapping[str, object] = event.payload
        self.well = self.well or (bool(sight.get("faces")) and sight.get("problems") == [])
        hint = str(sight.get("hint", "")) if sight.get("faces") else ""
        self.hint = hint or self.hint
        if hint and hint != self.told:
            self.told = hint
            self.say(text(f"upkeep.face.hint.{hint}"))


def try_face(bench: Bench, number: int, say: Callable[[Text], None]) -> Did:
    """Look until somebody is seen well.

    Raises:
        Stopped: given up.
    """
    say(text("upkeep.face.stand"))
    seen, deadline = _Seen(say=say), time.monotonic() + FACE_S
    while not seen.well and time.monotonic() < deadline:
        answer = _look(bench, number, seen)
        if answer is None or answer.error not in _ENDS:
            return _broken(bench, "" if answer is None else answer.error)
    if seen.well:
        return Did(well=True, told=text("upkeep.face.well"), hint=text("upkeep.face.well_hint"))
    if seen.hint:
        told = text("upkeep.face.poor")
        return Did(well=False, told=told, hint=text(f"upkeep.face.hint.{seen.hint}"))
    return _ill("nobody", s=int(FACE_S))


def _look(bench: Bench, number: int, seen: _Seen) -> Answer | None:
    about = {"visit": VISIT}
    try:
        return bench.call((PART, number), "XFace.Watch", about, LOOK_S, seen.happened)
    except Gone:
        return None


def _broken(bench: Bench, error: str) -> Did:
    """Return why it cannot look."""
    if error == "unsupported":
        return _ill("no_engine")
    if error == "engineFailed":
        return _ill("engine")
    status = bench.look().devices.get(PART)
    return _ill("gone" if status is not None and is_gone(status) else "silent")


def _ill(why: str, **values: object) -> Did:
    key = f"upkeep.face.{why}"
    return Did(well=False, told=text(key, **values), hint=text(f"{key}_hint"))
