"""The guide (一次告知) of a thing for a telephone, from the same catalogue as the terminal's.

What it says is :class:`kiosk.domain.guide.GuideRecord`, as on the screen and on paper: who, where,
how and what to bring first; the complete one has all seven parts of every item.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain import freedom, materials
from kiosk.domain.catalogue import Catalogue, Item, Mode, Thing
from kiosk.domain.commitment_letter import letter
from kiosk.domain.dictionary import Basis, Disposition, Material
from kiosk.domain.effect import Figures, figures
from kiosk.domain.fees import fee
from kiosk.domain.guide import GuideRecord, not_here, record
from kiosk.guide.svg import drawn

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
    picture: str
    """Its sample picture as SVG, or empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """An item in one line: who does it, how long it takes, what it costs; or why not here yet."""

    name: str
    department: str
    days: int
    fee: str
    not_here: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ThingGuide:
    """Everything the page says about a thing; ``told`` is the one record of all guides."""

    told: GuideRecord
    figures: Figures
    card: str
    """The identity card's sample picture as SVG."""
    items: list[Line]
    closed: list[Line]
    """What cannot be filed here, each with what is said of it; of a thing that is open."""
    freedom: tuple[str, ...]
    to_bring: list[Paper]
    exempt: list[Paper]
    questions: list[tuple[str, list[str]]]
    check_hours: int
    accept_days: int
    example: bool
    """Nobody in charge confirmed these two."""


def of(catalogue: Catalogue, code: str) -> ThingGuide:
    """Return the guide of a thing over all items that can be filed here.

    Raises:
        KeyError: the jurisdiction does not offer it.
    """
    thing = catalogue.thing(code)
    own = figures(thing, thing.told_items)
    checklist = materials.merge(thing.told_items)
    place = catalogue.jurisdiction
    return ThingGuide(
        told=record(catalogue, code),
        figures=own,
        card=drawn("id-card", "身份证（样张）"),
        items=[_line(item) for item in thing.told_items],
        closed=[_line(item) for item in _asked_for(thing) if thing.open and not item.open],
        freedom=freedom.told(thing.told_items) if thing.open else (),
        to_bring=[_paper(entry, catalogue, thing) for entry in checklist.to_bring],
        exempt=[_paper(entry, catalogue, thing) for entry in checklist.exempt],
        questions=_questions(thing),
        check_hours=place.check_hours,
        accept_days=place.accept_days,
        example=place.promise_basis is Basis.TYPICAL,
    )


def _line(item: Item) -> Line:
    return Line(
        name=item.name,
        department=item.department,
        days=item.limit_days,
        fee=fee((item,)).told(),
        not_here="" if item.open else not_here(item),
    )


def _asked_for(thing: Thing) -> tuple[Item, ...]:
    return tuple(item for item in thing.items if item.mode in {Mode.FILE, Mode.CHECK})


def _paper(entry: materials.ChecklistEntry, catalogue: Catalogue, thing: Thing) -> Paper:
    own: Material = entry.material
    promised = letter(catalogue.commitments, own.key, thing.told_items)
    follows = thing.open and entry.asked and promised is not None and promised.follows
    return Paper(
        name=own.name,
        used_by="、".join(entry.used_by),
        why="" if entry.asked else own.reason or _WHY.get(entry.disposition, ""),
        basis=own.legal_basis,
        later=promised.days if promised and follows else 0,
        picture=drawn(own.picture, f"{own.name}（样张）") if own.picture else "",
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
