"""Check a jurisdiction's list: content for every item, departments that exist, numbers once."""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.catalogue.faults import Location, fault, near, strangers
from kiosk.catalogue.model import ListedThingFile, ThingFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain.catalogue import Status

Faults = Iterator[DocumentFault]


def check_list(sources: Sources) -> Faults:
    """Return what is wrong with the list, if the jurisdiction has one."""
    if sources.listed is None:
        return
    document = sources.listed.document
    content = {own.file.code: own.file for own in sources.things}
    departments = sources.place.file.departments
    numbers: set[int] = set()
    for index, own in enumerate(sources.listed.file.things):
        at: Location = ("things", index)
        if own.number in numbers:
            yield fault(document, (*at, "number"), f"number {own.number} is there twice")
        numbers.add(own.number)
        yield from strangers(document, (*at, "lead"), own.lead, departments, "department")
        yield from strangers(document, (*at, "joint"), own.joint, departments, "department")
        if own.thing in content:
            yield from _items(document, at, own, content[own.thing], departments)


def _items(
    document: Document,
    at: Location,
    own: ListedThingFile,
    content: ThingFile,
    departments: tuple[str, ...],
) -> Faults:
    codes = [item.code for item in content.items]
    names: set[str] = set()
    provincial: set[str] = set()
    for number, item in enumerate(own.items):
        here: Location = (*at, "items", number)
        if item.item not in codes:
            hint = near(item.item, codes) or f"{own.thing} has {', '.join(codes)}."
            problem = f"{own.thing} has no item {item.item}"
            yield fault(document, (*here, "item"), problem, hint)
        if item.name in names:
            yield fault(document, (*here, "name"), f"{item.name} is there twice")
        names.add(item.name)
        if item.provincial_code and item.provincial_code in provincial:
            problem = f"{item.provincial_code} is the code of two items of {own.thing}"
            yield fault(document, (*here, "provincial_code"), problem)
        provincial.add(item.provincial_code)
        yield from strangers(
            document, (*here, "departments"), item.departments, departments, "department"
        )
        ahead = item.status is Status.OPEN and own.status is not Status.OPEN
        if ahead != bool(item.opened_ahead):
            problem = "an item that is open before its thing, and only it, needs opened_ahead"
            yield fault(document, here, problem, "Say on whose word it is open.")


def check_place(sources: Sources) -> Faults:
    """Return what is wrong with the place: a department, a window or a rule that is there twice."""
    document, place = sources.place.document, sources.place.file
    twins = {
        "departments": place.departments,
        "windows": tuple(own.code for own in place.windows),
        "rules": tuple(own.code for own in place.rules),
    }
    for member, names in twins.items():
        for index, name in enumerate(names):
            if name in names[:index]:
                yield fault(document, (member, index), f"{name} is there twice")
    codes = twins["rules"]
    if place.free_courier and place.free_courier not in codes:
        hint = near(place.free_courier, codes) or "Name a rule of the place, or take it away."
        problem = f"there is no rule {place.free_courier}"
        yield fault(document, ("free_courier",), problem, hint)
    yield from _choices(sources)


def _choices(sources: Sources) -> Faults:
    """A place's own answers belong to a field that is answered by choosing."""
    document, fields = sources.place.document, sources.whole_dictionary().fields
    for key in sources.place.file.choices:
        if key not in fields:
            yield fault(document, ("choices", key), f"there is no field {key}", near(key, fields))
        elif not fields[key].choices:
            problem = f"{key} is not answered by choosing"
            yield fault(document, ("choices", key), problem, "Take it away.")
