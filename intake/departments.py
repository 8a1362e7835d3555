"""What each item's department receives: its own facts and papers in its own names, nothing more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from intake import spoken
from intake.model import Application
from kiosk.domain import situations
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.department_view import DepartmentView, views
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
    codes = {item.code for item in application.items}
    items = tuple(item for item in thing.items if item.code in codes)
    answers = application.details.get("situations") or {}
    narrowed = situations.narrowed(thing, items, answers)
    known = {
        key: Known(value=one["value"], source=one["source"])
        for key, one in application.details["fields"].items()
    }
    found = views(narrowed, merge(narrowed, known), checklist(narrowed))
    return {own.item: own for own in found}


def told(view: DepartmentView, application: Application, catalogue: Catalogue) -> dict[str, Any]:
    """Return a view as data; sensitive values are hidden, as on the clerk's page.

    ``disputed`` is what the citizen says is right instead of what the source told.
    """
    said = application.details["fields"]
    return {
        "item": view.item,
        "name": view.name,
        "departments": list(view.departments),
        "facts": [
            {
                "key": own.key,
                "name": own.name,
                "value": spoken.hidden(own.shown)
                if catalogue.dictionary[own.key].sensitive
                else own.shown,
                "source": own.source,
                "disputed": said.get(own.key, {}).get("disputed", ""),
            }
            for own in view.facts
        ],
        "papers": [
            {"key": own.key, "name": own.name, "disposition": own.disposition.value}
            for own in view.papers
        ],
    }
