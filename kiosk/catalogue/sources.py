"""Read every file that one jurisdiction's catalogue is made of; only shapes are checked here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

from kiosk.catalogue.calendar_shape import CalendarFile
from kiosk.catalogue.faults import CatalogueError, fault, near
from kiosk.catalogue.model import (
    CommitmentsFile,
    ConsentsFile,
    DictionaryFile,
    ListFile,
    NeverFile,
    ThingFile,
    WholeFile,
)
from kiosk.catalogue.place_shape import JurisdictionFile
from kiosk.documents import Document, DocumentError, DocumentFault, parse, read, validate
from standards import canonical

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Source(Generic[Model]):
    """One file: as it was read, and in its shape."""

    document: Document
    file: Model


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """All files of one jurisdiction's catalogue; ``listed`` is None where no list is known.

    ``things`` are those that the list or the place names.
    """

    dictionary: tuple[Source[DictionaryFile], ...]
    consents: Source[ConsentsFile]
    place: Source[JurisdictionFile]
    listed: Source[ListFile] | None
    things: tuple[Source[ThingFile], ...]
    never: Source[NeverFile] | None = None
    commitments: Source[CommitmentsFile] | None = None
    calendar: Source[CalendarFile] | None = None

    def whole_dictionary(self) -> DictionaryFile:
        """Return all dictionary files as one; of twins the first counts (they are a fault)."""
        files = [own.file for own in reversed(self.dictionary)]
        return DictionaryFile.model_construct(
            fields={key: own for file in files for key, own in file.fields.items()},
            materials={key: own for file in files for key, own in file.materials.items()},
        )

    def whole(self) -> WholeFile:
        """Return all files as one; its version is a digest of their content, not of their form."""
        return WholeFile(
            version=canonical.digest([document.value for document in self.documents()]),
            dictionary=self.whole_dictionary(),
            consents=self.consents.file,
            place=self.place.file,
            listed=self.listed.file if self.listed else None,
            things=tuple(own.file for own in self.things),
            commitments=self.commitments.file if self.commitments else None,
            calendar=self.calendar.file if self.calendar else None,
        )

    def documents(self) -> Iterator[Document]:
        """Yield every file as it was read, in an order that does not change."""
        yield from (own.document for own in self.dictionary)
        yield self.consents.document
        yield self.place.document
        if self.listed is not None:
            yield self.listed.document
        yield from (own.document for own in self.things)
        if self.commitments is not None:
            yield self.commitments.document
        if self.calendar is not None:
            yield self.calendar.document


def read_sources(config_dir: Path, code: str) -> Sources:
    """Return the files of the jurisdiction with this GB/T 2260 code.

    Raises:
        CatalogueError: files are missing or misshapen; all faults of all files.
    """
    reading = _Reading()
    folder = config_dir / "catalogue"
    dictionary = reading.folder(folder / "dictionary", DictionaryFile)
    consents = reading.one(folder / "consents.yaml", ConsentsFile)
    place = reading.one(config_dir / "jurisdictions" / f"{code}.yaml", JurisdictionFile)
    list_path = config_dir / "jurisdictions" / f"{code}.list.yaml"
    listed = reading.one(list_path, ListFile) if list_path.exists() else None
    things = reading.things(folder / "things", place, listed)
    never = reading.if_there(folder / "never.yaml", NeverFile)
    commitments = reading.if_there(folder / "commitments.yaml", CommitmentsFile)
    calendar = reading.calendar(config_dir / "calendars", place)
    if consents is None or place is None or reading.faults:
        raise CatalogueError(tuple(reading.faults))
    return Sources(
        dictionary=dictionary,
        consents=consents,
        place=place,
        listed=listed,
        things=things,
        never=never,
        commitments=commitments,
        calendar=calendar,
    )


def read_calendar(config_dir: Path, code: str) -> CalendarFile | None:
    """Return the calendar that a jurisdiction names, alone; none: an older release has none.

    Raises:
        CatalogueError: it, or the jurisdiction's own file, is missing or misshapen.
    """
    reading = _Reading()
    place = reading.one(config_dir / "jurisdictions" / f"{code}.yaml", JurisdictionFile)
    calendar = reading.calendar(config_dir / "calendars", place)
    if reading.faults:
        raise CatalogueError(tuple(reading.faults))
    return calendar.file if calendar else None


def things_beside(config_dir: Path, sources: Sources, named: Collection[str]) -> Sources:
    """Return the same files with the things that are not ``named``, without list and bundles.

    Raises:
        CatalogueError: a thing's file is misshapen.
    """
    reading = _Reading()
    paths = sorted((config_dir / "catalogue" / "things").glob("*.yaml"))
    read_ones = (reading.one(path, ThingFile) for path in paths if path.stem not in named)
    things = tuple(own for own in read_ones if own is not None)
    if reading.faults:
        raise CatalogueError(tuple(reading.faults))
    alone = sources.place.file.model_copy(update={"bundles": ()})
    place = Source(sources.place.document, alone)
    return replace(sources, place=place, listed=None, things=things)


def item_codes(folder: Path) -> frozenset[str]:
    """Return the codes of all items there is content for in a folder of things, offered or not.

    A misshapen thing counts with what it has: its own faults are told where it is read.
    """
    return frozenset(code for path in folder.glob("*.yaml") for code in _codes(path))


def _codes(path: Path) -> tuple[str, ...]:
    data = _bytes(path)
    try:
        return tuple(item.code for item in _source(path, data, ThingFile).file.items)
    except DocumentError:
        return _codes_as_they_stand(path, data)


def _codes_as_they_stand(path: Path, data: bytes) -> tuple[str, ...]:
    try:
        told = parse(path, data).value
    except DocumentError:
        return ()
    items = told.get("items") if isinstance(told, Mapping) else None
    listed = items if isinstance(items, list) else []
    return tuple(
        str(item["code"]) for item in listed if isinstance(item, Mapping) and "code" in item
    )


def _bytes(path: Path) -> bytes:
    """Return a file's bytes; one that cannot be read is told as `read` tells it."""
    try:
        return path.read_bytes()
    except OSError:
        read(path)
        raise


