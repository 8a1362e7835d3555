"""Check the content of things: items, situations, pages and delivery name only what is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kiosk.catalogue.check_item import check_items
from kiosk.catalogue.faults import Location, fault, near, strangers
from kiosk.catalogue.model import DictionaryFile, ItemFile, SituationFile, ThingFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault
from kiosk.domain.catalogue import Mode, Status
from kiosk.domain.jurisdiction import DeliveryMethod

ADDRESS = "delivery.address"
"""The field that says where a courier brings results."""
Faults = Iterator[DocumentFault]


def check_thing(sources: Sources) -> Faults:
    """Return what is wrong with the content of every thing."""
    whole = sources.whole_dictionary()
    offered = _open(sources)
    for source in sources.things:
        document, thing = source.document, source.file
        if thing.code != document.path.stem:
            yield fault(document, ("code",), f"the file is called {document.path.name}")
        yield from _items(document, thing, whole)
        for index, item in enumerate(thing.items):
            if (thing.code, item.code) in offered:
                yield from _incomplete(document, ("items", index), item)
        yield from check_items(document, thing)
        yield from _situations(document, thing, whole)
        yield from _pages(document, thing)
        yield from _delivery(document, thing)


def _items(document: Document, thing: ThingFile, whole: DictionaryFile) -> Faults:
    seen: set[str] = set()
    for index, item in enumerate(thing.items):
        at: Location = ("items", index)
        if item.code in seen:
            yield fault(document, (*at, "code"), f"{item.code} is there twice")
        seen.add(item.code)
        yield from _unknown(document, (*at, "fields"), item.fields, whole.fields, "field")
        yield from _unknown(document, (*at, "materials"), item.materials, whole.materials, "paper")
        yield from _unread(document, at, item, whole)


def _open(sources: Sources) -> set[tuple[str, str]]:
    """Return thing and item of what the list opens."""
    if sources.listed is None:
        return set()
    return {
        (own.thing, item.item)
        for own in sources.listed.file.things
        for item in own.items
        if (item.status or own.status) is Status.OPEN
    }


def _unknown(
    document: Document, at: Location, names: tuple[str, ...], known: Mapping[str, object], what: str
) -> Faults:
    """Return a fault for each name the dictionary lacks, and for each given twice."""
    yield from strangers(document, at, names, known, f"{what} in the dictionary:")
    for index, name in enumerate(names):
        if name in names[:index]:
            yield fault(document, (*at, index), f"{name} is there twice")


def _unread(document: Document, at: Location, item: ItemFile, whole: DictionaryFile) -> Faults:
    """What is read from a paper has its place in the form of each item that takes the paper."""
    for number, name in enumerate(item.materials):
        paper = whole.materials.get(name)
        for key in paper.reads if paper else ():
            if key not in item.fields:
                problem = f"{name} tells {key}, and {item.code} has no such field"
                yield fault(document, (*at, "materials", number), problem, "Add it to fields.")


def _incomplete(document: Document, at: Location, item: ItemFile) -> Faults:
    """Return what an open item still needs: a filing its form and guide, a check what it asks."""
    needs = {}
    if item.mode is Mode.FILE:
        needs = {
            "fields": bool(item.fields),
            "guide": item.guide is not None,
            "separate": item.separate is not None,
            "limit_days": item.limit_days > 0,
        }
    elif item.mode is Mode.CHECK:
        needs = {"check": item.check is not None, "separate": item.separate is not None}
    for name, given in needs.items():
        if not given:
            yield fault(document, at, f"an item of mode {item.mode} needs {name}")


def _situations(document: Document, thing: ThingFile, whole: DictionaryFile) -> Faults:
    """An answer may only take away what its own thing has, and has to say why."""
    codes = {item.code for item in thing.items}
    keys = {key for item in thing.items for key in item.fields}
    papers = {key for item in thing.items for key in item.materials}
    for number, situation in enumerate(thing.situations):
        yield from _when(document, ("situations", number), situation, thing)
        for index, option in enumerate(situation.options):
            at: Location = ("situations", number, "options", index)
            yield from strangers(document, (*at, "without"), option.without, codes, "item")
            for member, known in (
                ("lacks", papers),
                ("without_materials", papers),
                ("without_fields", keys),
            ):
                names = getattr(option, member)
                yield from strangers(document, (*at, member), names, known, "such key:")
            if option.without and not option.why:
                yield fault(document, at, "what takes an item away needs why")
        yield from _known(document, ("situations", number), situation, whole)


def _known(document: Document, at: Location, own: SituationFile, whole: DictionaryFile) -> Faults:
    """A fact that answers a question is in the dictionary, and can be what the answers say."""
    told = [(n, v) for n, option in enumerate(own.options) for v in option.known_values]
    if own.known_by is None:
        for index, _ in told:
            where: Location = (*at, "options", index, "known_values")
            yield fault(document, where, "no fact is named", "Write known_by in the question.")
        return
    here: Location = (*at, "known_by")
    field = whole.fields.get(own.known_by)
    if field is None:
        problem = f"no such field {own.known_by}"
        yield fault(document, here, problem, near(own.known_by, whole.fields))
        return
    if not told:
        hint = "Write known_values in an option, or take known_by away."
        yield fault(document, here, "no option says which values answer it", hint)
    values = [choice.value for choice in field.choices]
    for index, value in told:
        if values and value not in values:
            where = (*at, "options", index, "known_values")
            problem = f"{own.known_by} is never {value}"
            yield fault(document, where, problem, f"Take one of {', '.join(values)}.")


def _when(document: Document, at: Location, own: SituationFile, thing: ThingFile) -> Faults:
    """A question may depend only on answers to questions that stand before it."""
    before = {
        one.code: {option.value for option in one.options}
        for one in thing.situations[: thing.situations.index(own)]
    }
    for code, values in own.when.items():
        if code not in before:
            problem = f"no question {code} stands before this one"
            yield fault(document, (*at, "when", code), problem, near(code, before))
            continue
        yield from strangers(document, (*at, "when", code), values, before[code], "answer")


def _pages(document: Document, thing: ThingFile) -> Faults:
    """A page asks for and shows only fields of the thing, and asks for each on one page."""
    keys = {key for item in thing.items for key in item.fields}
    seen: set[str] = set()
    for number, page in enumerate(thing.pages):
        for member in ("fields", "shows"):
            names = getattr(page, member)
            yield from strangers(document, ("pages", number, member), names, keys, "field")
        for key in page.fields:
            if key in seen:
                yield fault(document, ("pages", number, "fields"), f"{key} is on two pages")
        seen |= set(page.fields)


def _delivery(document: Document, thing: ThingFile) -> Faults:
    """What is sent is sent to an address that somebody asks for."""
    asked = any(ADDRESS in item.fields for item in thing.items)
    if DeliveryMethod.COURIER in thing.delivery and not asked:
        yield fault(document, ("delivery",), f"courier needs {ADDRESS} among an item's fields")
