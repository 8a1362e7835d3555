"""Goes through a whole visit by itself: on every page the first thing that leads on.

So a catalogue is tried before anybody files with it: by the tests, and by a terminal that is given
a new release. Registers and profile of the world know every fact that a form may ask for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kiosk.domain.catalogue import Item, Thing
from kiosk.domain.dictionary import Field
from kiosk.domain.examples import example
from kiosk.domain.form import choices
from kiosk.domain.known import Known
from kiosk.domain.receipt import Outcome
from kiosk.journey.context import Context
from kiosk.journey.facts import Prefill
from kiosk.journey.intents import touch
from kiosk.journey.observe import observed
from kiosk.journey.present_page import present
from kiosk.journey.rehearsal import Rehearsal, Unplayable
from kiosk.journey.script import Scene, Script, Step
from kiosk.journey.states import State
from kiosk.journey.view import AnyView
from kiosk.journey.world import Ask, Someone, World

MOST: Final = 80
"""Pages of the longest visit, each as often as it is seen."""
LEADS_ON: Final[Mapping[State, tuple[str, ...]]] = {
    State.GUIDE: ("start",),
    State.CHOOSE: ("next", "situation:"),
    State.ENTERPRISE: ("next",),
    State.CONSENT: ("agree",),
    State.FORM: ("next",),
    State.CHOICE: ("choose:", "next"),
    State.MATERIALS: ("next", "capture:"),
    State.CAPTURE: ("shoot",),
    State.CAPTURED: ("keep",),
    State.DELIVERY: ("next", "deliver:", "together:"),
    State.REVIEW: ("next", "submit"),
    State.SIGN: ("submit",),
}
"""What is touched on each page, the best first; a prefix takes the first target that has it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crew:
    """Who is there: references of a person and an enterprise of the world."""

    citizen: str
    firm: str


class Pilot(Rehearsal):
    """A visit that ends with a receipt."""

    def __init__(
        self,
        thing: Thing,
        world: World,
        context: Callable[[], Context],
        crew: Crew,
        seen: Callable[[AnyView], None] = lambda _: None,
    ) -> None:
        """Make the visit for one thing.

        Args:
            thing: what is filed.
            world: as :func:`knowing` makes it.
            context: makes what a fresh session knows, with the thing in its catalogue.
            crew: who is there.
            seen: is shown each page when it has settled.
        """
        self._thing, self._crew, self._seen = thing, crew, seen
        super().__init__(Script(name=thing.code, about=thing.name, steps=()), world, context)

    def look(self) -> None:
        """Go as far as the thing's guide.

        Raises:
            IllegalIntent: the thing is not offered.
        """
        for target in ("begin", f"open_thing:{self._thing.code}"):
            self._settle()
            self._apply(touch(target))
        self._settle()

    def fly(self) -> Outcome | None:
        """Play up to the receipt and return what became of the filing.

        Raises:
            Unplayable: a page has nothing that leads on.
        """
        self.look()
        for _ in range(MOST):
            if self.journey.page is State.RECEIPT:
                return self.answer.outcome if self.answer else None
            self._lead_on()
            self._settle()
        raise Unplayable(f"{self._thing.code} does not end: {self.pages}")

    def _settle(self) -> None:
        while self._coming:
            self._pump()
        self._seen(present(self.journey))

    def _lead_on(self) -> None:
        page = self.journey.page
        seen = observed(present(self.journey))
        targets = _texts(seen["targets"])
        if page is State.CARD:
            self._put_card(self._crew.citizen)
        elif page is State.ENTERPRISE and "next" not in targets:
            self._change(Step(page=page, show_licence=self._crew.firm))
        elif page is State.SIGN and "submit" not in targets:
            self._change(Step(page=page, draw=True))
        else:
            self._apply(touch(self._target(page, seen)))

    def _target(self, page: State, seen: Mapping[str, object]) -> str:
        """Return what leads on: nothing that is answered, nothing that is captured already."""
        done = {one.rpartition(":")[0] for one in _texts(seen["chosen"])}
        states = (own.partition(":") for own in _texts(seen["states"]))
        done |= {f"capture:{key}" for key, _, state in states if state == "captured"}
        left = ("open:",) if page is State.FORM and seen["faults"] else ()
        for wanted in (*left, *LEADS_ON.get(page, ())):
            for one in _texts(seen["targets"]):
                group = wanted.endswith(":") and one.startswith(wanted)
                if one == wanted or (group and not {one, one.rpartition(":")[0]} & done):
                    return one
        raise Unplayable(f"{self._thing.code}: {page} leads nowhere: {seen}")


def _texts(seen: object) -> list[str]:
    if not isinstance(seen, list):
        raise TypeError("a list is observed")
    return [str(one) for one in seen]


def knowing(own: World, today: date) -> World:
    """Return a world whose registers know every fact, and under whose camera a paper lies."""
    own.people = {ref: replace(one, ask=_telling(one, today)) for ref, one in own.people.items()}
    own.scene = Scene(name="discharge_record")
    return own


def _telling(one: Someone, today: date) -> Ask:
    """Return what registers tell of somebody, and for all else the fields' examples."""

    def ask(
        thing: str, items: tuple[Item, ...], role: str, failing: Mapping[str, str], uscc: str
    ) -> Prefill:
        found = one.ask(thing, items, role, failing, uscc)
        values = dict(found.values)
        for spec in (spec for item in items for spec in item.fields):
            if spec.key not in values:
                known = Known(value=_fitting(spec, values, today), source="profile")
                values[spec.key] = known
        return replace(found, values=values)

    return ask


def _fitting(spec: Field, known: Mapping[str, Known], today: date) -> str:
    """Return the field's example, or the first that is offered where it is not."""
    offered = [own.value for own in choices(spec, {key: own.value for key, own in known.items()})]
    told = example(spec, today)
    return offered[0] if offered and told.split(",")[0] not in offered else told
