"""Things that belong together: found and shown as one, each filed by itself.

证照联办 puts an enterprise's licence and its permits together, 一类事一站办 what comes at one time
in a life.  A bundle is no filing: every thing of it has its own form, materials, receipt and days.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kiosk.domain.dictionary import Basis

if TYPE_CHECKING:
    from kiosk.domain.catalogue import Thing


class BundleKind(StrEnum):
    """Which promise of a document a bundle keeps, in the document's word."""

    LICENCE_WITH_PERMITS = "证照联办"
    ONE_CLASS = "一类事"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bundle:
    """A named group of a place's things, ``things`` in the order in which they are done.

    ``why`` tells citizens why they stand together, ``words`` are what people call it; ``quote``
    and ``section`` are of the place's document.
    """

    code: str
    name: str
    kind: BundleKind
    things: tuple[str, ...]
    why: str
    quote: str
    section: str
    words: tuple[str, ...] = ()
    basis: Basis = Basis.TYPICAL
    note_for_authority: str = ""

    def of(self, things: Iterable[Thing]) -> tuple[Thing, ...]:
        """Return the bundle's own of ``things``, in the order in which they are done."""
        by_code = {thing.code: thing for thing in things}
        return tuple(by_code[code] for code in self.things if code in by_code)


def named(bundles: Iterable[Bundle], name: str) -> Bundle | None:
    """Return the bundle that is called so, or None."""
    return next((own for own in bundles if own.name == name), None)


def shown(bundles: Iterable[Bundle], things: Iterable[Thing]) -> tuple[Bundle, ...]:
    """Return the bundles of which all things are among ``things``: of half of one nothing is told.

    ``things`` are those of one audience.
    """
    codes = {thing.code for thing in things}
    return tuple(own for own in bundles if codes.issuperset(own.things))
