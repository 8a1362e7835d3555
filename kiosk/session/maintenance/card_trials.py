"""Trying a card reader: why there was no card is told, for each reason has a next step of its own.

What a reader says of a card is in `drivers.service.interfaces.id_reader` and `.card_reader`.  A
read that failed at the reader itself is told by the reader's state: not plugged in, or silent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from drivers.service.client import Event
from kiosk.journey.view_parts import Text, text
from kiosk.maintenance.conditions import is_gone, of_device
from kiosk.maintenance.facts import Did
from kiosk.session.maintenance.bench import VISIT, Answer, Bench, Gone

CARD_S: Final = 60.0
"""Patience with a person who looks for a card; one who is quick waits for nothing."""
STATE_S: Final = 3.0
STATE_EVERY_S: Final = 0.2
"""So long, and so often, a reader that failed is asked what is wrong with it."""

_READ: Final[Mapping[str, str]] = {"id_reader": "XIdCard.Read", "social_card": "XSocialCard.Read"}
_PUT: Final[Mapping[str, str]] = {"id_reader": "card", "social_card": "social"}
_WHY: Final[Mapping[str, str]] = {
    "cardRemoved": "lifted",
    "cardUnreadable": "unreadable",
    "cardUnsupported": "other",
    "authenticationFailed": "refused",
    "cardBlocked": "blocked",
}
_LIFT: Final = "XIdCard.LiftCardEvent"
_SEEN: Final = "CardReader.MediaInsertedEvent"
_LIFTED: Final = "CardReader.MediaRemovedEvent"


@dataclass(slots=True)
class _Wait:
    """What was seen while a card was waited for."""

    part: str
    say: Callable[[Text], None]
    seen_at: float = 0.0
    lies: bool = field(default=False)
    """A card of before lies there and must be lifted first."""

    def happened(self, event: Event) -> None:
        """Take what the reader tells, and say what to do now."""
        if event.name == _LIFT:
            self.lies = True
            self.say(text("upkeep.test.card_lift"))
        elif event.name == _LIFTED:
            self.lies = False
            self.ask()
        elif event.name == _SEEN:
            self.seen_at = time.monotonic()
            self.say(text("upkeep.test.card_seen"))

    def ask(self) -> None:
        """Say which card to put where."""
        self.say(text(f"upkeep.test.{_PUT[self.part]}"))


def try_card(bench: Bench, part: str, number: int, say: Callable[[Text], None]) -> Did:
    """Read any card; nothing of it is kept.

    Raises:
        Stopped: given up.
    """
    wait = _Wait(part=part, say=say)
    wait.ask()
    try:
        answer = bench.call((part, number), _READ[part], {"visit": VISIT}, CARD_S, wait.happened)
    except Gone:
        return _not(_state(bench, part))
    if not answer.error:
        return _read(answer, wait)
    if answer.error in _WHY:
        return _refused(bench, _WHY[answer.error])
    if answer.error != "timeOut":
        return _not(_state(bench, part))
    if wait.seen_at:
        return _not("unreadable")
    return _not("left" if wait.lies else "nobody", s=int(CARD_S))


def _read(answer: Answer, wait: _Wait) -> Did:
    """Return how long the card took: not how long somebody looked for it."""
    took = time.monotonic() - wait.seen_at if wait.seen_at else answer.seconds
    return Did(well=True, told=text("upkeep.test.card_read", s=f"{took:.1f}"))


def _not(why: str, **values: object) -> Did:
    key = f"upkeep.test.card_{why}"
    return Did(well=False, told=text(key, **values), hint=text(f"{key}_hint"))


def _refused(bench: Bench, why: str) -> Did:
    """Tell why a card was not read; of one of another kind, what this machine has to read it."""
    did = _not(why)
    if why != "other" or "social_card" in bench.parts:
        return did
    return replace(did, hint=text("upkeep.test.card_other_id_hint"))


def _state(bench: Bench, part: str) -> str:
    """Return what is wrong with a reader that failed; it may need a moment to know."""
    deadline = time.monotonic() + STATE_S
    while part in bench.parts:
        status = bench.look().devices.get(part)
        if status is not None and is_gone(status):
            return "no_reader"
        if of_device(part, status) or time.monotonic() >= deadline:
            return "silent"
        time.sleep(STATE_EVERY_S)
    return "no_reader"
