"""How often one has to go somewhere (跑动次数), and what for; pure.

One comes once to file everything.  What is left after that is a datum of the items
(``later_visits``: an old seal to be exchanged, a page of the booklet to be printed), or follows
from a result that can neither be sent nor be had as an electronic one.
"""

from __future__ import annotations

from collections.abc import Iterable

from kiosk.domain.catalogue import Item, Thing
from kiosk.domain.jurisdiction import DeliveryMethod

ADDRESS = "delivery.address"
"""The fact that a courier needs."""
HANDED_OUT = frozenset({"certificate", "licence"})
"""Kinds of results that are papers."""


def later_visits(thing: Thing, items: Iterable[Item]) -> tuple[str, ...]:
    """Return what one has to go for after the submission, each once, in the items' order."""
    chosen = tuple(items)
    sent = _is_sent(thing, chosen)
    found = (
        words
        for item in chosen
        for words in (item.later_visits or (() if sent else _fetched(item)))
    )
    return tuple(dict.fromkeys(found))


def _is_sent(thing: Thing, items: tuple[Item, ...]) -> bool:
    known = {spec.key for item in items for spec in item.fields}
    return DeliveryMethod.COURIER in thing.delivery and ADDRESS in known


def _fetched(item: Item) -> tuple[str, ...]:
    papers = [own.name for own in item.results if own.kind in HANDED_OUT and not own.e_licence]
    return (f"到窗口领{'、'.join(papers)}",) if papers else ()
