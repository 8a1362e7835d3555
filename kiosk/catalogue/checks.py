"""Hold the catalogue's files against one another: names that lead nowhere, twins, holes.

Shape was checked before (:mod:`kiosk.catalogue.model`).  Each check returns its faults; they are
told all at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kiosk.catalogue.check_bundles import check_bundles
from kiosk.catalogue.check_calendar import check_calendar
from kiosk.catalogue.check_commitments import check_commitments
from kiosk.catalogue.check_dictionary import check_consents, check_dictionary
from kiosk.catalogue.check_english import check_english
from kiosk.catalogue.check_examples import check_examples
from kiosk.catalogue.check_list import check_list, check_place
from kiosk.catalogue.check_names import check_names
from kiosk.catalogue.check_relations import check_relations
from kiosk.catalogue.check_template import check_template
from kiosk.catalogue.check_thing import check_thing
from kiosk.catalogue.faults import CatalogueError
from kiosk.catalogue.sources import Sources
from kiosk.documents import DocumentFault

CHECKS: tuple[Callable[[Sources], Iterator[DocumentFault]], ...] = (
    check_dictionary,
    check_consents,
    check_examples,
    check_thing,
    check_relations,
    check_list,
    check_place,
    check_bundles,
    check_names,
    check_english,
    check_commitments,
    check_calendar,
    check_template,
)
"""Every check of the files; a new one is one line here."""


def check(sources: Sources) -> None:
    """Refuse files that contradict one another.

    Raises:
        CatalogueError: with every fault, by file and line.
    """
    found = {own for one in CHECKS for own in one(sources)}
    if found:
        order = sorted(found, key=lambda own: (str(own.file), own.line, own.key))
        raise CatalogueError(tuple(order))
