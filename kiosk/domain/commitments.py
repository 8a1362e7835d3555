"""Admission with gaps (容缺): what may be committed, of which kind, with which words.

Only what the published list (目录) names may be committed; what touches national security, public
safety, or people's safety and property never is (晋城市城区 二（九）).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.dictionary import Basis


class CommitmentKind(StrEnum):
    """What becomes of the gap (二七区 二（二）6)."""

    FOLLOWS = "后补"
    """The material follows within the days given."""
    SPARED = "免交"
    """It is never handed in; the citizen vouches for what it would prove."""
    REVIEWED_LATER = "实质审查后置"
    """The decision comes first, the review of substance after it."""
    EXEMPT = "豁免"
    """No review of substance."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitmentWords:
    """The parts of a kind's letter; ``consequence`` names withdrawal and the credit record."""

    conditions: str
    duties: str
    consequence: str
    later_check: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CommitmentEntry:
    """One line of the list; ``days`` are working days from the submission until it is due.

    ``name`` is that of the material; days are 0 for every kind but 后补.
    """

    material: str
    kind: CommitmentKind
    items: tuple[str, ...]
    days: int = 0
    name: str = ""
    basis: Basis = Basis.CONFIRMED


@dataclass(frozen=True, kw_only=True, slots=True)
class Commitments:
    """The published list, to be read on screen; in ``excluded`` areas nothing is admitted.

    ``version`` is that of its content: a letter names the list it stands on. ``never`` are, by
    area, the codes of the items that are in it.  What is typical was confirmed by nobody in charge.
    """

    title: str
    excluded: tuple[str, ...]
    kinds: Mapping[CommitmentKind, CommitmentWords]
    entries: tuple[CommitmentEntry, ...]
    version: str = ""
    basis: Basis = Basis.CONFIRMED
    never: Mapping[str, tuple[str, ...]] | None = None

    def entry(self, material: str, item: str) -> CommitmentEntry | None:
        """Return the line that lets ``item`` be filed without ``material``, or None."""
        if self.area(item):
            return None
        found = (own for own in self.entries if own.material == material and item in own.items)
        return next(found, None)

    @property
    def example(self) -> bool:
        """Tell whether the list as a whole is one that nobody in charge published."""
        return self.basis is Basis.TYPICAL

    def area(self, item: str) -> str:
        """Return the excluded area that an item is in, empty for none."""
        areas = (self.never or {}).items()
        return next((area for area, codes in areas if item in codes), "")
