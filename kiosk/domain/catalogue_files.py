"""Load the catalogue of one jurisdiction from its files, or say exactly what is wrong in them.

Shape is checked first (:mod:`kiosk.domain.catalogue_model`), then what crosses files: names
that lead nowhere, an item twice, an open item without a form, a choice without answers.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from kiosk.documents import Document, DocumentError, DocumentFault, read, validate
from kiosk.domain.catalogue import (
    Catalogue,
    Choice,
    Disposition,
    Field,
    FieldKind,
    Guide,
    Item,
    Jurisdiction,
    Material,
    Mode,
    Status,
    Thing,
)
from kiosk.domain.catalogue_model import (
    DictionaryFile,
    FieldFile,
    GuideFile,
    ItemFile,
    JurisdictionFile,
    MaterialFile,
    ThingFile,
)
from kiosk.domain.consent import ConsentText
from kiosk.domain.problem import DeveloperMustAct
from standards import canonical

Model = TypeVar("Model", bound=BaseModel)
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


def load(config_dir: Path, jurisdiction_code: str) -> Catalogue:
    """Return the catalogue of a jurisdiction from ``config_dir``.

    Raises:
        CatalogueError: a file is missing or wrong; the message names file, line and key.
    """
    dictionary_document, dictionary_file = _read(
        config_dir / "catalogue" / "dictionary.yaml", DictionaryFile
    )
    place_document, place_file = _read(
        config_dir / "jurisdictions" / f"{jurisdiction_code}.yaml", JurisdictionFile
    )
    folder = config_dir / "catalogue" / "things"
    _known_things(place_document, place_file, folder)
    things = [_read(folder / f"{code}.yaml", ThingFile) for code in place_file.things]
    _check_dictionary(dictionary_document, dictionary_file)
    for document, thing in things:
        _check_thing(document, thing, dictionary_file)
    documents = (dictionary_document, place_document, *(document for document, _ in things))
    builder = _Builder(dictionary_file, place_file)
    return Catalogue(
        version=canonical.digest([document.value for document in documents]),
        jurisdiction=builder.jurisdiction(),
        things=tuple(builder.thing(thing) for _, thing in things),
        dictionary=builder.fields,
        consents=builder.consents(),
    )


def _read(path: Path, model: type[Model]) -> tuple[Document, Model]:
    try:
        document = read(path)
        return document, validate(document, model)
    except DocumentError as error:
        raise CatalogueError(error.faults) from error


class _Builder:
    """Turns the files' shapes into the catalogue's records."""

    def __init__(self, dictionary: DictionaryFile, place: JurisdictionFile) -> None:
        self._dictionary = dictionary
        self._place = place
        self.fields = {key: _field(key, own) for key, own in dictionary.fields.items()}
        self._materials = {key: _material(key, own) for key, own in dictionary.materials.items()}

    def jurisdiction(self) -> Jurisdiction:
        place = self._place
        return Jurisdiction(
            code=place.code,
            name=place.name,
            service_name=place.service_name,
            things=place.things,
            check_hours=place.promise.check_hours,
            accept_days=place.promise.accept_days,
        )

    def consents(self) -> dict[str, ConsentText]:
        return {
            purpose: ConsentText(
                purpose=purpose, edition=own.edition, title=own.title, text=own.text
            )
            for purpose, own in self._dictionary.consents.items()
        }

    def thing(self, own: ThingFile) -> Thing:
        return Thing(
            code=own.code,
            number=own.number,
            name=own.name,
            audience=own.audience,
            group=own.group,
            lead=self._department(own.lead),
            items=tuple(self._item(item) for item in own.items),
            icon=own.icon,
            intro=own.intro,
            words=own.words,
            steps=own.steps,
            source=own.source,
        )

    def _item(self, own: ItemFile) -> Item:
        return Item(
            code=own.code,
            name=own.name,
            department=self._department(own.department),
            fields=tuple(self.fields[key] for key in own.fields),
            materials=tuple(self._materials[key] for key in own.materials),
            limit_days=own.limit_days,
            separate_days=own.separate.days if own.separate else 0,
            steps=own.separate.steps if own.separate else 0,
            mode=own.mode,
            status=own.status,
            basis=own.basis,
            schedule=own.schedule,
            fee_fen=own.fee_fen,
            guide=_guide(own.guide),
            note_for_authority=own.note_for_authority,
        )

    def _department(self, name: str) -> str:
        """Return what the department is called in this jurisdiction."""
        return self._place.departments.get(name, name)


def _field(key: str, own: FieldFile) -> Field:
    return Field(
        key=key,
        label=own.label,
        kind=own.kind,
        sources=own.sources,
        choices=tuple(Choice(value=c.value, label=c.label, help=c.help) for c in own.choices),
        help=own.help,
        pattern=own.pattern,
        earliest_days=own.days.earliest,
        latest_days=own.days.latest,
        outside=own.outside or "",
        sensitive=own.sensitive,
        basis=own.basis,
    )


def _material(key: str, own: MaterialFile) -> Material:
    return Material(
        key=key,
        name=own.name,
        disposition=own.disposition,
        reason=own.reason,
        made_by=own.made_by or "",
        legal_basis=own.legal_basis,
        basis=own.basis,
    )


def _guide(own: GuideFile | None) -> Guide:
    if own is None:
        return Guide()
    return Guide(
        basis=own.basis,
        conditions=own.conditions,
        process=own.process,
        fee_basis=own.fee_basis,
        result=own.result,
        notes=own.notes,
    )


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


def _known_things(document: Document, place: JurisdictionFile, folder: Path) -> None:
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


def _check_dictionary(document: Document, dictionary: DictionaryFile) -> None:
    faults: list[DocumentFault] = []
    for key, own in dictionary.fields.items():
        at = ("fields", key)
        if (own.kind is FieldKind.CHOICE) != bool(own.choices):
            faults.append(_fault(document, (*at, "kind"), "a choice, and only it, has choices"))
        if own.outside and own.outside not in dictionary.fields:
            hint = _near(own.outside, dictionary.fields)
            faults.append(_fault(document, (*at, "outside"), "no such field", hint))
        if not _is_pattern(own.pattern):
            faults.append(_fault(document, (*at, "pattern"), "not a regular expression"))
    for key, paper in dictionary.materials.items():
        if (paper.disposition is Disposition.PRODUCED) != bool(paper.made_by):
            problem = "a produced material, and only it, has made_by"
            faults.append(_fault(document, ("materials", key, "disposition"), problem))
    _raise(faults)


def _is_pattern(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _check_thing(document: Document, thing: ThingFile, dictionary: DictionaryFile) -> None:
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
    _raise(faults)


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
