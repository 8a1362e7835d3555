"""Load the catalogue of one jurisdiction from its files, or say exactly what is wrong in them.

A jurisdiction's list brings the things' content together with the document's own words.  All files
are held against one another before anything is refused, so that all faults are told at once.
"""

from __future__ import annotations

from pathlib import Path

from kiosk.catalogue.build import Builder, commitments, consents, workdays
from kiosk.catalogue.checks import check
from kiosk.catalogue.faults import CatalogueError
from kiosk.catalogue.model import WholeFile
from kiosk.catalogue.sources import read_calendar, read_sources
from kiosk.domain.calendar import NOTHING_KNOWN, Workdays
from kiosk.domain.catalogue import Catalogue

__all__ = ["CatalogueError", "load", "workdays_of"]


def load(config_dir: Path, jurisdiction_code: str) -> Catalogue:
    """Return the catalogue of a jurisdiction from ``config_dir``.

    Raises:
        CatalogueError: files are missing or wrong; the message names file, line and key of each.
    """
    sources = read_sources(config_dir, jurisdiction_code)
    check(sources)
    return assembled(sources.whole())


def assembled(whole: WholeFile) -> Catalogue:
    """Return the catalogue that checked files make."""
    builder = Builder(whole.dictionary, whole.place)
    content = {own.code: own for own in whole.things}
    listed = whole.listed
    things = (
        tuple(builder.thing(content[own.thing], own, listed.document) for own in listed.things)
        if listed
        else ()
    )
    return Catalogue(
        version=whole.version,
        jurisdiction=builder.jurisdiction(own.code for own in things),
        things=things,
        dictionary=builder.fields,
        consents=consents(whole.consents),
        typical=tuple(builder.typical(content[code]) for code in whole.place.typical_things),
        commitments=commitments(whole.commitments, whole.dictionary.materials)
        if whole.commitments
        else None,
        workdays=workdays(whole.calendar) if whole.calendar else NOTHING_KNOWN,
    )


def workdays_of(config_dir: Path, jurisdiction_code: str) -> Workdays:
    """Return a jurisdiction's calendar without its catalogue.

    It is for pages that have to stand where the catalogue does not: a calendar that is missing or
    wrong is one that knows nothing, so that whatever rests on it is told as an estimate.
    """
    try:
        own = read_calendar(config_dir, jurisdiction_code)
        return workdays(own) if own else NOTHING_KNOWN
    except (CatalogueError, ValueError, OSError):
        return NOTHING_KNOWN
