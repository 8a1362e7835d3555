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
from kiosk.domain.fees import FeeKind

Faults = Iterator[DocumentFault]
ACTED = frozenset({Mode.FILE, Mode.CHECK, Mode.STAFF_ONLY})
"""Modes in which somebody acts for the item."""
FREE = ("不收费", "不收您的钱")
"""How the words of a fee begin that the citizen does not pay."""
_AMOUNT = {FeeKind.NONE: False, FeeKind.AMOUNT: True, FeeKind.OPEN: False}
"""Whether there is an amount; where filing is only a part of what is paid there may be one."""
_WRITE = {
    "fee_fen": "Write fee_fen: 0 where nothing is paid, or the amount in fen.",
    "fee_kind": "Write fee_kind: none, amount, part or open.",
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
    return ("fee_fen", "fee_kind", *acted, *sealed)


def _fee(document: Document, at: Location, item: ItemFile) -> Faults:
    """The kind goes with the amount, and its words with the kind; a confirmed fee names its law."""
    if item.fee_kind in _AMOUNT and bool(item.fee_fen) != _AMOUNT[item.fee_kind]:
        problem = f"fee_kind {item.fee_kind.value} does not go with fee_fen {item.fee_fen}"
        yield fault(document, (*at, "fee_kind"), problem, _WRITE["fee_kind"])
    if item.guide is None or "fee_kind" not in item.model_fields_set:
        return
    words, where = item.guide.fee_basis, (*at, "guide", "fee_basis")
    if (item.fee_kind is FeeKind.NONE) != words.startswith(FREE):
        hint = "Write 不收费 where fee_kind is none, and only there; else say what is paid."
        yield fault(document, where, f"what {item.code} costs is not what fee_kind says", hint)
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
