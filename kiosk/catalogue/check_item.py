"""Check what every item says of itself: what it costs, who may file it, where, and with what seal.

None of this may be left to a default that nobody wrote: silence would read as 不收费 or 不能代办.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kiosk.catalogue.faults import Location, fault
from kiosk.catalogue.model import ItemFile, ThingFile
from kiosk.documents import Document, DocumentFault
from kiosk.domain.catalogue import Mode
from kiosk.domain.dictionary import Basis
from kiosk.domain.guide import FEE_OPEN

Faults = Iterator[DocumentFault]
ACTED = frozenset({Mode.FILE, Mode.CHECK, Mode.STAFF_ONLY})
"""Modes in which somebody acts for the item."""
_WRITE = {
    "fee_fen": "Write fee_fen: 0 where nothing is paid, or the amount in fen.",
    "agent_allowed": "Write agent_allowed: true or false.",
    "levels": "Write levels, as [市, 县].",
    "scope": "Write scope, as 异地受理属地办理.",
    "seal": "Write seal: none, e_seal or signature.",
}


def check_items(document: Document, thing: ThingFile) -> Faults:
    """Return what the items of a thing leave unsaid, and what is there twice."""
    for index, item in enumerate(thing.items):
        at: Location = ("items", index)
        for name in _needed(thing, item):
            if name not in item.model_fields_set:
                yield fault(document, at, f"{item.code} does not say {name}", _WRITE[name])
        yield from _fee(document, at, item)
        yield from _twice(document, (*at, "results"), (own.name for own in item.results))
    yield from _alternatives(document, thing)
    yield from _twice(document, ("situations",), (own.code for own in thing.situations))
    yield from _twice(document, ("pages",), (own.code for own in thing.pages))
    yield from _twice(document, ("words",), thing.words)
    for number, situation in enumerate(thing.situations):
        where: Location = ("situations", number, "options")
        yield from _twice(document, where, (own.value for own in situation.options))


def _needed(thing: ThingFile, item: ItemFile) -> tuple[str, ...]:
    acted = ("agent_allowed", "levels", "scope") if item.mode in ACTED else ()
    sealed = ("seal",) if acted and thing.audience == "企业" else ()
    return ("fee_fen", *acted, *sealed)


def _fee(document: Document, at: Location, item: ItemFile) -> Faults:
    """No fee is a fee of nothing, or one that the window tells; a confirmed one names its law."""
    if item.guide is None:
        return
    words, where = item.guide.fee_basis, (*at, "guide", "fee_basis")
    if not item.fee_fen and "不收" not in words and FEE_OPEN not in words:
        hint = f"Write 不收费, the amount in fee_fen, or {FEE_OPEN}."
        yield fault(document, where, f"{item.code} costs nothing and does not say so", hint)
    if item.basis is Basis.CONFIRMED and "《" not in words:
        hint = "Name the law in 《》, or mark the item basis: typical."
        yield fault(document, where, "a confirmed fee needs its law", hint)


def _alternatives(document: Document, thing: ThingFile) -> Faults:
    """Ways to one end are at least two."""
    ways = Counter(item.alternative for item in thing.items if item.alternative)
    for index, item in enumerate(thing.items):
        if ways[item.alternative] == 1:
            where: Location = ("items", index, "alternative")
            problem = f"{item.code} is the only way called {item.alternative}"
            yield fault(document, where, problem, "Give another item the same, or take it away.")


def _twice(document: Document, at: Location, names: Iterable[str]) -> Faults:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield fault(document, (*at, index), f"{name} is there twice", "Take one of them out.")
        seen.add(name)