@lru_cache(maxsize=256)
def _source(path: Path, data: bytes, model: type[Model]) -> Source[Model]:
    """Return a file in its shape; jurisdictions share files, and the same bytes are read once."""
    document = parse(path, data)
    return Source(document, validate(document, model))


class _Reading:
    """One pass over the files, collecting what is wrong."""

    def __init__(self) -> None:
        self.faults: list[DocumentFault] = []

    def one(self, path: Path, model: type[Model]) -> Source[Model] | None:
        """Return one file, or None with its faults kept."""
        try:
            return _source(path, _bytes(path), model)
        except DocumentError as error:
            self.faults += error.faults
            return None

    def if_there(self, path: Path, model: type[Model]) -> Source[Model] | None:
        """Return a file that an older release does not have, or None."""
        return self.one(path, model) if path.exists() else None

    def calendar(
        self, folder: Path, place: Source[JurisdictionFile] | None
    ) -> Source[CalendarFile] | None:
        """Return the calendar that a place names; an older release has none at all."""
        if place is None or not folder.is_dir():
            return None
        name = place.file.calendar
        if not (folder / f"{name}.yaml").exists():
            hint = near(name, (path.stem for path in folder.glob("*.yaml")))
            hint = hint or f"Add {folder / name}.yaml."
            where: tuple[str | int, ...] = ("calendar",)
            self.faults.append(fault(place.document, where, f"there is no calendar {name}", hint))
            return None
        return self.one(folder / f"{name}.yaml", CalendarFile)

    def folder(self, folder: Path, model: type[Model]) -> tuple[Source[Model], ...]:
        """Return every file of a folder, by name."""
        read_ones = (self.one(path, model) for path in sorted(folder.glob("*.yaml")))
        return tuple(own for own in read_ones if own is not None)

    def things(
        self,
        folder: Path,
        place: Source[JurisdictionFile] | None,
        listed: Source[ListFile] | None,
    ) -> tuple[Source[ThingFile], ...]:
        """Return the content of every thing that is named; one without a file is a fault."""
        named: dict[str, tuple[Document, tuple[str | int, ...]]] = {}
        if place is not None:
            for index, code in enumerate(place.file.typical_things):
                named[code] = (place.document, ("typical_things", index))
        if listed is not None:
            for index, own in enumerate(listed.file.things):
                named[own.thing] = (listed.document, ("things", index, "thing"))
        files = {path.stem: path for path in folder.glob("*.yaml")}
        for code, (document, at) in named.items():
            if code not in files:
                hint = near(code, files) or f"Add {folder / code}.yaml."
                self.faults.append(fault(document, at, f"there is no thing {code}", hint))
        read_ones = (self.one(files[code], ThingFile) for code in named if code in files)
        return tuple(own for own in read_ones if own is not None)
