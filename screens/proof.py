"""Every page of every thing that a configuration offers, laid out before anybody sees it.

``python -m screens.proof CONFIG CODE …`` walks through each thing of the jurisdictions by itself
(:mod:`kiosk.journey.pilot`), by a person of the synthetic population, and lays out every page that
comes in both ways up and both sizes; on an X display it is painted as well. Upright each leaf of a
page is looked at (the first twelve and the last), otherwise, and in English, the first and the
last. What a terminal would refuse, crash on or push off the glass is told by thing and page; the
exit status is 1 then.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kiosk.catalogue.files import load
from kiosk.domain.catalogue import Catalogue, Mode, Thing
from kiosk.journey.choose_moves import audiences
from kiosk.journey.context import Context
from kiosk.journey.facts import Prefill
from kiosk.journey.pilot import Crew, Pilot, knowing
from kiosk.journey.present_choose import home
from kiosk.journey.world import Firm, Someone, World
from screens.gallery import WAYS, Easel, leaves, placed
from screens.sample import Sample
from screens.samples_walk import EVIDENCE, PERSON, SITE, TODAY
from screens.widgets.kit import TURN

if TYPE_CHECKING:
    from kiosk.journey.view import AnyView
    from screens.layout import Placed
    from screens.theme import Theme

FILED: Final = frozenset({Mode.FILE, Mode.CHECK})
CREW: Final = Crew(citizen="citizen", firm="firm")
UPRIGHT: Final = "portrait"
_SHADES: Final = 3
"""Colours of a page that is more than its ground."""


@dataclass(slots=True)
class Proof:
    """What was seen of one jurisdiction, and what is wrong with it."""

    place: Catalogue
    easel: Easel | None = None
    faults: list[str] = field(default_factory=list)
    pages: int = 0
    """Pages laid out, each way up, size and leaf by itself."""
    _known: set[object] = field(default_factory=set)

    def run(self) -> None:
        """Look at the list of things, as each audience finds it, and at every thing."""
        for audience in audiences(self._context()):
            self._guarded(audience, lambda audience=audience: self._list(audience))  # type: ignore[misc]
        for thing in self.place.things:
            self._guarded(thing.name, lambda thing=thing: self._walk(thing))  # type: ignore[misc]

    def _guarded(self, what: str, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - whatever a release does is its fault
            self._tell(what, f"{type(error).__name__}: {str(error)[:300]}")

    def _list(self, audience: str) -> None:
        """Look at the page where a thing is chosen."""
        self._look(audience, home(replace(self._context(), audience=audience)))

    def _walk(self, thing: Thing) -> None:
        """Go through a thing as a citizen would; of one that is not filed here, see the guide."""
        pilot = Pilot(
            thing, _world(), self._context, CREW, lambda view: self._look(thing.name, view)
        )
        if thing.open and any(item.mode in FILED for item in thing.items):
            pilot.fly()
        else:
            pilot.look()

    def _context(self) -> Context:
        return Context(site=SITE, catalogue=self.place, today=TODAY)

    def _look(self, what: str, view: AnyView) -> None:
        """Lay a page out, once."""
        if view in self._known:
            return
        self._known.add(view)
        sample = Sample(name=f"{what}: {view.page}", view=view)
        for way, theme in WAYS.items():
            trees = list(leaves(sample, theme) if way == UPRIGHT else _ends(sample, theme))
            self.pages += len(trees)
            for tree in trees:
                for wrong in _wrong(tree):
                    self._tell(what, f"{view.page} ({way}): {wrong}")
            if self.easel is not None and way == UPRIGHT:
                self._paint(what, view, trees[0])
        for tree in _ends(sample, WAYS[UPRIGHT], "en"):
            self.pages += 1
            for wrong in _wrong(tree):
                self._tell(what, f"{view.page} (English): {wrong}")

    def _paint(self, what: str, view: AnyView, tree: Placed) -> None:
        if self.easel is not None:
            colours = {tuple(dot) for dot in self.easel.dots(tree)[::40, ::40].reshape(-1, 3)}
            if len(colours) < _SHADES:
                self._tell(what, f"{view.page}: nothing is painted")

    def _tell(self, what: str, wrong: str) -> None:
        self.faults.append(f"{self.place.jurisdiction.name} {what}: {wrong}")


def _ends(sample: Sample, theme: Theme, language: str = "zh") -> Iterator[Placed]:
    """Yield the first leaf, and the last where there is another."""
    first = placed(sample, theme, language)
    yield first
    if f"{TURN}+1" in first.node.targets():
        yield placed(replace(sample, leaf=-1), theme, language)


def _wrong(tree: Placed) -> Iterator[str]:
    """Yield what is off the glass."""
    for target in tree.targets():
        if not target.box.inside(tree.box):
            yield f"{target.node.target} is off the screen"
    for own in tree.walk():
        if own.node.style.flow == "column" and own.children:
            last = own.children[-1].box
            if last.y + last.h > own.box.y + own.box.h - own.node.style.pad[2]:
                yield f"{own.node.role} is longer than its room"


def _world() -> World:
    """Return a world with one person, who may act for one enterprise."""

    def ask(*_: object) -> Prefill:
        return Prefill(values={}, sources={})

    person = Someone(person=PERSON, evidence=EVIDENCE, ask=ask)
    firm = Firm(
        uscc="91410700MA0000000X", name="新乡市示例有限公司", roles={PERSON.id_no: "legal_rep"}
    )
    return knowing(World(people={CREW.citizen: person}, firms={CREW.firm: firm}), TODAY)


def main() -> int:
    """Prove configurations; 1: something is wrong."""
    parser = argparse.ArgumentParser(description="Every page of every thing of a configuration.")
    parser.add_argument("config", type=Path)
    parser.add_argument("codes", nargs="+", help="jurisdictions")
    given = parser.parse_args()
    os.environ["YIDUAN_CONFIG"] = str(given.config)
    easel = Easel() if os.environ.get("DISPLAY") else None
    pages = 0
    faults: list[str] = []
    for code in given.codes:
        proof = Proof(place=load(given.config, code), easel=easel)
        proof.run()
        pages, faults = pages + proof.pages, faults + proof.faults
    print("\n".join(faults) if faults else f"{pages} pages, painted: {'yes' if easel else 'no'}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
