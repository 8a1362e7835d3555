"""Load the catalogue of one jurisdiction from its files, or say exactly what is wrong in them."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from kiosk.documents import Document, DocumentError, read, validate
from kiosk.domain.catalogue import Catalogue
from kiosk.domain.catalogue_build import Builder
from kiosk.domain.catalogue_checks import (
    CatalogueError,
    check_dictionary,
    check_thing,
    check_things_known,
)
from kiosk.domain.catalogue_model import DictionaryFile, JurisdictionFile, ThingFile
from standards import canonical

__all__ = ["CatalogueError", "load"]

Model = TypeVar("Model", bound=BaseModel)


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
    check_things_known(place_document, place_file, folder)
    things = [_read(folder / f"{code}.yaml", ThingFile) for code in place_file.things]
    check_dictionary(dictionary_document, dictionary_file)
    for document, thing in things:
        check_thing(document, thing, dictionary_file)
    documents = (dictionary_document, place_document, *(document for document, _ in things))
    builder = Builder(dictionary_file, place_file)
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
