"""What crosses the catalogue's files: names that lead nowhere, twins, holes.

Shape was checked before (:mod:`kiosk.domain.catalogue_model`). Each check returns its faults, so
that all of them are told at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from kiosk.documents import Document, DocumentFault
from kiosk.domain.catalogue import DeliveryMethod, Disposition, FieldKind, Mode, Status
from kiosk.domain.catalogue_model import DictionaryFile, ItemFile, JurisdictionFile, ThingFile
from kiosk.domain.derive import has_rule
from kiosk.domain.problem import DeveloperMustAct

ADDRESS = "delivery.address"
"""The field that says where a courier brings results."""
Location = tuple[str | int, ...]


class CatalogueError(DeveloperMustAct):
    """The catalogue's files are wrong; ``file``, ``line`` and ``problem`` are the first fault's.

    ``faults`` holds every fault found.
    """

    code = "problem.catalogue"

    def __init__(self, faults: tuple[DocumentFault, ...]) -> None:
        super().__init__(detail="\n".join(map(str, faults)))
        self.faults = faults
        self.file: Path = faults[0].file
        self.line: int = faults[0].line
        self.problem: str = str(faults[0])


def _raise(faults: Iterable[DocumentFault]) -> None:
    found = tuple(sorted(faults, key=lambda fault: fault.line))
    if found:
        raise CatalogueError(found)


def _fault(document: Document, location: Location, problem: str, hint: str = "") -> DocumentFault:
    return DocumentFault(
        file=document.path,
        line=document.line(location),
        key=".".join(map(str, location)),
        problem=problem,
        hint=hint,
    )


def _near(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else ""


def check_things_known(document: Document, place: JurisdictionFile, folder: Path) -> None:
    """Refuse a jurisdiction that offers a thing without a file."""
    files = {path.stem for path in folder.glob("*.yaml")}
    _raise(
        _fault(
            document,
            ("things", index),
            f"there is no thing {code}",
            _near(code, files) or f"Add {folder / code}.yaml",
        )
        for index, code in enumerate(place.things)
        if code not in files
    )


def check_dictionary(document: Document, dictionary: DictionaryFile) -> None:
    """Refuse fields and papers that contradict themselves or name what is not there."""
    faults: list[DocumentFault] = []
    for key, own in dictionary.fields.items():
        at = ("fields", key)
        if (own.kind is FieldKind.CHOICE) != bool(own.choices or own.table):
            faults.append(_fault(document, (*at, "kind"), "a choice, and only it, has choices"))
        named = {"choices_from": own.choices_from, "suggest": own.suggest}
        named |= {"surname_of": own.surname_of, "outside": (own.outside,) if own.outside else ()}
        faults += _strangers(document, at, named, dictionary.fields)
        if not _is_pattern(own.pattern):
            faults.append(_fault(document, (*at, "pattern"), "not a regular expression"))
        faults += _sources(document, key, dictionary)
    for key, paper in dictionary.materials.items():
        where = ("materials", key)
        if (paper.disposition is Disposition.PRODUCED) != bool(paper.made_by):
            problem = "a produced material, and only it, has made_by"
            faults.append(_fault(document, (*where, "disposition"), problem))
        faults += _strangers(document, where, {"reads": paper.reads}, dictionary.fields)
        faults += _booklet(document, key, dictionary)
    faults += _consents(document, dictionary)
    _raise(faults)


def _sources(document: Document, key: str, dictionary: DictionaryFile) -> list[DocumentFault]:
    """A field follows from one that there is, by a rule; it is read from a paper that tells it."""
    faults: list[DocumentFault] = []
    for index, source in enumerate(dictionary.fields[key].sources):
        at: Location = ("fields", key, "sources", index)
        kind, _, name = source.partition(":")
        if kind == "derived" and name not in dictionary.fields:
            faults.append(_fault(document, at, "no such field", _near(name, dictionary.fields)))
        elif kind == "derived" and not has_rule(key):
            faults.append(_fault(document, at, f"there is no rule by which {key} follows"))
        elif kind == "capture" and name not in dictionary.materials:
            hint = _near(name, dictionary.materials)
            faults.append(_fault(document, at, "no such material", hint))
        elif kind == "capture" and key not in dictionary.materials[name].reads:
            faults.append(_fault(document, at, f"{name} does not read it", "Add it to reads."))
    return faults


def _booklet(document: Document, key: str, dictionary: DictionaryFile) -> list[DocumentFault]:
    """Two names of one booklet: one of them is the other's, and both are had alike."""
    paper = dictionary.materials[key]
    if not paper.same_as:
        return []
    at: Location = ("materials", key, "same_as")
    other = dictionary.materials.get(paper.same_as)
    if other is None:
        hint = _near(paper.same_as, dictionary.materials)
        return [_fault(document, at, "no such material", hint)]
    if other.same_as:  # itself, or a chain: whose picture would it be?
        return [_fault(document, at, f"{paper.same_as} is itself the same as another one")]
    if (other.disposition, other.made_by) != (paper.disposition, paper.made_by):
        problem = f"{paper.same_as} has another disposition or maker, and is the same booklet"
        return [_fault(document, at, problem)]
    return []


