"""一次告知 on paper: what a thing takes, for the items that are chosen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.domain import effect, going, materials
from kiosk.domain.catalogue import Item, Thing
from kiosk.domain.commitment_letter import letter
from kiosk.domain.commitments import Commitments
from kiosk.domain.guide import joint_visits
from kiosk.domain.receipt import Line, Receipt, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class GuideSlip:
    """What the paper tells.

    ``address`` is the same guide for a telephone, or empty; ``help``: whom to ring and when, as
    `kiosk.domain.roster_words.on_paper` tells it.
    """

    service_name: str
    thing: Thing
    items: tuple[Item, ...]
    commitments: Commitments | None
    address: str
    help: tuple[Line, ...]
    catalogue: str


def guide_slip(told: GuideSlip, text: Text) -> Receipt:
    """Return the paper, in the words of ``text``."""
    return Receipt(title=told.service_name, lines=tuple(_lines(told, text)))


def _lines(told: GuideSlip, text: Text) -> Iterator[Line]:
    figures = effect.figures(told.thing, told.items)
    checklist = materials.merge(told.items)
    yield {"big": told.thing.name}
    yield {"text": text("guide_slip.title")}
    yield {"rule": True}
    yield _labelled(text, "bring", "、".join(_brought(checklist, text)))
    if told.thing.open:
        yield from _may_follow(told, checklist, text)
        yield _labelled(text, "fill", text("guide_slip.fill_n", n=figures.to_fill))
    else:
        yield {"text": text(f"guide_slip.{'withheld' if told.thing.withheld else 'not_here'}")}
    yield _labelled(text, "days", text("guide_slip.days_n", n=figures.days))
    yield _labelled(text, "fee", text(figures.fee.key, yuan=figures.fee.yuan))
    yield from _visits(told, figures, text)
    for visit in joint_visits(told.thing, told.items):
        yield {"text": visit}
    yield {"rule": True}
    yield {"text": text("guide_slip.items" if told.thing.open else "guide_slip.items_not_here")}
    for item in told.items:
        yield {"label": item.name, "value": item.department}
    yield {"rule": True}
    if told.thing.open:
        yield {"text": text("guide_slip.spared", n=len(checklist.exempt))}
        yield {"text": "、".join(entry.material.name for entry in checklist.exempt)}
        yield {"rule": True}
    if not figures.confirmed:
        yield {"text": text("guide_slip.example")}
    if told.address:
        yield {"qr": told.address}
        yield {"text": text("guide_slip.scan")}
    if told.address or not figures.confirmed:
        yield {"rule": True}
    yield from told.help
    yield _labelled(text, "catalogue", told.catalogue)


def _brought(checklist: materials.Checklist, text: Text) -> Iterator[str]:
    yield text("guide.bring_card")
    for entry in checklist.to_bring:
        yield entry.material.name


def _may_follow(told: GuideSlip, checklist: materials.Checklist, text: Text) -> Iterator[Line]:
    """Say of each paper that one can come without it, and until when, where the list says so."""
    for entry in checklist.to_bring:
        own = letter(told.commitments, entry.material.key, told.items)
        if own and own.follows:
            name = entry.material.name
            yield {"text": text("guide_slip.may_follow", name=name, n=own.days)}


def _visits(told: GuideSlip, figures: effect.Figures, text: Text) -> Iterator[Line]:
    if told.thing.open:
        yield _labelled(text, "visits", text("guide_slip.visits_n", n=figures.visits))
        for own in going.later_visits(told.thing, told.items):
            yield {"text": text("guide_slip.later", what=own)}


def _labelled(text: Text, key: str, value: str) -> Line:
    return {"label": text(f"guide_slip.{key}"), "value": value}
