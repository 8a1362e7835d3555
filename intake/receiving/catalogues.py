"""The catalogues this intake accepts: the current release and the one before it.

A terminal may be one release behind for as long as a rollout lasts, so an application under the
previous version is filed like any other; an older one is refused, for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from intake.service.problems import Refusal
from kiosk.catalogue import files as catalogue_files
from kiosk.domain.calendar import NOTHING_KNOWN, Workdays
from kiosk.domain.catalogue import Catalogue

_PLACES: Final = "[0-9]" * 6 + ".yaml"
"""A jurisdiction's file is named by its GB/T 2260 code."""


class Catalogues:
    """Accepted catalogues by jurisdiction, newest first."""

    def __init__(self, directories: Sequence[Path]) -> None:
        """Read every jurisdiction of the accepted ``config`` directories, newest first.

        Raises:
            CatalogueError: a file is wrong; the message names file, line and key.
        """
        self._accepted: dict[str, tuple[Catalogue, ...]] = {}
        for directory in directories:
            for place in sorted((directory / "jurisdictions").glob(_PLACES)):
                read = catalogue_files.load(directory, place.stem)
                self._accepted[place.stem] = (*self._accepted.get(place.stem, ()), read)

    def accepted(self, division: str) -> tuple[Catalogue, ...]:
        """Return the accepted catalogues of a jurisdiction (GB/T 2260 code), newest first.

        Raises:
            Refusal: ``INVALID`` when no release knows the jurisdiction.
        """
        try:
            return self._accepted[division]
        except KeyError:
            raise Refusal("INVALID", "division") from None

    def every(self) -> Iterator[Catalogue]:
        """Yield every accepted catalogue of every jurisdiction."""
        for own in self._accepted.values():
            yield from own

    def workdays(self, division: str) -> Workdays:
        """Return the newest calendar of a jurisdiction: holidays are announced late in the year."""
        known = self._accepted.get(division)
        return known[0].workdays if known else NOTHING_KNOWN

    def of_version(self, division: str, version: str) -> Catalogue:
        """Return the accepted catalogue of a version.

        Raises:
            Refusal: ``CATALOGUE_CHANGED``, or ``INVALID`` for an unknown jurisdiction.
        """
        for catalogue in self.accepted(division):
            if catalogue.version == version:
                return catalogue
        raise Refusal("CATALOGUE_CHANGED", "application.catalogue_version")