def _consents(document: Document, dictionary: DictionaryFile) -> list[DocumentFault]:
    """The words that a terminal asks for have to be there."""
    needed = {"data_fetch": "to ask registers", "declaration": "to be signed"}
    if any(paper.commitment_days for paper in dictionary.materials.values()):
        needed["commitment"] = "to bring a material later"
    return [
        _fault(document, ("consents",), f"needs {purpose}, {why}")
        for purpose, why in needed.items()
        if purpose not in dictionary.consents
    ]


def _strangers(
    document: Document, at: Location, named: Mapping[str, tuple[str, ...]], known: Iterable[str]
) -> list[DocumentFault]:
    """Return a fault for each name, by the member that holds it, that leads nowhere."""
    keys = list(known)
    return [
        _fault(document, (*at, member), "no such field", _near(name, keys))
        for member, names in named.items()
        for name in names
        if name not in keys
    ]


def _is_pattern(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def check_thing(document: Document, thing: ThingFile, dictionary: DictionaryFile) -> None:
    """Refuse a thing whose items, situations or pages name what is not there."""
    faults: list[DocumentFault] = []
    if thing.code != document.path.stem:
        faults.append(_fault(document, ("code",), f"the file is called {document.path.name}"))
    seen: set[str] = set()
    for index, item in enumerate(thing.items):
        at: Location = ("items", index)
        if item.code in seen:
            faults.append(_fault(document, (*at, "code"), f"{item.code} is there twice"))
        seen.add(item.code)
        faults += _unknown(document, (*at, "fields"), item.fields, dictionary.fields)
        faults += _unknown(document, (*at, "materials"), item.materials, dictionary.materials)
        faults += _unread(document, index, item, dictionary)
        faults += _incomplete(document, at, item)
    faults += _situations(document, thing) + _pages(document, thing) + _delivery(document, thing)
    _raise(faults)


def _unread(
    document: Document, index: int, item: ItemFile, dictionary: DictionaryFile
) -> list[DocumentFault]:
    """What is read from a paper has its place in the form of each item that takes the paper."""
    return [
        _fault(
            document,
            ("items", index, "materials", number),
            f"{name} tells {key}, and {item.code} has no such field",
            "Add it to fields.",
        )
        for number, name in enumerate(item.materials)
        if name in dictionary.materials
        for key in dictionary.materials[name].reads
        if key not in item.fields
    ]


def _delivery(document: Document, thing: ThingFile) -> list[DocumentFault]:
    """What is sent is sent to an address that somebody asks for."""
    asked = any(ADDRESS in item.fields for item in thing.items)
    if DeliveryMethod.COURIER not in thing.delivery or asked:
        return []
    return [_fault(document, ("delivery",), f"courier needs {ADDRESS} among an item's fields")]


def _situations(document: Document, thing: ThingFile) -> list[DocumentFault]:
    """An answer may only take away items of its own thing, and has to say why."""
    codes = {item.code for item in thing.items}
    papers = {key for item in thing.items for key in item.materials}
    faults: list[DocumentFault] = []
    for number, situation in enumerate(thing.situations):
        for index, option in enumerate(situation.options):
            at: Location = ("situations", number, "options", index)
            faults += [
                _fault(document, (*at, "without"), f"there is no item {code}", _near(code, codes))
                for code in option.without
                if code not in codes
            ]
            faults += _strangers(document, at, {"lacks": option.lacks}, papers)
            if option.without and not option.why:
                faults.append(_fault(document, at, "what takes an item away needs why"))
    return faults


def _pages(document: Document, thing: ThingFile) -> list[DocumentFault]:
    """A page asks for and shows only fields of the thing, and asks for each on one page."""
    keys = {key for item in thing.items for key in item.fields}
    faults: list[DocumentFault] = []
    seen: set[str] = set()
    for number, page in enumerate(thing.pages):
        at: Location = ("pages", number, "fields")
        named = {"fields": page.fields, "shows": page.shows}
        faults += _strangers(document, ("pages", number), named, keys)
        twice = [key for key in page.fields if key in seen]
        faults += [_fault(document, at, f"{key} is on two pages") for key in twice]
        seen |= set(page.fields)
    return faults


def _unknown(
    document: Document, at: Location, names: tuple[str, ...], known: Iterable[str]
) -> list[DocumentFault]:
    """Return a fault for each name the dictionary lacks, and for each given twice."""
    keys = list(known)
    faults = [
        _fault(document, (*at, index), f"the dictionary has no {name}", _near(name, keys))
        for index, name in enumerate(names)
        if name not in keys
    ]
    twice = [index for index, name in enumerate(names) if name in names[:index]]
    faults += [_fault(document, (*at, i), f"{names[i]} is there twice") for i in twice]
    return faults


def _incomplete(document: Document, at: Location, item: ItemFile) -> list[DocumentFault]:
    """Return what an item still needs: a form and a guide when open, a word when not."""
    if item.status is not Status.OPEN:
        needs = {"schedule": bool(item.schedule)}
    elif item.mode is Mode.FILE:
        needs = {
            "fields": bool(item.fields),
            "guide": item.guide is not None,
            "separate": item.separate is not None,
            "limit_days": item.limit_days > 0,
        }
    else:
        needs = {}
    missing = [name for name, given in needs.items() if not given]
    state = item.status.value
    return [_fault(document, at, f"an item that is {state} needs {name}") for name in missing]
