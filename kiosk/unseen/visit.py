"""One visit by itself on a real session: on every page the first thing that leads on.

The session's code, devices, agent, relay and intake are the real ones; no window is opened.  What
is on a page decides what is touched, not a script: a release may ask other questions than the one
before, and that is no fault of it.  Answers are the fields' own examples.
"""

from __future__ import annotations

import queue
import socket
import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta, timezone
from typing import Final

from kiosk.crypto import PublicKeys
from kiosk.domain.catalogue import Catalogue, Mode, Thing
from kiosk.domain.dictionary import Field
from kiosk.domain.examples import example
from kiosk.journey.facts import Shown
from kiosk.journey.intents import Intent, IntentKind, touch
from kiosk.journey.machine import IllegalIntent
from kiosk.journey.observe import Observed, observed
from kiosk.journey.pilot import LEADS_ON
from kiosk.journey.rehearsal import NAME
from kiosk.journey.states import State
from kiosk.journey.view import FormView
from kiosk.play.devices import Devices
from kiosk.session import Control, Visit
from kiosk.session.equipment import equip
from kiosk.settings import load as load_settings
from kiosk.unseen.stack import UnseenStack

CITIZEN: Final = "chen-xiaoyun"
"""Of the synthetic population: her registers know what most things ask."""
PAGE_S: Final = 20.0
"""Seconds in which a page changes after a touch: the slowest simulated device takes three."""
HALL: Final = timezone(timedelta(hours=8))
HAND_S: Final = 0.4
"""Seconds a hand takes to put a card down."""
MOST_PAGES: Final = 120
_TURN_S: Final = 0.01
_ON: Final[Mapping[str, tuple[str, ...]]] = {
    **{page.value: touches for page, touches in LEADS_ON.items()},
    State.ATTRACT: ("begin",),
    State.PROVINCE: ("province:",),
    State.PLACE: ("next", "place:"),
    State.DATE: ("next", "date:"),
    State.DIGITS: ("next",),
    State.COMMIT: ("next", "commit:", "agree"),
    State.LISTED: ("next",),
    State.RECEIPT: ("finish",),
    State.RATING: ("finish",),
    State.FAREWELL: ("finish",),
}
_WAITS: Final = frozenset({State.FETCHING, State.SUBMITTING, State.CAPTURE})
ENOUGH: Final = frozenset({"submitted", "stored"})
"""Outcomes of a filing that arrived or is safe."""


class Stopped(Exception):
    """The visit went no further; says on which page and what was there."""


def fileable(catalogue: Catalogue, withheld: Collection[str]) -> tuple[Thing, ...]:
    """Return what a citizen can file here, as the catalogue orders it."""
    return tuple(
        thing
        for thing in catalogue.things
        if thing.open
        and thing.code not in withheld
        and thing.audience != "企业"
        and any(item.mode is Mode.FILE for item in thing.items)
    )


