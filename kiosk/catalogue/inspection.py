"""Look at every file of a configuration at once, whatever any jurisdiction names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kiosk.catalogue.checks import check
from kiosk.catalogue.faults import CatalogueError
from kiosk.catalogue.sources import Sources, read_sources, things_beside
from kiosk.documents import DocumentFault

PLACES = "[0-9]" * 6 + ".yaml"
"""A jurisdiction's file is named by its GB/T 2260 code."""


def jurisdictions(config_dir: Path) -> tuple[str, ...]:
    """Return the codes of all jurisdictions of a configuration."""
    return tuple(path.stem for path in sorted((config_dir / "jurisdictions").glob(PLACES)))


def faults_of(config_dir: Path) -> tuple[DocumentFault, ...]:
    """Return every fault of a configuration, by file and line; none: it can be released."""
    found: set[DocumentFault] = set()
    read: list[Sources] = []
    for code in jurisdictions(config_dir):
        try:
            sources = read_sources(config_dir, code)
            read.append(sources)
            check(sources)
        except CatalogueError as wrong:
            found |= set(wrong.faults)
    if read:
        found |= set(_unnamed(config_dir, read))
    elif not found:
        found.add(_nothing(config_dir))
    return tuple(sorted(found, key=lambda own: (str(own.file), own.line, own.key)))


def _nothing(config_dir: Path) -> DocumentFault:
    return DocumentFault(
        file=config_dir / "jurisdictions",
        line=1,
        key="",
        problem="there is no jurisdiction",
        hint="Add <six digits>.yaml, or name the folder that holds jurisdictions/.",
    )


def _unnamed(config_dir: Path, read: list[Sources]) -> Iterator[DocumentFault]:
    """Look at things that no jurisdiction names: they are checked all the same."""
    named = {own.file.code for sources in read for own in sources.things}
    try:
        beside = things_beside(config_dir, read[0], named)
        check(beside)
    except CatalogueError as wrong:
        yield from wrong.faults
