"""Look at every file of a configuration at once, whatever any jurisdiction names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.catalogue.check_used import check_used
from kiosk.catalogue.checks import check
from kiosk.catalogue.faults import CatalogueError, Location, fault
from kiosk.catalogue.model import CommitmentsFile, DictionaryFile, ThingFile
from kiosk.catalogue.place_shape import JurisdictionFile
from kiosk.catalogue.sources import Source, Sources, read_sources, things_beside
from kiosk.documents import DocumentError, DocumentFault, read, validate
from kiosk.domain.dictionary import Basis

PLACES = "[0-9]" * 6 + ".yaml"
"""A jurisdiction's file is named by its GB/T 2260 code."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """How much a configuration holds; a thing counts once, whoever offers it."""

    jurisdictions: int
    things: int
    items: int
    fields: int
    materials: int


def jurisdictions(config_dir: Path) -> tuple[str, ...]:
    """Return the codes of all jurisdictions of a configuration."""
    return tuple(path.stem for path in sorted((config_dir / "jurisdictions").glob(PLACES)))


def faults_of(config_dir: Path) -> tuple[DocumentFault, ...]:
    """Return every fault of a configuration, by file and line; none: it can be released."""
    found: set[DocumentFault] = set()
    whole: list[Sources] = []
    for code in jurisdictions(config_dir):
        try:
            sources = read_sources(config_dir, code)
            whole.append(sources)
            check(sources)
        except CatalogueError as wrong:
            found |= set(wrong.faults)
    if whole:
        found |= set(_unnamed(config_dir, whole))
    else:
        found |= set(_misshapen(config_dir)) or ({_nothing(config_dir)} if not found else set())
    return tuple(sorted(found, key=lambda own: (str(own.file), own.line, own.key)))


def _nothing(config_dir: Path) -> DocumentFault:
    return DocumentFault(
        file=config_dir / "jurisdictions",
        line=1,
        key="",
        problem="there is no jurisdiction",
        hint="Add <six digits>.yaml, or name the folder that holds jurisdictions/.",
    )


def _misshapen(config_dir: Path) -> Iterator[DocumentFault]:
    """Look at the shape of every thing: where no jurisdiction can be read, that is all there is."""
    for path in sorted((config_dir / "catalogue" / "things").glob("*.yaml")):
        try:
            validate(read(path), ThingFile)
        except DocumentError as wrong:
            yield from wrong.faults


def _unnamed(config_dir: Path, read: list[Sources]) -> Iterator[DocumentFault]:
    """Look at what no jurisdiction names: things are checked all the same, entries have a use."""
    named = {own.file.code for sources in read for own in sources.things}
    try:
        beside = things_beside(config_dir, read[0], named)
        yield from check_used((*read, beside))
        check(beside)
    except CatalogueError as wrong:
        yield from wrong.faults


def extent_of(config_dir: Path) -> Extent:
    """Return how much a configuration without faults holds.

    Raises:
        CatalogueError: it has faults.
    """
    whole = _whole(config_dir)
    dictionary = whole[0].whole_dictionary()
    things = _things(whole)
    return Extent(
        jurisdictions=len(whole) - 1,
        things=len(things),
        items=sum(len(own.file.items) for own in things),
        fields=len(dictionary.fields),
        materials=len(dictionary.materials),
    )


def unconfirmed(config_dir: Path) -> tuple[DocumentFault, ...]:
    """Return each promise, bundle, fact, paper, item and permitted gap that is typical.

    A release for an authority may hold none; each line names who has to confirm it where the
    content says so.

    Raises:
        CatalogueError: the configuration has faults.
    """
    whole = _whole(config_dir)
    found = [one for own in whole[:-1] for one in _promise(own.place)]
    found += [one for own in whole[:-1] for one in _bundles(own.place)]
    found += [one for own in whole[0].dictionary for one in _entries(own)]
    found += _gaps(whole[0])
    found += [one for own in _things(whole) for one in _items(own)]
    return tuple(found)


def _whole(config_dir: Path) -> tuple[Sources, ...]:
    """Return the files of every jurisdiction, and last those of things that nobody names."""
    whole = tuple(read_sources(config_dir, code) for code in jurisdictions(config_dir))
    if not whole:
        raise CatalogueError((_nothing(config_dir),))
    named = {own.file.code for sources in whole for own in sources.things}
    return (*whole, things_beside(config_dir, whole[0], named))


def _things(whole: tuple[Sources, ...]) -> tuple[Source[ThingFile], ...]:
    """Return each thing once, by its code."""
    every = {own.file.code: own for sources in whole for own in sources.things}
    return tuple(every[code] for code in sorted(every))


def _promise(place: Source[JurisdictionFile]) -> Iterator[DocumentFault]:
    if place.file.promise.basis is Basis.TYPICAL:
        yield _typical(place, ("promise",), "the promise")


def _bundles(place: Source[JurisdictionFile]) -> Iterator[DocumentFault]:
    for index, own in enumerate(place.file.bundles):
        if own.basis is Basis.TYPICAL:
            yield _typical(place, ("bundles", index), own.name, own.note_for_authority)


def _entries(own: Source[DictionaryFile]) -> Iterator[DocumentFault]:
    for key, field in own.file.fields.items():
        if field.basis is Basis.TYPICAL:
            yield _typical(own, ("fields", key), field.label)
    for key, material in own.file.materials.items():
        if material.basis is Basis.TYPICAL:
            yield _typical(own, ("materials", key), material.name)


def _gaps(whole: Sources) -> Iterator[DocumentFault]:
    """Look at the list of what may be admitted with gaps, and at each of its lines."""
    own = whole.commitments
    if own is None:
        return
    listed, papers = own.file, whole.whole_dictionary().materials
    if listed.basis is Basis.TYPICAL:
        yield _typical(own, ("title",), listed.title, listed.note_for_authority)
    for index, entry in enumerate(listed.entries):
        if entry.basis is Basis.TYPICAL:
            note = entry.note_for_authority or listed.note_for_authority
            yield _typical(own, ("entries", index), papers[entry.material].name, note)


def _items(own: Source[ThingFile]) -> Iterator[DocumentFault]:
    for place, item in enumerate(own.file.items):
        if item.basis is Basis.TYPICAL:
            yield _typical(own, ("items", place), item.name, item.note_for_authority)


def _typical(
    own: Source[DictionaryFile]
    | Source[JurisdictionFile]
    | Source[ThingFile]
    | Source[CommitmentsFile],
    at: Location,
    name: str,
    note: str = "",
) -> DocumentFault:
    hint = note or "Have its authority confirm it, then write basis: confirmed."
    return fault(own.document, at, f"{name} is typical content", hint)
