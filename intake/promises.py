"""What catalogue and calendar promise: when a step is due, and what each item needs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from intake.catalogues import Catalogues
from intake.model import Application, State
from intake.problems import Refusal
from intake.workdays import Workdays
from kiosk.domain.catalogue import Catalogue, Item
from kiosk.domain.dictionary import Disposition
from kiosk.domain.materials import merge


class Promises:
    """The rules of the accepted catalogues over a working calendar."""

    def __init__(self, catalogues: Catalogues, workdays: Workdays) -> None:
        self._catalogues = catalogues
        self.workdays = workdays

    def predecessors(self, application: Application) -> Mapping[str, frozenset[str]]:
        """Return, by item code, the codes of the filed items whose products it needs."""
        items = self._filed(application)
        codes = frozenset(item.code for item in application.items)
        return {item.code: makers(item) & codes - {item.code} for item in items}

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

    def due(
        self, application: Application, code: str, state: State, since: datetime
    ) -> datetime | None:
        """Return when an item that got into a state ``since`` then has to leave it."""
        catalogue = catalogue_of(application, self._catalogues)
        if catalogue is None:
            return None
        match state:
            case State.SUBMITTED:
                return self.workdays.after_hours(since, catalogue.jurisdiction.check_hours)
            case State.RECEIVED:
                return self.workdays.after_days(since, catalogue.jurisdiction.accept_days)
            case State.ACCEPTED:
                items = catalogue_items(catalogue, application.thing)
                days = next((item.limit_days for item in items if item.code == code), 0)
                return self.workdays.after_days(since, days) if days else None
            case _:
                return None

    def _filed(self, application: Application) -> tuple[Item, ...]:
        """Return what the catalogue says about the filed items."""
        codes = frozenset(item.code for item in application.items)
        catalogue = catalogue_of(application, self._catalogues)
        items = catalogue_items(catalogue, application.thing)
        return tuple(item for item in items if item.code in codes)


def makers(item: Item) -> frozenset[str]:
    """Return the codes of the items that make a paper or a value this item needs."""
    papers = {
        paper.made_by for paper in item.materials if paper.disposition is Disposition.PRODUCED
    }
    return frozenset(papers - {""}).union(*(field.makers for field in item.fields))


def catalogue_items(catalogue: Catalogue | None, thing: str) -> tuple[Item, ...]:
    """Return the items of a thing; none when the catalogue has it no more."""
    try:
        return catalogue.thing(thing).items if catalogue else ()
    except KeyError:
        return ()


def catalogue_of(application: Application, catalogues: Catalogues) -> Catalogue | None:
    """Return the catalogue of an application, or the current one when it has retired."""
    try:
        return catalogues.of_version(application.jurisdiction, application.catalogue_version)
    except Refusal:
        pass
    try:
        return catalogues.accepted(application.jurisdiction)[0]
    except Refusal:
        return None