class UnseenVisit:
    """One session process's worth of a visit."""

    def __init__(self, stack: UnseenStack, catalogue: Catalogue) -> None:
        """Sit down before a terminal that runs."""
        self._devices = Devices(stack.control_url)
        self._posted: queue.SimpleQueue[Intent] = queue.SimpleQueue()
        self._shell, theirs = socket.socketpair()
        settings = load_settings(stack.settings_files())
        keys = PublicKeys.read(stack.state / "keys")
        equipment = equip(stack.run, settings, catalogue, stack.secrets, keys)
        control = Control(theirs.detach(), lambda _heard: None)
        self._visit = Visit(equipment, control, self._posted.put)
        self._visit.shown(Shown())
        self._fields: dict[str, Field] = {}
        self._typed = 0
        self._devices.do("camera", scene="discharge_record")

    def close(self) -> None:
        """End the visit."""
        self._visit.close()
        self._shell.close()
        self._devices.do("id-reader", lift=True)

    def begin(self) -> None:
        """Touch the first page, and wait for the list.

        Raises:
            Stopped: it does not come.
        """
        self._touch("the list", State.ATTRACT, ())
        self._until(lambda: self._seen()["page"] == State.HOME, "the list", State.ATTRACT)

    def file(self, thing: Thing) -> str:
        """Go from the first page to the farewell; returns what became of the filing.

        Raises:
            Stopped: a page leads nowhere, or nothing comes of what was touched.
        """
        self._fields = {spec.key: spec for item in thing.items for spec in item.fields}
        targets = {State.HOME: (f"open_thing:{thing.code}",)}
        outcome = ""
        for _ in range(MOST_PAGES):
            seen = self._seen()
            page = str(seen["page"])
            outcome = str(seen.get("outcome") or outcome)
            if page == State.ATTRACT and outcome:
                return outcome
            self._lead_on(thing.code, page, seen, targets.get(State(page), ()))
            if page == State.FAREWELL:
                return outcome
        raise Stopped(f"{thing.code}: does not end")

    def _lead_on(self, code: str, page: str, seen: Observed, first: tuple[str, ...]) -> None:
        """Do what leads on from a page, and wait until something came of it."""
        if page == State.CARD:
            self._until(lambda: bool(self._seen().get("armed")), code, page)
            self._reach_out()
            self._devices.do("id-reader", put=CITIZEN)
        elif page == State.SIGN and "submit" not in _texts(seen["targets"]):
            self._visit.dispatch(Intent(kind=IntentKind.STROKE, fact=NAME))
        elif page == State.RECEIPT and seen.get("printing") in {"printing", "waiting"}:
            pass
        elif page not in _WAITS or "shoot" in _texts(seen["targets"]):
            self._touch(code, page, first)
        self._until(lambda: self._seen() != seen, code, page)

    def _touch(self, code: str, page: str, first: tuple[str, ...]) -> None:
        """Touch the best that is offered, as soon as anything is."""

        def done() -> bool:
            seen = self._seen()
            return seen["page"] != page or any(map(self._took, self._targets(page, seen, first)))

        self._until(done, code, page)

    def _took(self, target: str) -> bool:
        try:
            return bool(self._visit.dispatch(touch(target)))
        except IllegalIntent:
            return False

    def _targets(self, page: str, seen: Observed, first: tuple[str, ...]) -> list[str]:
        """Return what may lead on, the best first; nothing that is answered already."""
        offered = _texts(seen["targets"])
        done = {one.rpartition(":")[0] for one in _texts(seen["chosen"])} | set(
            _texts(seen["chosen"])
        )
        states = (own.partition(":") for own in _texts(seen["states"]))
        done |= {f"capture:{key}" for key, _, state in states if state == "captured"}
        found = self._answers() if page == State.FORM else self._digit(page, seen, offered)
        for word in (*first, *_ON.get(page, ())):
            group = word.endswith(":")
            found += [
                one
                for one in offered
                if one == word
                or (group and one.startswith(word) and not {one, one.rpartition(":")[0]} & done)
            ]
        return found

    def _answers(self) -> list[str]:
        """Return what answers the first question of a form that has no answer, or a wrong one."""
        view = self._visit.view()
        if not isinstance(view, FormView):
            return []
        row = next((one for one in view.rows if one.value is None or one.fault), None)
        if row is None:
            return []
        if row.focused and view.input is not None and not view.input.value:
            return [f"text:{self._example(row.key)}"]
        offered = (*row.options, *row.suggestions, *((row.focus,) if row.focus else ()))
        return [one.target for one in offered if one.target and not one.chosen]

    def _digit(self, page: str, seen: Observed, offered: list[str]) -> list[str]:
        """Return the next digit of a question that is answered by digits."""
        if page != State.DIGITS or "next" in offered:
            return []
        digits = self._example(str(seen.get("field")))
        self._typed = (self._typed + 1) % max(1, len(digits))
        return [f"digit:{digits[self._typed - 1]}"] if digits else []

    def _example(self, key: str) -> str:
        spec = self._fields.get(key)
        return example(spec, datetime.now(HALL).date()) if spec is not None else ""

    def _seen(self) -> Observed:
        """Let what was posted happen, and return what is on the page."""
        while not self._posted.empty():
            try:
                self._visit.dispatch(self._posted.get())
            except IllegalIntent:
                continue
        self._visit.tick()
        return observed(self._visit.view())

    def _until(self, true: Callable[[], bool], code: str, page: str) -> None:
        deadline = time.monotonic() + PAGE_S
        while not true():
            if time.monotonic() > deadline:
                raise Stopped(f"{code}: nothing comes after {page}: {_told(self._seen())}")
            time.sleep(_TURN_S)

    def _reach_out(self) -> None:
        """Take as long as a hand does: a card found at once would be one that lay there."""
        until = time.monotonic() + HAND_S
        while time.monotonic() < until:
            self._seen()
            time.sleep(_TURN_S)


def _texts(seen: object) -> list[str]:
    return [str(one) for one in seen] if isinstance(seen, list) else []


def _told(seen: Observed) -> str:
    """Return what stands on a page, by keys: no value is among the facts."""
    keys = ("page", "field", "targets", "faults", "notices", "outcome", "phase")
    return ", ".join(f"{key} {seen[key]}" for key in keys if seen.get(key))[:600]
