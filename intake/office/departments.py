"""What each item's department receives: its own facts and papers in its own names, nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake.office import spoken
from intake.office.waiting import CHECKED, follows
from intake.records.model import Application
from kiosk.domain import situations
from kiosk.domain.catalogue import Catalogue, Item, Thing
from kiosk.domain.choice import choose
from kiosk.domain.department_view import DepartmentView, OwnFact, OwnPaper, views
from kiosk.domain.dictionary import Disposition
from kiosk.domain.form import merge
from kiosk.domain.known import Known
from kiosk.domain.materials import merge as checklist


def of(application: Application, catalogue: Catalogue | None) -> Mapping[str, DepartmentView]:
    """Return each filed item's view by its code; none where the catalogue has the thing no more."""
    try:
        thing = catalogue.thing(application.thing) if catalogue else None
    except KeyError:
        thing = None
    if thing is None:
        return {}
    items = _as_filed(application, thing)
    known = {
        key: Known(value=one["value"], source=one["source"])
        for key, one in application.details["fields"].items()
    }
    found = views(items, merge(items, known), checklist(items))
    return {own.item: own for own in found}


def _as_filed(application: Application, thing: Thing) -> tuple[Item, ...]:
    """Return the filed items without what the answers spare, as the filing was checked.

    What only a fact spares is spared here where it was there.
    """
    codes = {item.code for item in application.items}
    answers = application.details.get("situations") or {}
    left_out = frozenset(item.code for item in thing.open_items) - codes
    facts = {key: str(one["value"]) for key, one in application.details["fields"].items()}
    for known in (situations.NOTHING, facts):
        settled = choose(thing, answers, left_out, known=known).items
        if {item.code for item in settled} == codes:
            return settled
    own = tuple(item for item in thing.items if item.code in codes)
    return situations.narrowed(thing, own, answers, facts)


def told(view: DepartmentView, application: Application, catalogue: Catalogue) -> dict[str, Any]:
    """Return a view as data; sensitive values are hidden, as on the clerk's page.

    What is hidden is revealed there, and that is kept. ``disputed`` is what the citizen says is
    right instead of what the source told, hidden with it; ``checked`` what a clerk found about it,
    ``upheld`` or ``kept``.
    """
    papers = _Papers(application)
    return {
        "item": view.item,
        "name": view.name,
        "departments": list(view.departments),
        "facts": [_fact(own, application, catalogue) for own in view.facts],
        "papers": [papers.told(own) for own in view.papers],
    }


def _fact(own: OwnFact, application: Application, catalogue: Catalogue) -> dict[str, str]:
    disputed = application.details["fields"].get(own.key, {}).get("disputed", "")
    checked = (application.details.get(CHECKED) or {}).get(own.key, {}).get("outcome", "")
    sensitive = catalogue.dictionary[own.key].sensitive
    return {
        "key": own.key,
        "name": own.name,
        "value": spoken.hidden(own.shown) if sensitive else own.shown,
        "source": own.source,
        "disputed": spoken.hidden(disputed) if sensitive and disputed else disputed,
        "checked": checked,
    }


class _Papers:
    """What became of the papers of an application."""

    def __init__(self, application: Application) -> None:
        details = application.details
        self._filed = {one["key"]: one for one in details.get("materials") or ()}
        self._promised = {one["material"]: one for one in details.get("commitments") or ()}
        self._files = {one.name: one for one in application.attachments}
        self._handed_in = {one.material for one in application.handed_in}

    def told(self, own: OwnPaper) -> dict[str, Any]:
        """Return a paper with its pages, and what became of it.

        ``came`` is ``captured`` (pages are there), ``received`` (a promised one, at the window),
        ``promised`` (until the day ``due``), ``vouched`` (``kind`` of the letter; nothing
        follows), ``window`` (the applicant brings it there), or the disposition of what nobody
        has to bring: ``share``, ``e_licence``, ``produced``, ``generated``.
        """
        filed = self._filed.get(own.filed_as, {})
        pages = [self._files[name] for name in filed.get("attachments", ()) if name in self._files]
        promise = {} if pages else self._promised.get(own.filed_as, {})
        return {
            "key": own.key,
            "name": own.name,
            "disposition": own.disposition.value,
            "came": self._came(own, promise, captured=bool(pages)),
            "kind": promise.get("kind", ""),
            "days": promise.get("days", 0),
            "due": promise.get("due", ""),
            "pages": [
                {"file": one.id, "sha256": one.sha256, "media_type": one.media_type}
                for one in pages
            ],
        }

    def _came(self, own: OwnPaper, promise: Mapping[str, Any], *, captured: bool) -> str:
        if captured:
            return "captured"
        if own.filed_as in self._handed_in:
            return "received"
        if promise:
            return "promised" if follows(promise.get("kind", "")) else "vouched"
        asked = own.disposition is Disposition.CAPTURE
        return "window" if asked else own.disposition.value
