"""The guide (一次告知) of a thing for a telephone, from the same catalogue as the terminal's.

The simple version is what one needs to know before coming; the complete one is all seven parts
that the procedure asks for: basis, conditions, materials, process, fee, time and result.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain import materials
from kiosk.domain.catalogue import Catalogue, Guide, Item, Status, Thing
from kiosk.domain.dictionary import Disposition, Material
from kiosk.domain.effect import Figures, figures

_WHY = {
    Disposition.E_LICENCE: "用电子证照",
    Disposition.SHARE: "部门之间自己查",
    Disposition.PRODUCED: "前面的事项办出来就有",
    Disposition.GENERATED: "由您填的内容自动生成",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Paper:
    """A material, with whom it serves; ``why`` says why it need not be brought."""

    name: str
    used_by: str
    why: str
    basis: str
    later: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ItemGuide:
    """One item with its parts."""

    name: str
    department: str
    days: int
    days_before: int
    fee: str
    planned: str
    parts: Guide


@dataclass(frozen=True, kw_only=True, slots=True)
class ThingGuide:
    """Everything the page says about a thing."""

    service: str
    place: str
    name: str
    intro: str
    minutes: int
    figures: Figures
    fee: str
    items: list[ItemGuide]
    planned: list[ItemGuide]
    to_bring: list[Paper]
    exempt: list[Paper]
    questions: list[tuple[str, list[str]]]
    check_hours: int
    accept_days: int
    version: str
    source: str


def of(catalogue: Catalogue, code: str) -> ThingGuide:
    """Return the guide of a thing over all items that can be filed here.

    Raises:
        KeyError: the jurisdiction does not offer it.
    """
    thing = catalogue.thing(code)
    own = figures(thing, thing.open_items)
    checklist = materials.merge(thing.open_items)
    place = catalogue.jurisdiction
    return ThingGuide(
        service=place.service_name,
        place=place.name,
        name=thing.name,
        intro=thing.intro,
        minutes=thing.minutes,
        figures=own,
        fee=_fee(own.fee_fen),
        items=[_item(item) for item in thing.open_items],
        planned=[_item(item) for item in thing.items if item.status is Status.PLANNED],
        to_bring=[_paper(entry) for entry in checklist.to_bring],
        exempt=[_paper(entry) for entry in checklist.exempt],
        questions=_questions(thing),
        check_hours=place.check_hours,
        accept_days=place.accept_days,
        version=catalogue.short_version,
        source=thing.source,
    )


def _item(item: Item) -> ItemGuide:
    return ItemGuide(
        name=item.name,
        department=item.department,
        days=item.limit_days,
        days_before=item.separate_days,
        fee=_fee(item.fee_fen),
        planned=item.schedule,
        parts=item.guide,
    )


def _paper(entry: materials.ChecklistEntry) -> Paper:
    own: Material = entry.material
    return Paper(
        name=own.name,
        used_by="、".join(entry.used_by),
        why="" if entry.asked else own.reason or _WHY.get(entry.disposition, ""),
        basis=own.legal_basis,
        later=own.commitment_days if entry.asked else 0,
    )


def _questions(thing: Thing) -> list[tuple[str, list[str]]]:
    """Return each question whose answer may take items away, with its answers."""
    return [
        (
            one.question,
            [f"{own.label}：{own.why}" if own.why else own.label for own in one.options],
        )
        for one in thing.situations
    ]


def _fee(fen: int) -> str:
    """Return an amount in words."""
    return f"{fen / 100:.2f} 元" if fen else "不收费"
