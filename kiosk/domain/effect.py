"""The figures of a guide: what a choice of items costs here, and what it did separately.

All of it is computed from the catalogue. A figure that rests on typical content says so
(``confirmed`` is false) and may be shown as an example only.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain import materials
from kiosk.domain.catalogue import Item, Thing
from kiosk.domain.dictionary import Basis


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """What the citizen gives, before and after.

    ``to_fill`` counts the facts only the citizen can know, of ``facts`` distinct ones;
    ``boxes_before`` the boxes of the separate forms. Days are working days; ``fee_fen`` is in
    0.01 yuan. ``visits_before``: filed separately, one has to come at least once for each.
    """

    to_fill: int
    facts: int
    boxes_before: int
    to_bring: int
    papers_before: int
    days: int
    days_before: int
    steps: int
    steps_before: int
    fee_fen: int
    visits_before: int
    confirmed: bool


def figures(thing: Thing, items: tuple[Item, ...]) -> Figures:
    """Return the figures of filing ``items`` of ``thing`` at this terminal.

    Independent items run side by side, so the days are the longest item's.
    """
    codes = frozenset(item.code for item in items)
    facts = {spec.key: spec for item in items for spec in item.fields}
    checklist = materials.merge(items)
    return Figures(
        to_fill=sum(spec.only_user and not spec.makers & codes for spec in facts.values()),
        facts=len(facts),
        boxes_before=sum(len(item.fields) for item in items),
        to_bring=checklist.asked,
        papers_before=checklist.before,
        days=max((item.limit_days for item in items), default=0),
        days_before=sum(item.separate_days for item in items),
        steps=thing.steps,
        steps_before=sum(item.steps for item in items),
        fee_fen=sum(item.fee_fen for item in items),
        visits_before=len(items),
        confirmed=all(item.basis is Basis.CONFIRMED for item in items),
    )
