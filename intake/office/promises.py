"""What catalogue and calendar promise: when a step is due, and what each item needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from intake.office import clocks
from intake.office.decisions import Versioned
from intake.office.due import note
from intake.receiving.catalogues import Catalogues
from intake.records.model import Application, Event, State
from intake.service.problems import Refusal
from kiosk.domain import promise
from kiosk.domain.catalogue import Catalogue, Item
from kiosk.domain.deadlines import deadlines
from kiosk.domain.dictionary import Basis
from kiosk.domain.materials import merge


class Promises:
    """The rules of the accepted catalogues over a working calendar."""

    def __init__(self, catalogues: Catalogues) -> None:
        self._catalogues = catalogues

    def predecessors(self, application: Application) -> Mapping[str, frozenset[str]]:
        """Return, by item code, the codes of the filed items it needs."""
        return promise.predecessors(self._filed(application))

    def papers(self, application: Application) -> Mapping[str, frozenset[str]]:
        """Return, by item code, the keys of the materials on its checklist.

        A booklet that serves under two names has the key under which it is asked for.
        """
        items = self._filed(application)
        entries = merge(items).entries
        return {
            item.code: frozenset(one.material.key for one in entries if item.name in one.used_by)
            for item in items
        }

    def facts(self, application: Application) -> Mapping[str, Mapping[str, str]]:
        """Return, by item code, the names of the values it needs, by their keys."""
        return {
            item.code: {own.key: own.label for own in item.fields}
            for item in self._filed(application)
        }

    def due(self, application: Versioned, state: State, since: datetime) -> datetime | None:
        """Return when an item that is not accepted yet has to leave its state."""
        catalogue = catalogue_of(application, self._catalogues)
        if catalogue is None:
            return None
        workdays = self._catalogues.workdays(application.jurisdiction)
        match state:
            case State.SUBMITTED:
                return workdays.after_hours(since, catalogue.jurisdiction.check_hours)
            case State.RECEIVED:
                return workdays.after_days(since, catalogue.jurisdiction.accept_days)
            case _:
                return None

    def promised(
        self, application: Application, happened: Sequence[Event]
    ) -> Mapping[str, datetime | None]:
        """Return, by item code, when each accepted item is due; None where nobody can say now.

        Items that need one another are promised together, on the calendar that is newest now.
        """
        items = self._filed(application)
        runs = clocks.runs(application, items, promise.predecessors(items), happened)
        return deadlines(runs, self._catalogues.workdays(application.jurisdiction))

    def left(self, application: Application, code: str, happened: Sequence[Event]) -> int:
        """Return the working days an accepted item has left when its supplement comes.

        0 where nobody can say: another item that it needs is not done, or was when it began.
        """
        items = self._filed(application)
        runs = {
            run.code: run
            for run in clocks.runs(application, items, promise.predecessors(items), happened)
        }
        own = runs.get(code)
        if own is None or own.clock is None or not own.days:
            return 0
        needed = [runs[other] for other in own.needs if other in runs]
        if any(other.ended is None or own.waits for other in needed):
            return 0
        return own.clock.left(self._catalogues.workdays(application.jurisdiction), own.days)

    def example(self, application: Application, code: str) -> bool:
        """Tell whether the day of an accepted item rests on limits that nobody has confirmed.

        It is reckoned from its own limit and from those of the items that it needs.
        """
        items = {item.code: item for item in self._filed(application)}
        before = promise.predecessors(items.values())
        reached: set[str] = set()
        left = {code} & items.keys()
        while left:
            reached |= left
            left = {one for own in left for one in before[own]} - reached
        return any(items[one].basis is Basis.TYPICAL for one in reached)

    def note(self, application: Application, due: datetime, code: str = "") -> str:
        """Return what a notice says about a due time that is an example or an estimate, or nothing.

        ``code`` is that of the item whose promised day it is; without, it is until acceptance.
        """
        catalogue = catalogue_of(application, self._catalogues)
        basis = catalogue.jurisdiction.promise_basis if catalogue else Basis.CONFIRMED
        example = self.example(application, code) if code else basis is Basis.TYPICAL
        workdays = self._catalogues.workdays(application.jurisdiction)
        return note(due, workdays, example=example)

    def _filed(self, application: Application) -> tuple[Item, ...]:
        """Return what the catalogue says about the filed items."""
        codes = frozenset(item.code for item in application.items)
        catalogue = catalogue_of(application, self._catalogues)
        items = catalogue_items(catalogue, application.thing)
        return tuple(item for item in items if item.code in codes)


def catalogue_items(catalogue: Catalogue | None, thing: str) -> tuple[Item, ...]:
    """Return the items of a thing; none when the catalogue has it no more."""
    try:
        return catalogue.thing(thing).items if catalogue else ()
    except KeyError:
        return ()


def catalogue_of(application: Versioned, catalogues: Catalogues) -> Catalogue | None:
    """Return the catalogue of an application, or the current one when it has retired."""
    try:
        return catalogues.of_version(application.jurisdiction, application.catalogue_version)
    except Refusal:
        pass
    try:
        return catalogues.accepted(application.jurisdiction)[0]
    except Refusal:
        return None
