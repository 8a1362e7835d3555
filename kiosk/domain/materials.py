"""One checklist over the chosen items: what need not be brought, and what must."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from kiosk.domain.catalogue import Item
from kiosk.domain.dictionary import Disposition, Material


@dataclass(frozen=True, kw_only=True, slots=True)
class ChecklistEntry:
    """One material of the merged list.

    ``disposition`` is what holds for this choice of items: a produced material whose maker is
    not chosen has to be captured. ``used_by`` are the names of the items it serves.
    """

    material: Material
    disposition: Disposition
    used_by: tuple[str, ...]

    @property
    def asked(self) -> bool:
        """The citizen has to bring it."""
        return self.disposition is Disposition.CAPTURE


@dataclass(frozen=True, kw_only=True, slots=True)
class Checklist:
    """The merged list; ``before`` counts the papers over the separate filings."""

    entries: tuple[ChecklistEntry, ...]
    before: int

    @property
    def asked(self) -> int:
        """How many the citizen has to bring."""
        return len(self.to_bring)

    @property
    def to_bring(self) -> tuple[ChecklistEntry, ...]:
        """What the citizen has to bring."""
        return tuple(entry for entry in self.entries if entry.asked)

    @property
    def exempt(self) -> tuple[ChecklistEntry, ...]:
        """What nobody has to bring."""
        return tuple(entry for entry in self.entries if not entry.asked)


def merge(items: Iterable[Item]) -> Checklist:
    """Return the one checklist of the chosen items; a paper that serves many is there once."""
    chosen = tuple(items)
    codes = frozenset(item.code for item in chosen)
    used_by: dict[str, list[str]] = {}
    materials: dict[str, Material] = {}
    for item in chosen:
        for material in item.materials:
            materials.setdefault(material.key, material)
            used_by.setdefault(material.key, []).append(item.name)
    entries = tuple(
        ChecklistEntry(
            material=material,
            disposition=_disposition(material, codes),
            used_by=tuple(used_by[key]),
        )
        for key, material in materials.items()
    )
    before = sum(len(item.materials) for item in chosen)
    return Checklist(entries=_each_booklet_once(entries), before=before)


def _each_booklet_once(entries: tuple[ChecklistEntry, ...]) -> tuple[ChecklistEntry, ...]:
    """Let one picture serve two names of the same booklet, where both have to be brought."""
    asked = {entry.material.key for entry in entries if entry.asked}
    doubles = {
        entry.material.key: entry
        for entry in entries
        if entry.asked and entry.material.same_as in asked
    }
    served = {entry.material.same_as: entry.used_by for entry in doubles.values()}
    return tuple(
        replace(entry, used_by=(*entry.used_by, *served.get(entry.material.key, ())))
        for entry in entries
        if entry.material.key not in doubles
    )


def _disposition(material: Material, chosen: frozenset[str]) -> Disposition:
    """Turn a product whose maker is not chosen back into a paper to bring."""
    made_here = material.made_by in chosen
    if material.disposition is Disposition.PRODUCED and not made_here:
        return Disposition.CAPTURE
    return material.disposition
