"""Check how items of a thing relate: relations lead somewhere, in no circle, and agree.

An item stands behind what it requires and behind what makes its papers and facts.  A circle of
these could never be decided; neither could what the law runs together and the list excludes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kiosk.catalogue.faults import Location, fault, strangers
from kiosk.catalogue.model import DictionaryFile, ItemFile, ThingFile
from kiosk.catalogue.sources import Sources
from kiosk.documents import Document, DocumentFault

Faults = Iterator[DocumentFault]
PRODUCED = "produced:"


def check_relations(sources: Sources) -> Faults:
    """Return what is wrong with the relations of every thing's items."""
    whole = sources.whole_dictionary()
    for source in sources.things:
        items = {item.code: item for item in source.file.items}
        for index, item in enumerate(source.file.items):
            yield from _named(source.document, ("items", index), item, items)
            yield from _contradicted(source.document, ("items", index), item, items)
        yield from _circles(source.document, source.file, whole)


def _named(
    document: Document, at: Location, item: ItemFile, items: Mapping[str, ItemFile]
) -> Faults:
    for member in ("requires", "same_time", "excludes"):
        names = getattr(item, member)
        yield from strangers(document, (*at, member), names, items, "item")
        if item.code in names:
            hint = "Take it out; a relation names another item."
            yield fault(document, (*at, member), f"{item.code} names itself", hint)
    if item.same_time and not item.together_why:
        hint = "Say in together_why which law runs them together."
        yield fault(document, (*at, "same_time"), "same_time needs together_why", hint)


def _contradicted(
    document: Document, at: Location, item: ItemFile, items: Mapping[str, ItemFile]
) -> Faults:
    """What has to be filed together cannot exclude one another, or be two ways to one end."""
    for member in ("requires", "same_time"):
        for code in getattr(item, member):
            other = items.get(code)
            if other is None or code == item.code:
                continue
            if code in item.excludes or item.code in other.excludes:
                hint = "Take one of the two relations out."
                problem = f"{code} is needed here and excluded"
                yield fault(document, (*at, member), problem, hint)
            if item.alternative and item.alternative == other.alternative:
                hint = "Take it out, or give the two no alternative in common."
                problem = f"{code} is another way to the same end and is needed here"
                yield fault(document, (*at, member), problem, hint)


def _circles(document: Document, thing: ThingFile, whole: DictionaryFile) -> Faults:
    """Tell each circle once, at the first of its items."""
    codes = {item.code for item in thing.items}
    before = {item.code: _needs(item, whole) & codes - {item.code} for item in thing.items}
    told: set[str] = set()
    for index, item in enumerate(thing.items):
        way = [] if item.code in told else _way_back(item.code, before)
        if way:
            told |= set(way)
            problem = f"goes in a circle: {' → '.join((*way, item.code))}"
            hint = "Take out one of requires, made_by or produced between them."
            yield fault(document, ("items", index), problem, hint)


def _needs(item: ItemFile, whole: DictionaryFile) -> set[str]:
    papers = (whole.materials[key].made_by for key in item.materials if key in whole.materials)
    facts = (
        source.removeprefix(PRODUCED)
        for key in item.fields
        if key in whole.fields
        for source in whole.fields[key].sources
        if source.startswith(PRODUCED)
    )
    return {*item.requires, *(code for code in papers if code), *facts}


def _way_back(start: str, before: Mapping[str, set[str]]) -> list[str]:
    """Return the items of a way from ``start`` over what is needed back to it, or nothing."""
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop(0)
        for code in sorted(before[way[-1]]):
            if code == start:
                return way
            if code not in seen:
                seen.add(code)
                ways.append([*way, code])
    return []
