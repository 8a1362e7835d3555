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
from kiosk.domain.catalogue import Disposition, FieldKind, Mode, Status
from kiosk.domain.catalogue_model import DictionaryFile, ItemFile, JurisdictionFile, ThingFile
from kiosk.domain.problem import DeveloperMustAct

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
    for key, paper in dictionary.materials.items():
        where = ("materials", key)
        if (paper.disposition is Disposition.PRODUCED) != bool(paper.made_by):
            problem = "a produced material, and only it, has made_by"
            faults.append(_fault(document, (*where, "disposition"), problem))
        faults += _strangers(document, where, {"reads": paper.reads}, dictionary.fields)
        if paper.same_as and paper.same_as not in dictionary.materials:
            hint = _near(paper.same_as, dictionary.materials)
            faults.append(_fault(document, (*where, "same_as"), "no such material", hint))
    _raise(faults)


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
        faults += _incomplete(document, at, item)
    faults += _situations(document, thing) + _pages(document, thing)
    _raise(faults)


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
    """A page asks only for fields of the thing, each on one page."""
    keys = {key for item in thing.items for key in item.fields}
    faults: list[DocumentFault] = []
    seen: set[str] = set()
    for number, page in enumerate(thing.pages):
        at: Location = ("pages", number, "fields")
        faults += _strangers(document, ("pages", number), {"fields": page.fields}, keys)
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
