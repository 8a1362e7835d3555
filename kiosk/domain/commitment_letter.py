"""The letter (承诺书) of one paper: for which items it stands, what is owed, until when.

Terminal and intake make it alike from the published list, so that what a citizen read and signed is
what the intake holds the application against.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from kiosk.domain.calendar import Workdays
from kiosk.domain.catalogue import Item
from kiosk.domain.commitments import (
    CommitmentEntry,
    CommitmentKind,
    Commitments,
    CommitmentWords,
)
from kiosk.domain.dictionary import Basis
from standards import canonical


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """What is promised about one paper, for all chosen items that ask for it.

    ``days`` are working days from the submission, 0 where nothing follows; ``listed`` is the
    version of the list; an ``example`` rests on a list that nobody in charge confirmed.
    """

    material: str
    kind: CommitmentKind
    items: tuple[Item, ...]
    days: int
    words: CommitmentWords
    listed: str
    example: bool = False

    @property
    def follows(self) -> bool:
        """Tell whether the paper is still to be handed in."""
        return self.kind is CommitmentKind.FOLLOWS

    @property
    def digest(self) -> str:
        """Hex SHA-256 of what the letter says, over its RFC 8785 bytes."""
        told: dict[str, object] = {
            "material": self.material,
            "kind": self.kind.value,
            "items": [item.code for item in self.items],
            "days": self.days,
            "words": asdict(self.words),
        }
        return hashlib.sha256(canonical.dumps(told)).hexdigest()

    def due(self, submitted: datetime, workdays: Workdays) -> date | None:
        """Return the last day on which the paper is in time; None where nothing follows."""
        if not self.follows:
            return None
        return workdays.after_days(submitted, self.days).date()


def letter(listed: Commitments | None, material: str, items: Iterable[Item]) -> Letter | None:
    """Return the letter about an asked paper, or None where it may not be missing.

    It may be missing only where the list has it for every one of ``items`` that asks for it,
    under the same kind; of different days the fewest hold.
    """
    if listed is None:
        return None
    asking = tuple(item for item in items if _names(item, material))
    entries = [_entry(listed, material, item) for item in asking]
    found = [own for own in entries if own is not None]
    if not found or len(found) < len(entries) or len({own.kind for own in found}) > 1:
        return None
    kind = found[0].kind
    return Letter(
        material=material,
        kind=kind,
        items=asking,
        days=min(own.days for own in found),
        words=listed.kinds[kind],
        listed=listed.version,
        example=listed.example or any(own.basis is Basis.TYPICAL for own in found),
    )


def _names(item: Item, material: str) -> tuple[str, ...]:
    """Return the names under which an item asks for the paper; one booklet may have two."""
    return tuple(own.key for own in item.materials if material in {own.key, own.same_as})


def _entry(listed: Commitments, material: str, item: Item) -> CommitmentEntry | None:
    entries = (listed.entry(key, item.code) for key in _names(item, material))
    return next((own for own in entries if own is not None), None)
